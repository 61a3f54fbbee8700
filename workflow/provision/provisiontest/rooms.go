package provisiontest

import (
	"maps"

	"latchkey/access"
	"latchkey/workflow/backstop"
	"latchkey/workflow/engine"
	"latchkey/workflow/lookahead"
	"latchkey/workflow/membership"
	"latchkey/workflow/people"
	"latchkey/workflow/provision"
)

// Effects are those of all rooms that change memberships.
func Effects() map[access.EffectKind]engine.EffectFunc {
	out := provision.Effects()
	maps.Copy(out, backstop.Effects())
	return out
}

// Room makes the room with those below it, which share what c says of units, catalogue,
// directories and record. meant says which groups are meant, accounts whose accounts are whose.
func Room(c provision.Config, meant *people.Groups, accounts membership.Accounts) *provision.Service {
	s, _, _ := furnish(c, meant, accounts)
	return s
}

func furnish(c provision.Config, meant *people.Groups, accounts membership.Accounts) (*provision.Service, *lookahead.Service, *backstop.Service) {
	c.Places = membership.NewFinder(membership.Config{Now: c.Units.Now, Directories: c.Directories, Groups: meant, Accounts: accounts})
	c.Ahead = lookahead.New(lookahead.Config{Units: c.Units, Catalog: c.Catalog, Directories: c.Directories, Places: c.Places, Record: c.Record})
	c.Backstop = backstop.New(c.Units, c.Directories, c.Places)
	return provision.New(c), c.Ahead, c.Backstop
}
