package recovery

import (
	"latchkey/catalog"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Cards are the messages that show how a request stands.
type Cards interface {
	// Expect notes that the cards a request has stand somewhere already, so that
	// they are looked for before one is posted.
	Expect(u *engine.Unit, request string) error
}

// Config is what the room is made of.
type Config struct {
	Units       *engine.Units
	Catalog     func() *catalog.Catalog
	Directories people.Directories
	Groups      *people.Groups // which groups are never changed, so that nobody looks who is in them
	Cards       Cards
}

// Service recovers a store.
type Service struct {
	units   *engine.Units
	catalog func() *catalog.Catalog
	dirs    people.Directories
	groups  *people.Groups
	cards   Cards
}

// New makes the room.
func New(c Config) *Service {
	return &Service{units: c.Units, catalog: c.Catalog, dirs: c.Directories, groups: c.Groups, cards: c.Cards}
}
