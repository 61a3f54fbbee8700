package recovery

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
	"latchkey/workflow/requests"
)

// Restored prepares a store that was restored from a backup, and that nobody works on
// yet. Nobody is added until it is known what happened since the copy was taken. What
// was still to be done by then may have been done since, so each task looks before it
// writes; and cards may stand somewhere that it doesn't know of.
func (s *Service) Restored(ctx context.Context, copied time.Time) error {
	if err := s.units.Update(ctx, func(u *engine.Unit) error { return requests.QuarantineRestored(u, copied) }); err != nil {
		return err
	}
	if err := s.eachPage(ctx, doubt); err != nil {
		return err
	}
	open, err := s.openRequests(ctx)
	if err != nil {
		return err
	}
	return inBatches(ctx, s, open, s.cards.Expect)
}

// eachPage goes through all tasks, some in one transaction.
func (s *Service) eachPage(ctx context.Context, do func(u *engine.Unit, after uint64) (last uint64, more bool, err error)) error {
	for after, more := uint64(0), true; more; {
		from := after // the function may run twice
		err := s.units.Update(ctx, func(u *engine.Unit) (err error) {
			after, more, err = do(u, from)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// doubt has some tasks look before they write, as after an attempt of unknown outcome.
func doubt(u *engine.Unit, after uint64) (last uint64, more bool, err error) {
	all, err := u.Tx.Tasks("", after, rebuilding)
	if err != nil || len(all) == 0 {
		return after, false, err
	}
	for _, t := range all {
		if t.Begun || t.State == store.Claimed || t.Kind == "" { // the last can't be read back
			continue
		}
		t.Begun = true
		if err := u.Tx.Requeue(t); err != nil {
			return after, false, err
		}
	}
	return all[len(all)-1].Seq, true, nil
}

// openRequests are those with something still before them.
func (s *Service) openRequests(ctx context.Context) (ids []string, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		ids = nil
		pending, _, err := store.Sound(query.All(func(after string, limit int) ([]access.Request, error) {
			return store.RequestsIn(tx, access.RequestPending, after, limit)
		}, query.RequestID)) // what can't be read back keeps nothing else from it
		if err != nil {
			return err
		}
		for _, r := range pending {
			ids = append(ids, r.ID)
		}
		grants, _, err := store.Sound(query.All(func(after string, limit int) ([]access.Grant, error) { return store.AllGrants(tx, after, limit) }, query.GrantID))
		for _, g := range grants {
			if g.Request != "" && g.State != access.GrantEnded {
				ids = append(ids, g.Request)
			}
		}
		return err
	})
	return ids, err
}
