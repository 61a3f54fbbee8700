package provision

import (
	"context"
	"log/slog"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/backstop"
	"latchkey/workflow/engine"
	"latchkey/workflow/lookahead"
	"latchkey/workflow/membership"
	"latchkey/workflow/people"
)

// Accounts knows which accounts are whose.
type Accounts interface {
	// Contact is the address under which people know somebody.
	Contact(ctx context.Context, who access.PersonID) string
	// Disowned tells whether an account was said not to be somebody's.
	Disowned(ctx context.Context, who access.PersonID, system, account string) (bool, error)
}

// Record is where the reasons of changes are kept. Errors are *access.Failure.
type Record interface {
	// There tells whether an issue is there at this moment; it never answers from
	// memory.
	There(ctx context.Context, issue access.Issue) (bool, error)
}

// Config is what the room is made of.
type Config struct {
	Units       *engine.Units
	Catalog     func() *catalog.Catalog
	Directories people.Directories
	Places      *membership.Finder
	Accounts    Accounts
	Record      Record // nil: what was known of an issue is believed
	// Gone notes that the issue of a request isn't there any more, and tells people.
	Gone func(u *engine.Unit, request string) error
	// Blocked tells why nobody may be put into any group now; nil: nothing ever speaks
	// against it. What is taken away asks nobody.
	Blocked  func(context.Context) error
	Ahead    *lookahead.Service // what was looked at when somebody said yes
	Backstop *backstop.Service  // has directories end what they can by themselves
	Logger   *slog.Logger
}

// Service carries changes of memberships out. It is safe for concurrent use.
type Service struct {
	units    *engine.Units
	catalog  func() *catalog.Catalog
	dirs     people.Directories
	places   *membership.Finder
	accounts Accounts
	records  Record
	gone     func(*engine.Unit, string) error
	blocked  func(context.Context) error
	unfound  *unfound
	ahead    *lookahead.Service
	backstop *backstop.Service
	log      *slog.Logger
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{
		units: c.Units, catalog: c.Catalog, dirs: c.Directories, places: c.Places, accounts: c.Accounts, records: c.Record, gone: c.Gone, blocked: c.Blocked,
		unfound: &unfound{since: map[membership.Change]seenMissing{}}, ahead: c.Ahead, backstop: c.Backstop, log: c.Logger,
	}
}
