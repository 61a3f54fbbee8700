package lifecycle

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// People knows who is behind an account.
type People interface {
	// Whose is the person who is bound to an account; "" if nobody is.
	Whose(ctx context.Context, system, id string) (access.PersonID, error)
	// Speaks tells whether how an account in a directory stands says how its owner does.
	Speaks(ctx context.Context, directory string, who access.PersonID) (bool, error)
	// Forget has somebody looked up anew.
	Forget(who access.PersonID)
}

// Leavers does what follows when somebody has left.
type Leavers interface {
	Left(ctx context.Context, who access.PersonID) error
}

// Listener hears how an account is that a log named. who may be "": nobody is known by it yet.
type Listener interface {
	Seen(ctx context.Context, directory string, account idp.Person, who access.PersonID) error
}

// Config is what the room is made of.
type Config struct {
	Units       *engine.Units
	Clock       engine.Clock
	Directories people.Directories
	Polls       map[string]time.Duration // by directory, how often its log is read; zero or absent for never
	People      People
	Leavers     Leavers
	Listener    Listener     // nil: nobody listens
	Alarm       people.Alarm // nil: nobody is told
	Logger      *slog.Logger
}

// Service reads the logs.
type Service struct {
	units    *engine.Units
	clock    engine.Clock
	dirs     people.Directories
	polls    map[string]time.Duration
	people   People
	leavers  Leavers
	listener Listener
	alarm    people.Alarm
	log      *slog.Logger
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Listener == nil {
		c.Listener = nobody{}
	}
	return &Service{c.Units, c.Clock, c.Directories, c.Polls, c.People, c.Leavers, c.Listener, c.Alarm, c.Logger}
}

// Together has several hear it, one after the other: what one of them can't take in keeps it from none.
func Together(all ...Listener) Listener { return several(all) }

type several []Listener

// Seen implements Listener.
func (all several) Seen(ctx context.Context, directory string, account idp.Person, who access.PersonID) error {
	var faults []error
	for _, one := range all {
		faults = append(faults, one.Seen(ctx, directory, account, who))
	}
	return errors.Join(faults...)
}

// nobody listens.
type nobody struct{}

// Seen implements Listener.
func (nobody) Seen(context.Context, string, idp.Person, access.PersonID) error { return nil }
