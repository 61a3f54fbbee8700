package requests

import (
	"context"

	"latchkey/access"
	"latchkey/workflow/engine"
)

// Cancel takes back a waiting request. Those who asked can.
func (s *Service) Cancel(ctx context.Context, request string, by access.Actor) error {
	err := s.moveRequest(ctx, request, func(u *engine.Unit, r access.Request) (access.Event, error) {
		return r.Event(access.EventCancelled, by, u.At), nil
	})
	return s.units.LogRefusal(ctx, request, by, "cancel", err)
}
