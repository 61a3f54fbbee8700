package messages

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// RemindTask is the kind of task that tells somebody again that they are asked about a seat.
const RemindTask = "reclaim.remind"

// question names one time that somebody has to answer about a seat.
type question struct {
	ID    string
	Until time.Time
}

// reminders are when whoever was asked is told again: halfway through the time to answer, and when its last day begins. Where
// both are about the same time, once.
func reminders(r access.Reclaim) []time.Time {
	half, last := r.Until.Add(-r.Rule.Grace/2), r.Until.Add(-catalog.Day)
	if last.Sub(half) < catalog.Day {
		return []time.Time{half}
	}
	return []time.Time{half, last}
}

// remindLater arranges that somebody who has to answer is told again that it waits for them, together with all else that does: in
// their working hours, and not while they are on leave.
func remindLater(u *engine.Unit, r access.Reclaim) error {
	if r.State != access.ReclaimAsked || r.Until.IsZero() {
		return nil
	}
	body, err := engine.Payload(question{r.ID, r.Until})
	if err != nil {
		return err
	}
	for n, at := range reminders(r) {
		t := store.Task{ID: fmt.Sprintf("reclaim/%s/%d/remind/%d", r.ID, r.Until.Unix(), n), Queue: engine.HouseQueue, Kind: RemindTask, Subject: access.ReclaimSubject(r.ID), Priority: store.Notices, Payload: body}
		if _, err := u.EnqueueFor(t, at); err != nil {
			return err
		}
	}
	return nil
}

// remind tells whoever was asked, unless they have answered meanwhile, or have another time to.
func remind(_ context.Context, t store.Task) (engine.Outcome, error) {
	q, err := engine.ReadPayload[question](t)
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error {
		r, err := store.Reclaim(u.Tx, q.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && (r.State != access.ReclaimAsked || !r.Until.Equal(q.Until)) {
			return nil
		}
		if err != nil {
			return err
		}
		return notify.TellWaiting(u, r.Person, u.At)
	}, nil
}
