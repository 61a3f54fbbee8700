package engine

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// dutyTimeout bounds one turn of a duty. Its calls to vendors wait for their
// limits, so a big company takes its time.
const dutyTimeout = 30 * time.Minute

type dutyPayload struct{ Name string }

// turn is the handler of DutyTask. Of several processes the one that claimed the
// task does it, under a lease that keeps out those of an older version, too, which
// renew no claims.
func (s *schedule) turn(ctx context.Context, t store.Task) (Outcome, error) {
	p, err := ReadPayload[dutyPayload](t)
	if err != nil {
		return nil, err
	}
	duty, known := s.duties[p.Name]
	if !known {
		return s.unlisted(t, p.Name)
	}
	if s.units.store.Exclusive() {
		return duty.Do(ctx, t) // nobody else can have it
	}
	leased, err := s.units.Lease(ctx, t.ID, claimFor)
	if err != nil {
		return nil, err
	}
	var done Outcome
	err = s.units.renewing(leased, t.ID, claimFor).during(leased, func(ctx context.Context) (err error) {
		done, err = duty.Do(ctx, t)
		return err
	})
	if err != nil {
		s.units.giveUp(leased, t.ID)
		return nil, err
	}
	return func(u *Unit) error { return s.units.lastUnder(leased, u, t.ID, done) }, nil
}

// unlistedFor is for how long a turn of a duty that a process doesn't list is left to others. Each of those that
// are there tries it every half a minute, so one that lists it has had its turn by then.
const unlistedFor = time.Hour

// unlisted leaves a duty to the processes that list it. One that nobody does was taken out of the configuration:
// it is forgotten, and planned anew should it be listed again.
func (s *schedule) unlisted(t store.Task, name string) (Outcome, error) {
	if s.units.store.Exclusive() {
		return nil, s.units.newer.unknown(t, "the duty", name)
	}
	past := s.units.newer.since("duty/" + strconv.FormatUint(t.Seq, 10))
	if s.units.newer.company() && past < unlistedFor {
		return nil, &access.Failure{Class: access.Limited, After: min(max(past/4, shortestLeft), longestLeft), Sentence: fmt.Sprintf("The duty %q is not listed here; another replica may know it", name)}
	}
	s.units.log.Info("a duty that no replica lists any more is forgotten", "duty", name)
	return func(u *Unit) error { return store.DropDuty(u.Tx, name) }, nil
}

// lastUnder records the outcome of a turn and gives its lease back.
func (s *Units) lastUnder(leased context.Context, u *Unit, name string, done Outcome) error {
	if err := guardLease(leased, u.Tx); err != nil {
		return err
	}
	if _, _, err := u.Tx.Lease(name, s.owner, u.At, u.At); err != nil || done == nil {
		return err
	}
	return done(u)
}

// giveUp lets others have a lease at once. If that fails it runs out by itself.
func (s *Units) giveUp(leased context.Context, name string) {
	err := s.Update(context.WithoutCancel(leased), func(u *Unit) error { return s.lastUnder(leased, u, name, nil) })
	if err != nil && !errors.Is(err, store.ErrFenced) {
		s.log.Warn("a lease could not be given back; it runs out by itself", "lease", name, "error", err)
	}
}
