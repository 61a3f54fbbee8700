package campaigns

import (
	"context"
	"log/slog"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

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
	Populations Populations // nil: as directories are read in life
	Attributes  Attributes  // what the policy asks of people; nil: nothing more than is known of them anyway
	Logger      *slog.Logger
	Version     string // of Latchkey, for the population proof
}

// Service runs access reviews, from their begin to their start, and puts together the rooms that do the rest. It is safe for
// concurrent use.
type Service struct {
	Deciding  *Deciding  // reviewers see their rows and answer them
	Enforcing *Enforcing // what they revoked is carried out, and given back
	Export    *Export    // the evidence of a review is written

	units     *engine.Units
	store     store.Store
	catalog   func() *catalog.Catalog
	reviews   func() []catalog.Review
	dirs      people.Directories
	authority Authority
	reader    *Reader
	stages    *Stages
}

// New makes the room, and those below it.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Reviews == nil {
		c.Reviews = func() []catalog.Review { return nil }
	}
	if c.Populations == nil {
		c.Populations = Extractor{Clock: c.Clock, Tool: c.Version}
	}
	rows := NewOpener(c.Units, c.Catalog)
	return &Service{
		Deciding:  NewDeciding(c.Units, rows, c.Authority),
		Enforcing: NewEnforcing(EnforcingConfig{Units: c.Units, Rows: rows, Directories: c.Directories, Groups: c.Groups, Authority: c.Authority, Attributes: c.Attributes}),
		Export:    NewExport(c.Units, c.Catalog, c.Directories, c.Version),
		units:     c.Units, store: c.Store, catalog: c.Catalog, reviews: c.Reviews, dirs: c.Directories, authority: c.Authority,
		reader: NewReader(ReaderConfig{
			Units: c.Units, Store: c.Store, Catalog: c.Catalog, Directories: c.Directories, Groups: c.Groups, People: c.People, Reviewers: c.Reviewers, Populations: c.Populations,
			Logger: c.Logger, Version: c.Version,
		}),
		stages: NewStages(c.Units, rows, c.Authority),
	}
}

// ReviewerLeft has somebody else answer what waits for a reviewer who may not act any more.
func (s *Service) ReviewerLeft(u *engine.Unit, who access.PersonID) error {
	return s.Deciding.ReviewerLeft(u, who)
}
