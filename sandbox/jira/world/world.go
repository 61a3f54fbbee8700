package world

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	"latchkey/sandbox/clock"
	"latchkey/sandbox/feed"
)

// Settings are what a site is made from.
type Settings struct {
	ProjectKey, ProjectName string
	// Bot is the service account. It is always active and an agent.
	Bot   Account
	Clock clock.Clock // delays and index lag follow it too
	// OnChange is called after every change, outside the site's lock.
	OnChange func()
	// SearchLag is how long a write stays invisible to JQL.
	SearchLag time.Duration
	// SearchFlap makes every n-th search forget its newest hit; 0 means never.
	SearchFlap int
	// BareTransitions drops the properties and the history metadata of transitions
	// without a screen.
	BareTransitions bool
	// AllPublic shows every comment to customers.
	AllPublic bool
	Workflow  Workflow
	// Fields adds custom fields or replaces built-in ones of the same id.
	Fields []Field
	// NoAttachments has the site take no files, and give none out.
	NoAttachments bool
	// AttachmentLimit is how many bytes a file may have; 0 means as many as a new site takes.
	AttachmentLimit int64
	// Resolutions are the names of the resolutions.
	Resolutions []string
}

// World is one Jira site behind its lock. Its methods are what people and
// administrators do and see in the browser; they are safe for concurrent use.
type World struct {
	onChange func()

	mu    sync.Mutex
	state *State
}

// New makes a site with one project and the service account.
func New(settings Settings) *World {
	return &World{onChange: settings.OnChange, state: newState(settings)}
}

// Update runs f under the site's lock and then tells OnChange if f changed
// anything.
func (w *World) Update(f func(s *State) error) error {
	changed, err := w.locked(f)
	if changed {
		w.onChange()
	}
	return err
}

func (w *World) locked(f func(s *State) error) (changed bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.state.feed.Seq()
	err = f(w.state)
	return w.state.feed.Seq() != before, err
}

// Snapshot is the site at one moment: after the change Seq and before the next.
type Snapshot struct {
	Seq      uint64
	At       time.Time
	Accounts []Account
	Issues   []Issue // by project key and number
	Workflow Workflow
	Fields   []Field
}

// Snapshot copies the site as it stands.
func (w *World) Snapshot() Snapshot {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.state
	return Snapshot{Seq: s.feed.Seq(), At: s.Now(), Accounts: s.allAccounts(), Issues: s.allIssues(),
		Workflow: *s.Workflow.clone(), Fields: slices.Clone(s.Fields)}
}

// Follow yields the changes after the one with the given number as they are made,
// until ctx ends; see [feed.Feed.Follow].
func (w *World) Follow(ctx context.Context, after uint64) iter.Seq2[feed.Change, error] {
	return w.state.feed.Follow(ctx, after)
}

// Bot is the service account the token belongs to.
func (w *World) Bot() Account {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state.Accounts[w.state.bot].Account
}
