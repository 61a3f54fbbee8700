package config

import (
	"net/url"
	"slices"
	"strings"

	"latchkey/catalog"
	"latchkey/config/value"
)

// OnCall is a schedule of who is on call: a file, or an address where a service says it.
type OnCall struct {
	Name  string
	File  string // its path, or
	URL   string // its address
	Type  string // of the service: pagerduty, opsgenie or json
	Token value.Secret
}

// The services whose addresses of who is on call are known, by how they are signed in to.
const (
	PagerDuty = "pagerduty"
	Opsgenie  = "opsgenie"
	JSON      = "json" // any other that answers in one of the known forms
)

// onCall reads the schedules, by their names.
func onCall(v value.Node) (all []OnCall) {
	for _, m := range v.Members() {
		if !catalog.IsScheduleName(m.Key) {
			m.Value.Fault("%q can't be the name of a schedule: use 1 to 60 lower-case letters, digits, - and _", m.Key)
		}
		all = append(all, schedule(m.Key, m.Value))
	}
	return all
}

func schedule(name string, v value.Node) OnCall {
	o := v.Object("file", "url", "type", "token")
	file, at := o.Get("file"), o.Get("url")
	s := OnCall{Name: name, Type: o.Get("type").OneOf(JSON, PagerDuty, Opsgenie, JSON)}
	switch {
	case v.Faulty():
	case file.Present() == at.Present():
		v.Fault("%s needs one of the two: file, the path of a schedule, or url, where a service says who is on call", v.Path())
	case file.Present():
		for _, key := range []string{"type", "token"} {
			if o.Get(key).Present() {
				o.Get(key).Fault("%s is for a url: a file has none", o.Get(key).Path())
			}
		}
		s.File, _ = file.Needed("write the path of a file")
		s.File = v.Beside(s.File)
	default:
		s.URL = scheduleURL(at)
		if token := o.Get("token"); token.Present() {
			s.Token = token.Token("put a token there that may read who is on call")
		}
	}
	return s
}

// scheduleURL reads the address of a schedule. What it asks for may stand behind a ?, but no
// secret: that has a key of its own.
func scheduleURL(v value.Node) string {
	text, ok := v.Needed("write for example https://api.pagerduty.com/oncalls?schedule_ids[]=PABC123&include[]=users")
	if !ok {
		return ""
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())):
		v.Fault("%s can't be %q: write a whole address that begins with https://", v.Path(), value.ShownURL(text))
	case u.User != nil || slices.ContainsFunc([]string{"token", "api_key", "apikey", "access_token"}, u.Query().Has):
		v.Fault("%s has a secret in it, which would be written into logs: take it out, and write it as token", v.Path())
	case u.Fragment != "" || strings.Contains(text, "#"):
		v.Fault("%s has a # in it: leave out everything from there on", v.Path())
	}
	return text
}

// scheduleNames are the names of schedules.
func scheduleNames(all []OnCall) (names []string) {
	for _, s := range all {
		names = append(names, s.Name)
	}
	return names
}
