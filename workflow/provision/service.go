package provision

import (
	"context"
	"log/slog"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Accounts knows which accounts are whose.
type Accounts interface {
	// Account finds somebody's account in one directory.
	Account(ctx context.Context, d idp.Directory, who access.PersonID) (idp.Person, error)
}

// Config is what the room is made of.
type Config struct {
	Units       *engine.Units
	Catalog     func() *catalog.Catalog
	Directories people.Directories
	Accounts    Accounts
	Protected   []catalog.GroupRef // never changed, whatever the catalogue says
	Logger      *slog.Logger
}

// Service carries changes of memberships out. It is safe for concurrent use.
type Service struct {
	units     *engine.Units
	catalog   func() *catalog.Catalog
	dirs      people.Directories
	accounts  Accounts
	protected []catalog.GroupRef
	groups    *groups
	log       *slog.Logger
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{
		units: c.Units, catalog: c.Catalog, dirs: c.Directories, accounts: c.Accounts, protected: c.Protected,
		groups: newGroups(c.Units.Now), log: c.Logger,
	}
}

// The kinds of task.
const (
	addTask    = "grant.add"
	removeTask = "grant.remove"
)

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{addTask: {Do: s.add}, removeTask: {Do: s.remove}}
}

const (
	// A removal is tried again soon after a directory is back, whatever it went through.
	removalBackoff = 5 * time.Second
	// A removal that is refused is tried again all the same, but not hastily.
	refusedBackoff = 2 * time.Minute
)

// Failures are the room's lines in the table of failure policies. An addition
// that can't be made is parked in its grant, which is then visibly stuck. A
// removal is never given up.
func (s *Service) Failures() map[string]engine.Policy {
	return map[string]engine.Policy{
		addTask:    {Parking: engine.ParkNoun, Tell: s.stuck},
		removeTask: {Parking: engine.ParkSlow, Backoff: removalBackoff, Slow: refusedBackoff, Soon: sticks, Tell: s.stuck},
	}
}

// Queues are the queues the room's tasks wait in: one for each directory.
func (s *Service) Queues() []string {
	out := make([]string, len(s.dirs))
	for i, d := range s.dirs {
		out[i] = d.ID()
	}
	return out
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Task) string {
	return map[string]func(store.Task) string{
		addTask:    func(t store.Task) string { return "put somebody into " + groupOf(t) },
		removeTask: func(t store.Task) string { return "take somebody out of " + groupOf(t) },
	}
}

func groupOf(t store.Task) string {
	p, err := engine.ReadPayload[change](t)
	if err != nil {
		return "a group"
	}
	return p.Group.String()
}
