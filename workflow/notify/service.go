package notify

import (
	"context"
	"log/slog"
	"maps"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// People knows who somebody is.
type People interface {
	Lookup
	HasLeft(ctx context.Context, who access.PersonID) (bool, error)
	Forget(who access.PersonID)
	// Admins are IT, as far as they are in Slack.
	Admins(ctx context.Context) ([]access.PersonID, error)
}

// Lookup finds people.
type Lookup interface {
	// Person is who somebody is at this moment; a refusal if they can't be found.
	Person(ctx context.Context, who access.PersonID) (access.Person, error)
	// Meant is the person whom the configuration means by an address at this moment.
	Meant(ctx context.Context, a access.Email) (access.Person, error)
	// Known is Person for showing: it always has something to say.
	Known(ctx context.Context, who access.PersonID) access.Person
}

// Cases tells what there is to tell about a request.
type Cases interface {
	Case(ctx context.Context, request string) (access.Case, error)
	Background(ctx context.Context, c access.Case) (query.Background, error)
	// Paused is the pause of new access that is on; the zero one if none is.
	Paused(ctx context.Context) (access.Pause, error)
}

// Loader gathers what a card of a subject shows, as of now.
type Loader func(ctx context.Context, id string, c Card) (Content, error)

// Config is what the room is made of.
type Config struct {
	Units     *engine.Units
	Messenger Messenger
	People    People
	Cases     Cases
	Catalog   func() *catalog.Catalog          // nil: there is none, and nothing has a name
	Loaders   map[access.SubjectKind]Loader    // of nouns that other rooms know
	Hours     func(access.Person) access.Hours // when somebody works; nil: round the clock
	Logger    *slog.Logger
}

// Service tells people where things stand. It is safe for concurrent use.
type Service struct {
	units     *engine.Units
	messenger Messenger
	people    People
	catalog   func() *catalog.Catalog
	loaders   map[access.SubjectKind]Loader
	hours     func(access.Person) access.Hours
	log       *slog.Logger
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Catalog == nil {
		c.Catalog = func() *catalog.Catalog { return catalog.New(nil, nil) }
	}
	if c.Hours == nil {
		c.Hours = func(access.Person) access.Hours { return access.Hours{} }
	}
	loaders := map[access.SubjectKind]Loader{access.SubjectRequest: requestLoader(c.Cases)}
	maps.Copy(loaders, c.Loaders)
	return &Service{units: c.Units, messenger: c.Messenger, people: c.People, catalog: c.Catalog, loaders: loaders, hours: c.Hours, log: c.Logger}
}

// Queue is the queue the room's tasks wait in.
const Queue = "slack"

// The kinds of task.
const (
	cardTask         = "card.show"
	threadTask       = "thread.tell"
	announcementTask = "notice.show"
	stuckTask        = "notice.stuck"
	waitingTask      = "notice.waiting"
	adminsTask       = "notice.admins"
)
