package reconcile

import (
	"context"
	"log/slog"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/people"
)

// defaultIdle is how long without a sign-in counts as idle.
const defaultIdle = 90 * catalog.Day

// People knows who is behind an account, and who has left.
type People interface {
	HasLeft(ctx context.Context, who access.PersonID) (bool, error)
	// Speaks tells whether how an account in a directory stands says how its owner does.
	Speaks(ctx context.Context, directory string, who access.PersonID) (bool, error)
	// Register says who the members of a group are, by their accounts. Whoever was
	// not known gets an id.
	Register(ctx context.Context, directory string, members []idp.Membership) (map[string]access.PersonID, error)
	// Contact is the address under which people know somebody.
	Contact(ctx context.Context, who access.PersonID) string
}

// Leavers does what follows when somebody has left.
type Leavers interface {
	Left(ctx context.Context, who access.PersonID) error
}

// Occasion has what somebody has looked at, because of something that was found.
type Occasion func(u *engine.Unit, who access.PersonID, o access.Occasion) error

// Config is what the room is made of.
type Config struct {
	Units       *engine.Units
	Catalog     func() *catalog.Catalog
	Directories people.Directories
	Groups      *people.Groups // which groups the configuration means; the protected ones are not looked at
	People      People
	Leavers     Leavers
	Reports     ledger.Reports
	Logger      *slog.Logger
	Carrying    func([]catalog.GroupRef) // is told which groups were seen to make administrators; nil: nobody is

	Occasion Occasion // nil: nobody looks at what somebody has because of what is found

	Line string        // of the calendar: when it is done; empty for never
	Idle time.Duration // how long without a sign-in counts as idle; default 90 days
}

// Service compares memberships with grants.
type Service struct {
	units   *engine.Units
	catalog func() *catalog.Catalog
	dirs    people.Directories
	people  People
	leavers Leavers
	reports ledger.Reports
	log     *slog.Logger
	line    string
	idle    time.Duration
	groups  *people.Groups
	rights  *Rights
	occurs  Occasion
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Occasion == nil {
		c.Occasion = func(*engine.Unit, access.PersonID, access.Occasion) error { return nil }
	}
	if c.Idle <= 0 {
		c.Idle = defaultIdle
	}
	return &Service{
		units: c.Units, catalog: c.Catalog, dirs: c.Directories, people: c.People, leavers: c.Leavers, reports: c.Reports,
		log: c.Logger, line: c.Line, idle: c.Idle, groups: c.Groups, occurs: c.Occasion,
		rights: &Rights{units: c.Units, catalog: c.Catalog, dirs: c.Directories, groups: c.Groups, carry: c.Carrying, log: c.Logger},
	}
}

// Rights are what is seen of the rights of the groups.
func (s *Service) Rights() *Rights { return s.rights }
