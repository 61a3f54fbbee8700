package searchtest

import (
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// person is somebody in a world; nobody is Latchkey itself.
type person uint8

// Everybody there is.
const (
	nobody person = iota
	maya          // asks, and gets the access
	noor          // her manager
	omar          // owns the app
	ines          // a colleague who means no good; who makes the changes of apps without a directory
	tess          // IT
	lena          // decides for others while they are away
	rui           // decides for Lena while she is
	people
)

func (p person) id() access.PersonID {
	return [people]access.PersonID{"", "maya", "noor", "omar", "ines", "tess", "lena", "rui"}[p]
}

func (p person) actor() access.Actor {
	if p == nobody {
		return access.System()
	}
	return access.Actor{Person: p.id(), Via: access.ViaSlack}
}

func (p person) account() access.Person {
	return access.Person{ID: p.id(), Email: access.Email(p.id() + "@acme.example"), Name: string(p.id()), Kind: access.Employee, Standing: access.Active}
}

// crowd is a set of people.
type crowd uint8

func crowdOf(all ...person) (c crowd) {
	for _, p := range all {
		c |= 1 << p
	}
	return c
}

func (c crowd) has(p person) bool { return c&(1<<p) != 0 }

func (c crowd) ids() (ids []access.PersonID) {
	for p := maya; p < people; p++ {
		if c.has(p) {
			ids = append(ids, p.id())
		}
	}
	return ids
}

// groups are the two groups there are; the first is opened by every role.
var groups = [2]catalog.GroupRef{{Directory: "okta", Group: "figma-editors"}, {Directory: "okta", Group: "figma-libraries"}}

func partOf(g *catalog.GroupRef) uint8 {
	if *g == groups[1] {
		return 1
	}
	return 0
}

// Accounts in the directory: Maya's, and that of somebody who is given the address
// that was hers.
const (
	account  = "okta-maya"
	newcomer = "okta-newcomer"
)

// The roles that can be asked for, all on the first group.
const (
	viewer = "viewer" // nobody is asked
	editor = "editor" // nobody is asked, and it opens the second group, too
	admin  = "admin"  // two stages
	writer = "writer" // two stages, or an emergency
	seat   = "seat"   // made by hand
	root   = "root"   // two stages, whose yes needs a sign-in; it opens a privileged group
	keys   = "keys"   // the same, or an emergency
)

const held = 6 * time.Hour // for how long a role is asked for

func worldCatalog(most time.Duration) *catalog.Catalog {
	hours := catalog.Durations{Choices: []time.Duration{held}, Default: held, Max: most}
	role := func(id, route string, opens ...catalog.GroupRef) catalog.Role {
		return catalog.Role{ID: id, Name: id, Route: route, Groups: opens, Durations: hours, BreakGlass: id == writer}
	}
	both := groups[:]
	signed := func(id string) catalog.Role {
		r := role(id, "two", both[0])
		r.Risk, r.Assurance, r.BreakGlass = catalog.High, catalog.StepUp, id == keys
		return r
	}
	return catalog.New([]catalog.App{
		{ID: "figma", Name: "Figma", Status: catalog.Approved, Provisioning: catalog.ByDirectory,
			Roles: []catalog.Role{role(viewer, "everyday", both[0]), role(editor, "everyday", both...), role(admin, "two", both[0]), role(writer, "two", both[0]), signed(root), signed(keys)}},
		{ID: "pixelshop", Name: "Pixelshop", Status: catalog.Approved, Provisioning: catalog.Manual, Roles: []catalog.Role{role(seat, "everyday")}},
	}, []catalog.Route{
		{Name: "everyday"},
		{Name: "two", Stages: []catalog.Stage{
			{Approvers: []catalog.Approver{{Kind: catalog.Manager}}},
			{Approvers: []catalog.Approver{{Kind: catalog.Owner}}, Need: catalog.Need{All: true}},
		}},
	})
}

// ask is something Maya can ask for, once.
type ask struct {
	role      string
	emergency bool
	later     time.Duration // how long it is until it is to begin
	more      int           // more time for what was asked for so: its number from 1; 0: new access
}

func (a ask) app() string {
	if a.role == seat {
		return "pixelshop"
	}
	return "figma"
}

// chance is something that happens only so often in a world.
type chance uint8

// What can go wrong, or be done, a few times.
const (
	crash    chance = iota // the process ends and another starts
	lost                   // a service does what it was asked, and its answer is lost
	refused                // a service refuses
	asleep                 // the bot is down when something falls due
	byHand                 // somebody takes Maya out of a group, past Latchkey, or puts her back
	deleted                // an issue, or the group, is deleted
	handover               // somebody else gets the address that was Maya's, or another boss decides
	silence                // a directory is silent when somebody answers
	words                  // questions, replies, claims and nudges
	doubt                  // the store was rebuilt, and what is known of a grant may be older than the truth
	absence                // somebody has another one decide for them, or doesn't any more
	chances
)

// world is what can be asked for, and what may happen besides.
type world struct {
	name     string
	asks     []ask
	budget   [chances]uint8
	prior    bool // Maya may be in the first group before
	lapse    time.Duration
	early    bool  // IT may end access early
	no       bool  // approvers may say no, and Maya may cancel
	chooses  bool  // IT may have somebody else decide
	away     pairs // who can have whom decide for them
	stricter bool  // its roles may come to ask for a sign-in while somebody waits for an answer
	bound    int   // how many of its states are looked at, at most; 0: all that there is time for
}

const (
	cases = 4     // requests in a world, at most
	found = cases // the place of the grant that explains a membership that was there before
)
