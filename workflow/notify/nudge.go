package notify

import (
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Whoever waits can have those told again who are waited for, from a moment on: a card offers
// that once it would not be refused.

// mayNudge tells whether a card offers it now, and when it has to be looked again: looks is
// when it would be looked anyway, zero for never.
func mayNudge(r access.Request, now, looks time.Time) (bool, time.Time) {
	from := r.NudgeFrom()
	switch {
	case !r.Nudgeable():
		return false, looks
	case now.After(from):
		return true, looks
	}
	if at := from.Add(meanwhile); looks.IsZero() || at.Before(looks) {
		looks = at
	}
	return false, looks
}

// offerNudge has the cards of a request shown anew when they can offer it. What was arranged
// for an earlier moment looks for itself which it is by then.
func offerNudge(u *engine.Unit, r access.Request) error {
	id := "nudgeable/" + r.ID
	offered, at := mayNudge(r, u.At, time.Time{})
	switch {
	case !r.Nudgeable() && r.Stage >= len(r.Stages), offered:
		return nil // nobody was ever asked, or it is shown by now
	case !r.Nudgeable():
		return u.Drop(id)
	}
	_, err := u.EnqueueFor(store.Task{ID: id, Queue: Queue, Kind: nudgeTask, Subject: access.RequestSubject(r.ID), Priority: store.Notices}, at)
	return err
}
