package page

import (
	"cmp"
	"strings"
	"time"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// Client is the Slack of one reader.
type Client struct {
	App   string         // what the app is called; empty: Latchkey
	Zone  *time.Location // nil: UTC
	Now   time.Time      // what is today and yesterday
	Names Names
	Live  bool // elements are drawn to be worked, not only to be looked at
}

// Names are what people read in place of ids. Of an id that isn't there, the id is shown.
type Names struct{ Users, Channels, Groups map[string]string }

// Workspace is where members, user groups and channels are listed.
type Workspace interface {
	Users() []world.User
	UserGroups() []world.UserGroup
	Channels() []world.Channel
}

// NamesIn are the names of members, user groups and channels.
func NamesIn(w Workspace) Names {
	n := Names{Users: map[string]string{}, Channels: map[string]string{}, Groups: map[string]string{}}
	for _, u := range w.Users() {
		n.Users[u.ID] = cmp.Or(u.RealName, u.Name)
	}
	for _, g := range w.UserGroups() {
		n.Groups[g.ID] = g.Handle
	}
	for _, c := range w.Channels() {
		n.Channels[c.ID] = c.Name
	}
	return n
}

func (c Client) app() string { return cmp.Or(c.App, "Latchkey") }

func (c Client) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// drawing is a piece of a page being drawn for a reader.
type drawing struct {
	Client
	writer
	state  kit.Values        // what was entered and chosen, by block and element
	errors map[string]string // what stands under fields, by block
}

func (d *drawing) html() HTML { return HTML(d.b.String()) }

// mention is who or what an id stands for, with the sign before it.
func mention(sign, id, said string, names map[string]string) string {
	name := cmp.Or(names[id], strings.TrimPrefix(said, sign), id)
	return sign + name
}
