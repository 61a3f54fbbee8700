package campaigns

import (
	"context"
	"log/slog"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// People knows who is behind an account.
type People interface {
	// Register says who the members of a group are, by their accounts. Whoever was not known gets an id.
	Register(ctx context.Context, directory string, members []idp.Membership) (map[string]access.PersonID, error)
	// Meant is the person whom the configuration means by an address at this moment.
	Meant(ctx context.Context, a access.Email) (access.Person, error)
	// Names are people as far as they are known, without asking anybody.
	Names(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person
}

// Reviewers finds those who are asked.
type Reviewers interface {
	// Named are those for whom a source stands who may act, and why others aren't among them.
	Named(ctx context.Context, a catalog.Approver, role catalog.RoleRef) (who []access.PersonID, lacks []string, err error)
	// Above is whom a directory names as the manager of an account; "" if that leads to nobody.
	Above(ctx context.Context, directory string, account idp.Person) (access.PersonID, error)
	// Able are those of some people who may act at this moment.
	Able(ctx context.Context, who ...access.PersonID) ([]access.PersonID, error)
}

// Authority says who may do what, and who answers in another one's place.
type Authority interface {
	CallerNow(ctx context.Context, by access.Actor) (people.Caller, error)
	May(by people.Caller, act people.Act, about people.Matter) error
	// Manager is the manager of somebody; "" where nobody is known to be.
	Manager(ctx context.Context, who access.PersonID) (access.PersonID, error)
	// AdminsIn are IT, as far as the store knows them.
	AdminsIn(tx store.Tx) ([]access.PersonID, error)
	// Anew is somebody, looked up at this moment.
	Anew(ctx context.Context, who access.PersonID) (access.Person, error)
}

// Config is what the room is made of.
type Config struct {
	Units       *engine.Units
	Store       store.Store // in which snapshots are kept
	Clock       clock.Clock
	Catalog     func() *catalog.Catalog
	Reviews     func() []catalog.Review // as they are configured; nil: none is
	Directories people.Directories
	Groups      *people.Groups // which groups the configuration means
	People      People
	Reviewers   Reviewers
	Authority   Authority
	Attributes  Attributes // what the policy asks of people; nil: nothing more than is known of them anyway
	Logger      *slog.Logger
	Version     string // of Latchkey, for the population proof
}

// Service runs access reviews. It is safe for concurrent use.
type Service struct {
	units      *engine.Units
	store      store.Store
	clock      clock.Clock
	catalog    func() *catalog.Catalog
	reviews    func() []catalog.Review
	dirs       people.Directories
	groups     *people.Groups
	people     People
	reviewers  Reviewers
	authority  Authority
	attributes Attributes
	frozen     func(store.Tx, access.Campaign) (frozen, error) // what was read for a campaign
	log        *slog.Logger
	version    string
	extract    extraction
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Reviews == nil {
		c.Reviews = func() []catalog.Review { return nil }
	}
	s := &Service{
		units: c.Units, store: c.Store, clock: c.Clock, catalog: c.Catalog, reviews: c.Reviews, dirs: c.Directories, groups: c.Groups,
		people: c.People, reviewers: c.Reviewers, authority: c.Authority, attributes: c.Attributes, log: c.Logger, version: c.Version, extract: extracted,
	}
	lately := &readers{}
	s.frozen = func(tx store.Tx, of access.Campaign) (frozen, error) { return lately.rows(tx, of, s.catalog()) }
	return s
}

// campaigns is how a campaign is kept.
func campaigns() engine.Noun[access.Campaign] {
	return engine.Noun[access.Campaign]{Kind: "campaign", ID: func(c access.Campaign) string { return c.ID }, Load: store.Campaign, Put: store.PutCampaign}
}
