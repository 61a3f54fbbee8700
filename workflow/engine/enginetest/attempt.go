// Package enginetest does for the tests of a room what the worker does when Latchkey
// runs.
package enginetest

import (
	"context"

	"latchkey/store"
	"latchkey/workflow/engine"
)

// Attempt is one attempt at a task, by the handler of its kind. If it works, the task is
// done, and its outcome is committed with that; otherwise the task stays as it was.
func Attempt(ctx context.Context, units *engine.Units, handlers map[string]engine.Handler, t store.Task) error {
	outcome, err := handlers[t.Kind].Do(ctx, t)
	if err != nil {
		return err
	}
	return units.Update(ctx, func(u *engine.Unit) error {
		if err := u.Tx.Done(t.ID, ""); err != nil || outcome == nil {
			return err
		}
		return outcome(u)
	})
}
