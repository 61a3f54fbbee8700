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
	Protected   []catalog.GroupRef // never changed, so nobody looks who is in them
	Cards       Cards
}

// Service recovers a store.
type Service struct {
	units     *engine.Units
	catalog   func() *catalog.Catalog
	dirs      people.Directories
	protected []catalog.GroupRef
	cards     Cards
}

// New makes the room.
func New(c Config) *Service {
	return &Service{units: c.Units, catalog: c.Catalog, dirs: c.Directories, protected: c.Protected, cards: c.Cards}
}
