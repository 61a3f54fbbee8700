package ledger

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// firstAfter is how long after an issue was opened it is looked whether it carries the state.
// Something is told of nearly every request by then, and takes the state along.
const firstAfter = 2 * time.Minute

// awaitFirst has the issue of a request carry the state although nothing is told of it. It waits
// beside the issue's lane, which goes on meanwhile.
func awaitFirst(u *engine.Unit, request string) error {
	t := store.Task{ID: "first/" + request, Queue: Queue, Kind: FirstTask, Subject: access.RequestSubject(request), Priority: store.Notices}
	_, err := u.EnqueueFor(t, u.At.Add(firstAfter))
	return err
}

// first is the handler of FirstTask.
func (s *Service) first(ctx context.Context, t store.Task) (engine.Outcome, error) {
	held := false
	err := s.units.View(ctx, func(tx store.Tx) error {
		_, err := store.LoadSeen(tx, t.Subject)
		if held = err == nil; errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	if err != nil || held {
		return nil, err
	}
	return func(u *engine.Unit) error { return renewIssue(u, t.Subject.Request()) }, nil
}
