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

// Settings are what an org is made from.
type Settings struct {
	Clock     clock.Clock
	OnChange  func()        // called after each change, without the org's lock
	SearchLag time.Duration // how long the search index trails the record
	LogLag    time.Duration // how long the System Log trails it
	First     int64         // after which number ids are made: two orgs have none in common
}

// World is one org behind its lock. Its methods are what administrators and an HR
// feed do and see; they are safe for concurrent use.
type World struct {
	onChange func()

	mu    sync.Mutex
	state *State
}

// New makes an org that holds nobody, and one group: Everyone.
func New(settings Settings) *World {
	w := &World{onChange: settings.OnChange, state: &State{
		settings: settings, seq: settings.First, UserByID: map[string]*LiveUser{}, logins: map[string]*LiveUser{},
		GroupByID: map[string]*LiveGroup{}, AppByID: map[string]*LiveApp{},
	}}
	w.AddGroup(Group{Name: everyone, Description: "All users in your organization", Type: BuiltIn})
	return w
}

// Update runs f under the org's lock and then tells OnChange if f changed anything.
func (w *World) Update(f func(*State)) {
	feed.Announce(w.View, func(s *State) uint64 { return s.feed.Seq() }, f, w.onChange)
}

// View runs f, which changes nothing, under the org's lock.
func (w *World) View(f func(*State)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w.state)
}

// Number counts on the org's one sequence, from which all ids are made.
func (w *World) Number() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state.next()
}

// Snapshot is the org at one moment: after the change Seq and before the next.
type Snapshot struct {
	Seq    uint64
	At     time.Time
	Users  []User  // in the order of their creation
	Groups []Group // likewise
	// Members are the ids of accounts by the id of the group, in the order they
	// joined.
	Members map[string][]string
	Rules   []Rule
	Apps    []App
	Log     []LogEvent
}

// Snapshot copies the org as it stands.
func (w *World) Snapshot() Snapshot {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.state
	out := Snapshot{Seq: s.feed.Seq(), At: s.Now(), Users: s.allUsers(), Members: map[string][]string{}, Log: slices.Clone(s.Log)}
	for _, g := range s.SortedGroups() {
		out.Groups = append(out.Groups, g.Group)
		for _, m := range g.InOrder() {
			out.Members[g.ID] = append(out.Members[g.ID], m.ID)
		}
	}
	for _, r := range s.Rules {
		out.Rules = append(out.Rules, r.Rule)
	}
	for _, a := range s.SortedApps() {
		out.Apps = append(out.Apps, a.App)
	}
	return out
}

// Follow yields the changes after the one with the given number as they are made,
// until ctx ends; see [feed.Feed.Follow].
func (w *World) Follow(ctx context.Context, after uint64) iter.Seq2[feed.Change, error] {
	return w.state.feed.Follow(ctx, after)
}
