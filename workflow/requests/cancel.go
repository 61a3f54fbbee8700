package requests

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Cancel takes back a waiting request, or access that has not begun because it was asked for
// a moment to come. Those who asked can.
func (s *Service) Cancel(ctx context.Context, request string, by access.Actor) error {
	done, err := s.cancelPlanned(ctx, request, by)
	if done || err != nil {
		return s.units.LogRefusal(ctx, request, by, "cancel", err)
	}
	err = s.moveRequest(ctx, request, func(u *engine.Unit, r access.Request) (access.Event, error) {
		e := r.Event(access.EventCancelled, by, u.At)
		if r.State != access.RequestPending {
			return e, nil
		}
		note, err := withdrawnAgain(u, r, by)
		e.Note = note
		return e, err
	})
	return s.units.LogRefusal(ctx, request, by, "cancel", err)
}

// cancelPlanned ends access that has not begun; done is false where there is none that waits
// for its time.
func (s *Service) cancelPlanned(ctx context.Context, request string, by access.Actor) (done bool, err error) {
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		done = false
		r, err := requestIn(u, request)
		if err != nil || r.State != access.RequestApproved {
			return err
		}
		g, err := u.Grant(r.GrantID())
		if errors.Is(err, store.ErrNotFound) || err == nil && !g.Planned() {
			return nil
		}
		if err != nil {
			return err
		}
		if done = true; by.Person == "" || by.Person != r.Requester && by.Person != r.Beneficiary {
			return access.Refuse(access.NotAllowed, "", "Only the person who asked can cancel a request.")
		}
		_, err = u.MoveGrant(g, end(g, access.EndReturned, by, "", u.At))
		return err
	})
	return done, err
}
