package provision

import (
	"context"
	"log/slog"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Accounts knows which accounts are whose.
type Accounts interface {
	// Account finds somebody's account in one directory.
	Account(ctx context.Context, d idp.Directory, who access.PersonID) (idp.Person, error)
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
	Groups      *people.Groups // which groups the configuration means, and which are never changed
	Accounts    Accounts
	Record      Record // nil: what was known of an issue is believed
	// Gone notes that the issue of a request isn't there any more, and tells people.
	Gone func(u *engine.Unit, request string) error
	// Blocked tells why nobody may be put into any group now; nil: nothing ever speaks
	// against it. What is taken away asks nobody.
	Blocked func(context.Context) error
	// Ahead looks up who is about to get access, see Prepare; nil: nobody does.
	Ahead  func(ctx context.Context, who access.PersonID) error
	Logger *slog.Logger
}

// Service carries changes of memberships out. It is safe for concurrent use.
type Service struct {
	units    *engine.Units
	catalog  func() *catalog.Catalog
	dirs     people.Directories
	accounts Accounts
	records  Record
	gone     func(*engine.Unit, string) error
	blocked  func(context.Context) error
	meant    *people.Groups
	groups   *groups
	unfound  *unfound
	ahead    *lookahead
	holder   func(ctx context.Context, who access.PersonID) error // looks up who is about to get access
	log      *slog.Logger
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Ahead == nil {
		c.Ahead = func(context.Context, access.PersonID) error { return nil }
	}
	return &Service{
		units: c.Units, catalog: c.Catalog, dirs: c.Directories, accounts: c.Accounts, records: c.Record, gone: c.Gone, blocked: c.Blocked, meant: c.Groups,
		groups: newGroups(c.Units.Now, c.Groups), unfound: &unfound{since: map[change]seenMissing{}}, ahead: &lookahead{now: c.Units.Now}, holder: c.Ahead, log: c.Logger,
	}
}
