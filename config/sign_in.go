package config

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"latchkey/catalog"
	"latchkey/config/value"
)

// SignIn is how people sign in for what does much harm in the wrong hands, and what is asked of that.
type SignIn struct {
	Listen  string        // host:port at which their browsers are served; "": none are, and they sign in with a code
	URL     string        // where their browsers reach that, without a path
	MaxAge  time.Duration // how long ago they may have signed in; zero: as usual
	Levels  []string      // how surely, in the directory's words (acr): one of them
	Methods []string      // by what, in the directory's words (amr): all of them
}

// signInPages reads how people sign in.
func signInPages(v value.Node) SignIn {
	o := v.Object("listen", "url", "max_age", "acr", "amr")
	s := SignIn{Listen: o.Get("listen").Address(), Levels: o.Get("acr").Texts(), Methods: o.Get("amr").Texts()}
	if u := o.Get("url"); u.Present() {
		s.URL = u.URL("https://latchkey.acme.com")
		if parsed, err := url.Parse(s.URL); err == nil && strings.Trim(parsed.Path, "/") != "" {
			u.Fault("%s can't have a path: what people's browsers keep is for a whole host; give Latchkey a host of its own, for example https://latchkey.acme.com", u.Path())
		}
	}
	if age := o.Get("max_age"); age.Present() {
		s.MaxAge, _ = duration(age)
		if s.MaxAge < time.Minute || s.MaxAge > time.Hour || s.MaxAge == catalog.Forever {
			age.Fault("%s has to be from 1m to 1h: who signed in longer ago may have left their desk; write for example 5m", age.Path())
		}
	}
	switch {
	case s.Listen != "" && !o.Get("url").Present():
		o.Get("listen").Fault("sign_in.listen serves people's browsers, and nothing says where these reach it: add url, for example https://latchkey.acme.com")
	case s.URL != "" && !o.Get("listen").Present():
		o.Get("url").Fault("sign_in.url is where people's browsers reach Latchkey, and it listens nowhere: add listen, for example 127.0.0.1:8080 behind a proxy")
	}
	return s
}

// signsIn tells whether people can sign in to a directory, by what its back end says of its settings.
func signsIn(all []Directory) bool {
	for _, d := range all {
		if s, ok := d.Settings.(interface{ SignsIn() bool }); ok && s.SignsIn() {
			return true
		}
	}
	return false
}

// unstated are the ids of the directories to which people can sign in and which don't state how surely or by what they did,
// by what their back ends say.
func unstated(all []Directory) (ids []string) {
	for _, d := range all {
		if s, ok := d.Settings.(interface{ StatesHow() bool }); ok && !s.StatesHow() && signsIn([]Directory{d}) {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// warnUnstated notes what is asked of sign-ins and can't be met.
func (s SignIn) warnUnstated(doc *value.Document, directories []string) {
	for key, asked := range map[string][]string{"acr": s.Levels, "amr": s.Methods} {
		if len(asked) > 0 && len(directories) > 0 {
			doc.Warn("sign_in."+key, "sign_in.%s is asked of every sign-in, and %s states none, so nobody's counts there: leave it out, and ask for it in the directory's own rules for the app (in Entra a Conditional Access policy)", key, strings.Join(directories, ", "))
		}
	}
}

// endsSessions are the ids of the directories in which people's sessions can be ended, by what their back ends say.
func endsSessions(all []Directory) (ids []string) {
	for _, d := range all {
		if s, ok := d.Settings.(interface{ EndsSessions() bool }); ok && s.EndsSessions() {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// SignsIn tells whether people can sign in to one of the directories.
func (c *Config) SignsIn() bool { return signsIn(c.IDP) }

// DecidesInSlack tells whether a decision counts that is made in Slack.
func (c *Config) DecidesInSlack() bool {
	return len(c.Jira.Decisions) == 0 || slices.Contains(c.Jira.Decisions, "slack")
}
