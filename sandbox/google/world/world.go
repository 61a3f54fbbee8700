package world

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"latchkey/sandbox/clock"
	"latchkey/sandbox/feed"
)

// Settings are what a customer's directory is made from.
type Settings struct {
	Clock     clock.Clock
	OnChange  func()        // called after each change, without the lock
	Domains   []string      // that the customer has verified; the first is the primary one
	MemberLag time.Duration // how long reads of members trail the record
	SearchLag time.Duration // how long searches of accounts and groups trail it
	FreshLag  time.Duration // how long an account that was just made can't be read by its id
	LogLag    time.Duration // how long reports trail what happened
	ExpiryLag time.Duration // how long after its end a membership that ends by itself goes on
	First     int64         // from where ids are counted
}

// World is one customer's directory behind its lock. Its methods are what administrators
// and an HR feed do and see; they are safe for concurrent use.
type World struct {
	onChange func()

	mu    sync.Mutex
	state *State
}

// State is what there is. It is not safe for concurrent use: a World guards it.
type State struct {
	Settings
	seq      int64
	People   []*LiveUser // in the order of their creation, also those that were deleted
	Groups   []*LiveGroup
	Roles    []*Role
	Assigned []*Assignment
	Log      []Activity
	outside  map[string]string // ids of accounts elsewhere, by address
	ending   time.Time         // when a membership may end by itself next; zero: none does
	feed     feed.Feed
}

// New makes a directory that holds nobody.
func New(settings Settings) *World {
	return &World{onChange: settings.OnChange, state: &State{Settings: settings, seq: settings.First, outside: map[string]string{}}}
}

// Update runs f under the lock and then tells OnChange if f changed anything.
func (w *World) Update(f func(*State)) {
	feed.Announce(w.View, func(s *State) uint64 { return s.feed.Seq() }, f, w.onChange)
}

// View runs f, which changes nothing, under the lock.
func (w *World) View(f func(*State)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.endDue()
	f(w.state)
}

// Lag changes how far reads trail what is written.
func (w *World) Lag(change func(*Settings)) {
	w.View(func(s *State) { change(&s.Settings) })
}

// Follow yields the changes after the one with the given number as they are made, until
// ctx ends; see [feed.Feed.Follow].
func (w *World) Follow(ctx context.Context, after uint64) iter.Seq2[feed.Change, error] {
	return w.state.feed.Follow(ctx, after)
}

// Now is the time in the emulated world.
func (s *State) Now() time.Time { return s.Clock.Now().UTC() }

// Number counts on the one sequence from which all ids are made.
func (s *State) Number() int64 {
	s.seq++
	return s.seq
}

// accountID makes an id such as Google gives accounts: 21 digits.
func (s *State) accountID() string { return fmt.Sprintf("1%020d", s.Number()) }

// groupID makes an id such as Google gives groups: letters and digits.
func (s *State) groupID() string {
	return "03l" + strconv.FormatInt(1_000_000_000_000_000_000+s.Number()*7_919_000_017, 36)
}

func (s *State) note(kind, subject string) { s.feed.Add(s.Now(), kind, subject) }

// Ours tells whether an address is of one of the customer's domains.
func (s *State) Ours(address string) bool {
	_, domain, _ := strings.Cut(Folded(address), "@")
	return slices.Contains(s.Domains, domain)
}

// Outsider is the id of an account elsewhere; Google gives one to every address that it knows.
func (s *State) Outsider(address string) string {
	key := Folded(address)
	if s.outside[key] == "" {
		s.outside[key] = s.accountID()
	}
	return s.outside[key]
}

// Folded is an address as addresses are told apart: without regard to the case of ASCII
// letters. Other letters stay apart.
func Folded(address string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, address)
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
