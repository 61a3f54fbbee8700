package site

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"latchkey/sandbox/page"
	"latchkey/sandbox/slack/world"
)

// look is what one open page shows: whose Slack, where in it, and which issue.
type look struct {
	As      world.User
	In      string // a channel's name, "home", or "" for the conversation with the app
	Thread  string // timestamp of the message whose thread is open; "" for none
	Issue   string // key; "" for the newest
	Channel world.Channel

	client page.Client
	people []world.User // whom one can be
	places []world.Channel
}

// home is the place that is the app's Home tab.
const home = "home"

// look reads an address. Whoever or whatever isn't there is replaced by what is.
func (s *Site) looked(q url.Values) look {
	v := look{In: q.Get("in"), Thread: q.Get("thread"), Issue: q.Get("issue")}
	for _, u := range s.world.Slack.Users() {
		if !u.IsBot {
			v.people = append(v.people, u)
		}
	}
	if len(v.people) > 0 {
		v.As = v.people[0]
	}
	for _, name := range []string{"maya", q.Get("as")} {
		if i := slices.IndexFunc(v.people, func(u world.User) bool { return u.Name == name }); i >= 0 {
			v.As = v.people[i]
		}
	}
	v.client = page.Client{App: s.App, Zone: zoneOf(v.As), Now: s.now(), Names: page.NamesIn(s.world.Slack), Live: true}
	s.enter(&v)
	return v
}

// enter finds the place that is shown, and those beside it.
func (s *Site) enter(v *look) {
	direct := s.world.Slack.DM(v.As.ID)
	found := false
	for _, c := range s.world.Slack.Channels() {
		if c.ID == direct {
			v.Channel = c
		}
		if c.IM || c.Private && !c.Has(v.As.ID) || v.As.IsRestricted && !c.Has(v.As.ID) {
			continue
		}
		v.places = append(v.places, c)
	}
	for _, c := range v.places {
		if c.Name == v.In {
			v.Channel, found = c, true
		}
	}
	if !found && v.In != home {
		v.In = ""
	}
}

func zoneOf(u world.User) *time.Location {
	if zone, err := time.LoadLocation(cmp.Or(u.TZ, "UTC")); err == nil {
		return zone
	}
	return time.UTC
}

// with is the address of a page that shows something else.
func (v look) with(change func(*look)) string {
	change(&v)
	q := url.Values{}
	for name, value := range map[string]string{"as": v.As.Name, "in": v.In, "thread": v.Thread, "issue": v.Issue} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/?" + q.Encode()
}

// as is the address of the same page for somebody else, in their conversation with the app.
func (v look) as(u world.User) string {
	return v.with(func(o *look) { o.As, o.In, o.Thread = u, "", "" })
}

// in is the address of another place of the same person.
func (v look) in(place string) string {
	return v.with(func(o *look) { o.In, o.Thread = place, "" })
}
