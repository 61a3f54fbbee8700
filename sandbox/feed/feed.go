// Package feed tells who follows an emulated world what changed in it, in
// order: small records that say what happened to which thing. How the thing
// stands now is read from a snapshot of the world.
//
// A snapshot names the change it was taken after, so that nothing falls between
// the reading and the following:
//
//	now := world.Snapshot()
//	for change, err := range world.Follow(ctx, now.Seq) { … }
package feed

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"
)

// kept is how many changes are remembered for followers that fall behind.
const kept = 8192

// ErrBehind says that the feed no longer knows the change that comes next for a
// follower, because it was too slow or asks about another world. It has to read
// a new snapshot and go on from there.
var ErrBehind = errors.New("feed: changes were missed: read a new snapshot and follow from there")

// Change is one thing that happened. Seq counts the changes of one world from 1
// without a gap. Kind says noun and verb, such as "message.posted"; Subject is
// the vendor's id of the thing.
type Change struct {
	Seq     uint64    `json:"seq"`
	At      time.Time `json:"at"`
	Kind    string    `json:"kind"`
	Subject string    `json:"subject"`
}

// Feed is the changes of one world. The zero value is ready; its methods are safe
// for concurrent use. It starts no goroutines: who follows, waits.
type Feed struct {
	mu     sync.Mutex
	seq    uint64
	recent []Change      // the newest, without a gap, up to seq
	more   chan struct{} // closed at the next change; nil while nobody waits
}

// Add tells of a change. The caller holds the world's lock, so that the order
// of the changes is the order in which they were made.
func (f *Feed) Add(at time.Time, kind, subject string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seq++
	if len(f.recent) >= 2*kept {
		f.recent = slices.Clone(f.recent[kept:])
	}
	f.recent = append(f.recent, Change{Seq: f.seq, At: at, Kind: kind, Subject: subject})
	if f.more != nil {
		close(f.more)
		f.more = nil
	}
}

// Seq is the number of the newest change; 0 before the first.
func (f *Feed) Seq() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seq
}

// Follow yields every change after the one with the given number, waiting for
// more until ctx ends or the caller stops. The only error is ErrBehind; nothing
// comes after it.
func (f *Feed) Follow(ctx context.Context, after uint64) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		for ctx.Err() == nil {
			changes, more, err := f.since(after)
			if err != nil {
				yield(Change{}, err)
				return
			}
			for _, c := range changes {
				if !yield(c, nil) {
					return
				}
				after = c.Seq
			}
			if len(changes) > 0 {
				continue
			}
			select {
			case <-more:
			case <-ctx.Done():
			}
		}
	}
}

// since returns the changes after a number; while there are none, a channel that
// is closed at the next.
func (f *Feed) since(after uint64) ([]Change, <-chan struct{}, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	oldest := f.seq - uint64(len(f.recent))
	if after < oldest || after > f.seq {
		return nil, nil, ErrBehind
	}
	if after < f.seq {
		return slices.Clone(f.recent[after-oldest:]), nil, nil
	}
	if f.more == nil {
		f.more = make(chan struct{})
	}
	return nil, f.more, nil
}
