package notify

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
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

// offer shows the cards of a request with what they offer by now.
func (s *Service) offer(ctx context.Context, t store.Task) (engine.Outcome, error) {
	var r access.Request
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		r, err = store.Request(tx, t.Subject.ID)
		return err
	})
	if err != nil {
		return nil, people.Softly(err)
	}
	now := s.units.Now()
	switch offered, at := mayNudge(r, now, time.Time{}); {
	case offered:
		return s.lookAgain(ctx, t)
	case !at.IsZero():
		return nil, later(now, at, "was told not long ago")
	}
	return nil, nil
}
