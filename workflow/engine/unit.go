package engine

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// UnitsConfig is what units of work are made of.
type UnitsConfig struct {
	Store   store.Store
	Clock   Clock
	Logger  *slog.Logger
	Owner   string // this process, among those that share the store
	Effects map[access.EffectKind]EffectFunc
	// Apart are the effects that only tell what happened. One that can't be carried
	// out doesn't undo it: it becomes a task of its own.
	Apart   []access.EffectKind
	Catalog func() *catalog.Catalog // as it is now; nil: units have none
	// ShareOf names the person on whose account a task is done, or "" for nobody.
	// Of the tasks of one class, those of a person who asked for little lately go
	// before those of one who asked for much. nil: all tasks are nobody's.
	ShareOf func(*Unit, store.Task) (string, error)
	// Frozen refuses to go on with the story of a subject, for now: nothing is added to
	// it, and its tasks wait. nil: nothing ever speaks against it.
	Frozen func(store.Tx, access.Subject) error
	// Chaser says how those are told again for whom something waits. nil: by default,
	// round the clock.
	Chaser Chaser
}

// Chaser knows how those are told again for whom something waits once an event has
// happened; nil where it changes nothing of that.
type Chaser interface {
	OfRequest(u *Unit, r access.Request, e access.Event) (*access.Chase, error)
	OfGrant(u *Unit, g access.Grant, e access.Event) (*access.Chase, error)
}

// Units runs units of work. It is what rooms hold to change anything, and is
// safe for concurrent use.
type Units struct {
	store   store.Store
	clock   Clock
	log     *slog.Logger
	owner   string
	catalog func() *catalog.Catalog
	effects effects
	apart   []access.EffectKind
	shareOf func(*Unit, store.Task) (string, error)
	frozen  func(store.Tx, access.Subject) error
	chaser  Chaser
	shares  *shares
	signals *signals
	orphans *orphans

	people   store.Cache
	throttle throttle
	crowd    crowd
	reruns   reruns
}

// NewUnits makes units of work over a store.
func NewUnits(c UnitsConfig) *Units {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Catalog == nil {
		c.Catalog = func() *catalog.Catalog { return nil }
	}
	if c.ShareOf == nil {
		c.ShareOf = func(*Unit, store.Task) (string, error) { return "", nil }
	}
	if c.Frozen == nil {
		c.Frozen = func(store.Tx, access.Subject) error { return nil }
	}
	return &Units{
		store: c.Store, clock: c.Clock, log: c.Logger, owner: c.Owner, catalog: c.Catalog,
		effects: c.Effects, apart: c.Apart, shareOf: c.ShareOf, frozen: c.Frozen, chaser: c.Chaser, shares: newShares(), signals: newSignals(), orphans: &orphans{},
	}
}

// Unit is one unit of work: a transaction in which machines are moved, their
// events appended and their effects carried out, all or nothing. It is not safe
// for concurrent use and ends with the function it was handed to.
type Unit struct {
	Tx store.Tx
	At time.Time // the unit's one moment, UTC
	// Catalog is what may be asked for, the same from the unit's begin to its end, and for all under one
	// context that holds it (see Holding).
	Catalog *catalog.Catalog

	units    *Units
	known    identity
	stories  stories
	bare     stories
	pending  []pendingEffect
	depth    int                       // of the effect under way, 0 in the function itself
	touched  []string                  // topics that have something new
	falls    bool                      // something falls due, however late: of which this process's timer hears
	steps    []step                    // what is to be written into the operator's log
	shareOf  map[access.Subject]string // whose a subject's tasks are
	enqueued map[shareKey]int
}

// Now is the current time, UTC.
func (s *Units) Now() time.Time { return s.clock.Now().UTC() }

// Answering tells that somebody waits for an answer at this moment, until answered is called.
func (s *Units) Answering() (answered func()) {
	s.crowd.add(1)
	return sync.OnceFunc(func() { s.crowd.add(-1) })
}

// Holding has all that is done under a context go by one catalogue, the one that is in force now,
// whatever takes its place meanwhile. What goes by one already goes on with that.
func (s *Units) Holding(ctx context.Context) context.Context { return hold(ctx, s.catalog()) }

// View runs fn on one consistent state, without changing anything.
func (s *Units) View(ctx context.Context, fn func(store.Tx) error) error {
	return s.store.View(ctx, func(tx store.Tx) error { return fn(store.Caching(tx, &s.people)) })
}

// Update runs fn as one unit of work, carries out the effects of what it
// appended, in the order they were asked for, and wakes whoever has work because
// of it. fn may run more than once, each time on a fresh Unit: it does no I/O and
// overwrites what it hands out. Under a lease (see Lease) nothing is written once
// the lease has passed to somebody else: store.ErrFenced.
func (s *Units) Update(ctx context.Context, fn func(*Unit) error) error {
	var last *Unit
	err := s.store.Update(ctx, func(tx store.Tx) error {
		last = s.unit(ctx, tx)
		if err := guard(ctx, tx); err != nil {
			return err
		}
		return last.run(fn)
	})
	if err != nil {
		return err
	}
	s.shares.add(last.enqueued, last.At)
	if last.falls {
		s.signals.wakeup(timerTopic).signal()
	}
	for _, topic := range last.touched {
		s.signals.wakeup(topic).signal()
		s.orphans.heard(topic)
	}
	s.written(ctx, last.steps)
	return nil
}

func (s *Units) unit(ctx context.Context, tx store.Tx) *Unit {
	u := &Unit{At: s.Now(), Catalog: Offered(ctx, s.catalog), units: s}
	u.Tx = store.Caching(&minding{tx, hearing(u)}, &s.people)
	return u
}

// hearing has the timers hear of what a unit lets fall due: this process's of everything, others' of what does soon.
func hearing(u *Unit) func(due time.Time) {
	return func(due time.Time) {
		u.falls = true
		if due.Before(u.At.Add(heard)) {
			u.touch(timerTopic)
		}
	}
}

func (u *Unit) run(fn func(*Unit) error) error {
	if err := fn(u); err != nil {
		return err
	}
	if err := u.drain(); err != nil || u.units.store.Exclusive() {
		return err
	}
	return u.Tx.Notify(u.touched...)
}

// touch notes that a topic has something new.
func (u *Unit) touch(topic string) {
	if !slices.Contains(u.touched, topic) {
		u.touched = append(u.touched, topic)
	}
}

// Append adds an event to the log and queues its effects behind those queued
// before. It returns the event as it stands in the log.
func (u *Unit) Append(e access.Event, effs ...access.Effect) (access.Event, error) {
	if err := u.units.frozen(u.Tx, e.About()); err != nil {
		return e, err
	}
	e, err := u.addInvolved(e)
	if err != nil {
		return e, err
	}
	kept, err := store.Append(u.Tx, e)
	if err != nil {
		return e, fmt.Errorf("append to the log: %w", err)
	}
	u.tell(kept)
	u.journal(kept)
	u.queue(kept, effs)
	return kept, nil
}

// Again queues effects that an earlier event asked for, without another one. The
// given event only names what they are about: it need not be in the log.
func (u *Unit) Again(about access.Event, effs ...access.Effect) { u.queue(about, effs) }

// Crowded tells whether so many people wait for an answer that whatever else can wait is
// left to a task.
func (u *Unit) Crowded() bool { return u.units.crowd.there() != nil }
