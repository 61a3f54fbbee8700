package birthright

import (
	"context"
	"log/slog"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// People knows who is behind an account.
type People interface {
	// Whose is the person who is bound to an account; "" if nobody is.
	Whose(ctx context.Context, system, id string) (access.PersonID, error)
	// Register says who is behind accounts. Whoever was not known gets an id.
	Register(ctx context.Context, directory string, members []idp.Membership) (map[string]access.PersonID, error)
	// Meant is the person whom the configuration means by an address at this moment.
	Meant(ctx context.Context, a access.Email) (access.Person, error)
}

// Attributes finds what the rules ask about people beyond their accounts.
type Attributes interface {
	Around(ctx context.Context, asker, holder access.Person, role catalog.RoleRef) access.Circumstances
}

// Authority says who may do what.
type Authority interface {
	CallerNow(ctx context.Context, by access.Actor) (people.Caller, error)
	May(by people.Caller, act people.Act, about people.Matter) error
}

// Config is what the room is made of.
type Config struct {
	Units       *engine.Units
	Catalog     func() *catalog.Catalog
	Directories people.Directories
	People      People
	Attributes  Attributes
	Authority   Authority
	Logger      *slog.Logger

	Line string // of the calendar: when everybody is looked at; empty for never
}

// Service follows the birthrights. It is safe for concurrent use.
type Service struct {
	units     *engine.Units
	catalog   func() *catalog.Catalog
	dirs      people.Directories
	people    People
	around    Attributes
	authority Authority
	log       *slog.Logger
	line      string
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{c.Units, c.Catalog, c.Directories, c.People, c.Attributes, c.Authority, c.Logger, c.Line}
}
