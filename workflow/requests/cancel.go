package requests

import (
	"context"

	"latchkey/access"
	"latchkey/workflow/engine"
)

// Cancel takes back a waiting request. Those who asked can.
func (s *Service) Cancel(ctx context.Context, request string, by access.Actor) error {
	err := s.moveRequest(ctx, request, func(u *engine.Unit, r access.Request) (access.Event, error) {
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
