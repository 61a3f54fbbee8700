package postgres

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// Stats are what this replica has done since it opened the store, and what it is at the moment.
type Stats struct {
	Commits Spread // how long it took to write a group of updates and have it durable
	Updates uint64 // how many updates those groups were of
	Refused uint64 // how often a group was refused because of what others wrote at the same time
	Alone   uint64 // how often one was tried while nobody else could write

	Sealed    uint64 // entries to which this replica gave their places
	Sealing   bool   // it is the one who does
	TakenOver uint64 // replicas that it found gone, and whose claims it made ready for others

	Listening bool   // it hears what others notify
	Lost      uint64 // how often the session was lost on which it does
}

// Spread is how long many things took.
type Spread struct {
	Count  uint64
	Sum    time.Duration
	Within map[float64]uint64 // how many took at most so many seconds
}

// Stats are the figures up to now.
func (s *Store) Stats() Stats {
	c := &s.stats
	return Stats{
		Commits: c.commits.spread(), Updates: c.updates.Load(), Refused: c.refused.Load(), Alone: c.alone.Load(),
		Sealed: c.sealed.Load(), Sealing: c.sealing.Load(), TakenOver: c.takenOver.Load(),
		Listening: c.listening.Load(), Lost: c.lost.Load(),
	}
}

// Unsealed is how many entries have no place yet, and since when the first of them has waited.
func (s *Store) Unsealed(ctx context.Context) (n int, since time.Time, err error) {
	var first string
	err = s.View(ctx, func(t store.Tx) error {
		return t.(*tx).one(of(entries), `
			SELECT count(*), coalesce((SELECT id FROM latchkey_unsealed ORDER BY seq LIMIT 1), '') FROM latchkey_unsealed`, nil, &n, (*text)(&first))
	})
	return n, access.TimeOf(first), err
}

// counts are Stats as they are counted. A clock is read for them, and for nothing that is decided.
type counts struct {
	commits                                          durations
	updates, refused, alone, sealed, takenOver, lost atomic.Uint64
	sealing, listening                               atomic.Bool
}

// wrote counts a group that was written; one that wrote nothing was only rolled back.
func (c *counts) wrote(b *batch, updates int, begun time.Time) {
	if b.writes == 0 && len(b.notices) == 0 {
		return
	}
	c.updates.Add(uint64(updates))
	c.commits.add(time.Since(begun))
}

// placed counts entries that got their places, unless that came to nothing.
func (c *counts) placed(n int64, err error) {
	if err == nil {
		c.sealed.Add(uint64(n))
	}
}

// tried counts a refusal, and that the next attempt has nobody beside it.
func (c *counts) tried(alone bool) {
	c.refused.Add(1)
	if alone {
		c.alone.Add(1)
	}
}

// durations are counted by how long they were.
type durations struct {
	mu     sync.Mutex
	count  uint64
	sum    time.Duration
	within []uint64 // by the steps, each without those before it
}

// commitSteps are up to how many seconds commits are told apart.
func commitSteps() []float64 {
	return []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
}

func (d *durations) add(took time.Duration) {
	steps := commitSteps()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
	d.sum += took
	if d.within == nil {
		d.within = make([]uint64, len(steps))
	}
	if i, _ := slices.BinarySearch(steps, took.Seconds()); i < len(steps) {
		d.within[i]++
	}
}

func (d *durations) spread() Spread {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := Spread{Count: d.count, Sum: d.sum, Within: map[float64]uint64{}}
	sum := uint64(0)
	for i, step := range commitSteps() {
		if d.within != nil {
			sum += d.within[i]
		}
		s.Within[step] = sum
	}
	return s
}
