package notify

import (
	"log/slog"
	"maps"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
)

// Config is what the room is made of.
type Config struct {
	Units     *engine.Units
	Messenger Messenger
	People    People
	Cases     Cases
	Catalog   func() *catalog.Catalog          // nil: there is none, and nothing has a name
	Loaders   map[access.SubjectKind]Loader    // of nouns that other rooms know
	Hours     func(access.Person) access.Hours // when somebody works; nil: round the clock
	Together  time.Duration                    // for how long changes of a card are one edit, see Effects
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
	pace      pace
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
	loaders := map[access.SubjectKind]Loader{access.SubjectRequest: requestLoader(c.Cases, c.Units)}
	maps.Copy(loaders, c.Loaders)
	return &Service{units: c.Units, messenger: c.Messenger, people: c.People, catalog: c.Catalog, loaders: loaders, hours: c.Hours, pace: pace{c.Together}, log: c.Logger}
}

// Queue is the queue the room's tasks wait in.
const Queue = "slack"

// CardsQueue is that of tasks which find out what cards there are, and which ask nobody. One at a
// time they are quicker than Slack is, and leave the store to whoever clicks after a crowd.
const CardsQueue = "cards"

// The kinds of task.
const (
	cardTask         = "card.show"
	cardsTask        = "card.all"
	threadTask       = "thread.tell"
	announcementTask = "notice.show"
	stuckTask        = "notice.stuck"
	waitingTask      = "notice.waiting"
	adminsTask       = "notice.admins"
	laterTask        = "card.later"
	nudgeTask        = "card.nudge"
	digestTask       = "notice.digest"
)
