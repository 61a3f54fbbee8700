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
// tells both at once; where nobody had to say yes, that the issue is there. Where it takes longer,
// that is told by itself.
const together = 2 * time.Second

// leads tells whether access may follow at once from an event of an approved request.
func leads(r access.Request, e access.Event) bool {
	automatic := len(r.Stages) == 0 && !r.BreakGlass
	return r.State == access.RequestApproved && r.Extends == "" && r.Unlisted == "" && !r.Starts.After(e.At) &&
		(e.Kind == access.EventApproved || e.Kind == access.EventIssueOpened && automatic)
}

// ready is when an event is told to its issue, of what is to be told now.
func ready(u *engine.Unit, e access.Event) (time.Time, error) {
	if e.Kind != access.EventApproved && e.Kind != access.EventIssueOpened {
		return u.At, tellNow(u, e)
	}
	r, err := u.Request(e.Request)
	if err != nil || !leads(r, e) {
		return u.At, err
	}
	g, err := u.Grant(r.GrantID())
	if err == nil && !g.Started.IsZero() || err != nil && !errors.Is(err, store.ErrNotFound) {
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
	for _, kind := range []access.EventKind{access.EventApproved, access.EventIssueOpened} {
		if led, ok := (access.Case{Story: story}).Last(kind); ok {
			if err := waitsNoLonger(u, RecordID(led)); err != nil {
				return err
			}
		}
	}
	return nil
}

// waitsNoLonger has a task begin now that waits to begin.
func waitsNoLonger(u *engine.Unit, id string) error {
	t, err := u.Tx.Task(id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil || t.State != store.Ready || !t.NotBefore.After(u.At) || t.Attempts > 0:
		return err
	}
	return u.Expedite(id)
}

// along is what is told together with a yes, which is to be told: that the access is there. None,
// where it isn't, or that was told.
func along(ctx context.Context, units *engine.Units, c access.Case, yes access.Event) (there access.Event, ok bool, err error) {
	if last, _ := c.Last(yes.Kind); !leads(c.Request, yes) || last.ID != yes.ID || !c.Whole() || len(c.Lost) > 0 {
		return there, false, nil
	}
	there, ok = c.Last(access.EventMemberAdded)
	if !ok || there.N < yes.N {
		return there, false, nil
	}
	err = units.View(ctx, func(tx store.Tx) error {
		t, err := tx.Task(RecordID(there))
		if ok = err == nil && t.State == store.Ready && !t.Begun; errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return there, ok, err
}
