package ledger

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// together is how long the last yes waits for the access that follows from it, so that the issue
// tells both at once. Where that takes longer, the yes is told by itself.
const together = 2 * time.Second

// ready is when an event is told to its issue, of what is to be told now.
func ready(u *engine.Unit, e access.Event) (time.Time, error) {
	if e.Kind != access.EventApproved {
		return u.At, tellNow(u, e)
	}
	r, err := u.Request(e.Request)
	if err != nil || r.State != access.RequestApproved || r.Extends != "" || r.Unlisted != "" || r.Starts.After(u.At) {
		return u.At, err
	}
	return u.At.Add(together), nil
}

// tellNow has a yes wait no longer, as what follows from it is there, or won't be so soon.
func tellNow(u *engine.Unit, e access.Event) error {
	switch e.Kind {
	case access.EventMemberAdded:
		if g, err := u.Grant(e.Grant); err != nil || g.State == access.GrantProvisioning {
			return err // other groups are still to come
		}
	case access.EventRecorded, access.EventDeferred, access.EventStuck, access.EventEnding:
	default:
		return nil
	}
	story, err := u.Story(access.RequestSubject(e.Request))
	if err != nil {
		return err
	}
	yes, ok := access.Case{Story: story}.Last(access.EventApproved)
	if !ok {
		return nil
	}
	t, err := u.Tx.Task(RecordID(yes))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil || t.State != store.Ready || !t.NotBefore.After(u.At) || t.Attempts > 0:
		return err
	}
	return u.Expedite(t.ID)
}

// along is what is told together with a yes, which is to be told: that the access is there. None,
// where it isn't, or that was told.
func (w requests) along(ctx context.Context, c access.Case, yes access.Event) (there access.Event, ok bool, err error) {
	if last, _ := c.Last(access.EventApproved); yes.Kind != access.EventApproved || last.ID != yes.ID || !c.Whole() || len(c.Lost) > 0 || c.Request.Starts.After(yes.At) {
		return there, false, nil
	}
	there, ok = c.Last(access.EventMemberAdded)
	if !ok || there.N < yes.N {
		return there, false, nil
	}
	err = w.units.View(ctx, func(tx store.Tx) error {
		t, err := tx.Task(RecordID(there))
		if ok = err == nil && t.State == store.Ready && !t.Begun; errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return there, ok, err
}
