package campaigns

import (
	"context"
	"log/slog"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/evidence"
	"latchkey/evidence/note"
	"latchkey/store"
	"latchkey/workflow/campaigns/comments"
	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/campaigns/enforcing"
	"latchkey/workflow/campaigns/export"
	"latchkey/workflow/campaigns/imported"
	"latchkey/workflow/campaigns/population"
	"latchkey/workflow/campaigns/publishing"
	"latchkey/workflow/campaigns/reading"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/campaigns/stages"
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
	People      reading.People
	Reviewers   reading.Reviewers
	Authority   Authority
	Populations reading.Populations  // nil: as directories are read in life
	Attributes  enforcing.Attributes // what the policy asks of people; nil: nothing more than is known of them anyway
	Logger      *slog.Logger
	Version     string // of Latchkey, for the population proof

	Files publishing.Files // nil: the evidence is written by hand alone
	Sign  evidence.Sign    // signs it; nil: nothing can
	Trust func() note.Trust

	Decides bool   // what reviewers write as a comment on a review's issue is read, and counts
	Command string // what people type in Slack
	Link    string // opens the bot in Slack; may be empty
}

// Service runs access reviews, from their begin to their start, and puts together the rooms that do the rest. It is safe for
// concurrent use.
type Service struct {
	Deciding  *deciding.Service  // reviewers see their rows and answer them
	Enforcing *enforcing.Service // what they revoked is carried out, and given back
	Comments  *comments.Service  // answers that are written on a review's issue
	Export    *export.Service    // the evidence of a review is written
	Imported  *imported.Service  // who has access to apps without a directory is read from files

	publishing *publishing.Service

	units     *engine.Units
	store     store.Store
	catalog   func() *catalog.Catalog
	reviews   func() []catalog.Review
	dirs      people.Directories
	authority Authority
	reader    *reading.Reader
	written   bool // answers that are comments are read
	stages    *stages.Service
}

// seal is what evidence is signed with.
func (c Config) seal() export.Sealing {
	s := export.Sealing{Sign: c.Sign}
	if c.Trust != nil {
		for _, k := range c.Trust().Keys() {
			s.Keys = append(s.Keys, k.String())
		}
	}
	return s
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
		c.Populations = population.Extractor{Clock: c.Clock, Tool: c.Version}
	}
	lists := imported.New(c.Units, c.Catalog, c.Directories, c.Clock)
	rows, written := rows.NewOpener(c.Units, c.Catalog), export.New(c.Units, c.Catalog, c.Directories, c.Version)
	decides := deciding.New(c.Units, rows, c.Authority)
	return &Service{
		Deciding:   decides,
		Comments:   comments.New(comments.Config{Units: c.Units, Answers: decides, Decides: c.Decides, Command: c.Command, Link: c.Link}),
		Enforcing:  enforcing.New(enforcing.Config{Units: c.Units, Rows: rows, Directories: c.Directories, Imported: lists, Groups: c.Groups, Authority: c.Authority, Attributes: c.Attributes}),
		Export:     written,
		Imported:   lists,
		publishing: publishing.New(publishing.Config{Units: c.Units, Export: written, Files: c.Files, Seal: c.seal, Trust: c.Trust}),
		units:      c.Units, store: c.Store, catalog: c.Catalog, reviews: c.Reviews, dirs: c.Directories, authority: c.Authority,
		reader: reading.New(reading.Config{
			Units: c.Units, Store: c.Store, Catalog: c.Catalog, Directories: c.Directories, Groups: c.Groups, People: c.People, Reviewers: c.Reviewers, Populations: c.Populations, Imported: lists,
			Logger: c.Logger, Version: c.Version,
		}),
		stages: stages.New(c.Units, rows, c.Authority, decides), written: c.Decides,
	}
}

// ReviewerLeft has somebody else answer what waits for a reviewer who may not act any more.
func (s *Service) ReviewerLeft(u *engine.Unit, who access.PersonID) error {
	return s.Deciding.ReviewerLeft(u, who)
}
