package workflow

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// batch is how many due things are handled in one transaction: enough to clear
// a crowd quickly, few enough that nobody's click waits behind it.
const batch = 500

// keepTime ends what is due, at start for all that came due while nobody ran,
// then by one timer on the earliest due time in the store.
func (s *Service) keepTime(ctx context.Context) {
	for ctx.Err() == nil {
		next, err := s.endDue(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Error("end what is due", "error", err)
			next = s.Clock.Now().Add(firstBackoff)
		}
		due, stop := s.Clock.Until(next)
		select {
		case <-due:
		case <-s.timer.c:
		case <-ctx.Done():
		}
		stop()
	}
}

// endDue ends everything that is due now and returns when to look again.
func (s *Service) endDue(ctx context.Context) (next time.Time, err error) {
	for {
		now := s.Clock.Now().UTC()
		due, next, err := s.lookDue(ctx, now)
		if err != nil || !due {
			return next, err
		}
		if err := s.update(ctx, func(st *step) error { return st.endBatch() }); err != nil {
			return now.Add(firstBackoff), err
		}
	}
}

// lookDue tells whether anything is due, and when the next thing will be.
func (s *Service) lookDue(ctx context.Context, now time.Time) (due bool, next time.Time, err error) {
	next = now.Add(time.Hour)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		for _, look := range []func(store.Tx) (time.Time, bool, error){store.NextGrantDue, store.NextRequestDue, store.NextDutyDue} {
			at, ok, err := look(tx)
			if err != nil {
				return err
			}
			if ok && at.Before(next) {
				next = at
			}
		}
		return nil
	})
	return !next.After(now), next, err
}

func (st *step) endBatch() error {
	if err := st.startDuties(); err != nil {
		return err
	}
	grants, err := store.DueGrants(st.tx, st.at, batch)
	if err != nil {
		return err
	}
	for _, g := range grants {
		if _, err := st.grant(g, st.whatIsDue(g)); err != nil {
			return err
		}
	}
	requests, err := store.DueRequests(st.tx, st.at, batch)
	if err != nil {
		return err
	}
	for _, r := range requests {
		kind := access.EventLapsed
		if r.UnderReview() {
			kind = access.EventReviewDue
		}
		if _, err := st.request(r, r.Event(kind, access.System(), st.at)); err != nil {
			return err
		}
	}
	return nil
}
