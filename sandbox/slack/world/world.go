package world

import (
	"context"
	"iter"
	"sync"
	"time"

	"latchkey/sandbox/clock"
	"latchkey/sandbox/feed"
)

// Settings are what a workspace is made from.
type Settings struct {
	BotUserID, BotID string
	Clock            clock.Clock   // of timestamps; triggers expire by the computer's, as they measure the app
	OnChange         func()        // called, without the lock held, after each change
	TriggerLife      time.Duration // how long a trigger id is good
}

// World is one workspace behind its lock. Its methods are what people see and
// what administrators do; they are safe for concurrent use.
type World struct {
	onChange func()

	mu    sync.Mutex
	state *State
	told  uint64 // the newest change that OnChange was told of
}

// New makes a workspace that holds nobody but the app's own bot user.
func New(settings Settings) *World {
	w := &World{onChange: settings.OnChange, state: newState(settings)}
	w.told = w.state.feed.Seq()
	return w
}

// Lock gives who serves the workspace its state, to be used until Unlock.
func (w *World) Lock() *State {
	w.mu.Lock()
	return w.state
}

// Unlock ends what Lock began and tells OnChange if anything changed meanwhile.
func (w *World) Unlock() {
	seq := w.state.feed.Seq()
	changed := seq != w.told
	w.told = seq
	w.mu.Unlock()
	if changed {
		w.onChange()
	}
}

// Snapshot is the workspace at one moment: after the change Seq and before the
// next.
type Snapshot struct {
	Seq      uint64
	At       time.Time
	Users    []User
	Groups   []UserGroup
	Channels []Channel            // direct messages included
	Messages map[string][]Message // by channel, oldest first; thread replies and ephemeral ones included
	Modals   map[string][]View    // open modals by person, the top one last
	Homes    map[string]View      // Home tabs by person
}

// Snapshot copies the workspace as it stands.
func (w *World) Snapshot() Snapshot {
	s := w.Lock()
	defer w.Unlock()
	out := Snapshot{Seq: s.feed.Seq(), At: s.Now(), Users: s.allUsers(), Groups: s.allGroups(), Channels: s.allChannels(),
		Messages: map[string][]Message{}, Modals: map[string][]View{}, Homes: map[string]View{}}
	for id, log := range s.logs {
		out.Messages[id] = log.copies()
	}
	for id := range s.Modals {
		out.Modals[id] = s.modalsOf(id)
	}
	for id, v := range s.Homes {
		out.Homes[id] = v.Copy()
	}
	return out
}

// Follow yields the changes after the one with the given number as they are made,
// until ctx ends; see [feed.Feed.Follow].
func (w *World) Follow(ctx context.Context, after uint64) iter.Seq2[feed.Change, error] {
	return w.state.feed.Follow(ctx, after)
}
