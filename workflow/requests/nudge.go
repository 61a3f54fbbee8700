package requests

import (
	"context"

	"latchkey/access"
	"latchkey/workflow/engine"
)

// Nudge has those told again who are waited for. Those whose request it is can.
func (s *Service) Nudge(ctx context.Context, request string, by access.Actor) error {
	err := s.moveRequest(ctx, request, func(u *engine.Unit, r access.Request) (access.Event, error) {
		e := r.Event(access.EventNudged, by, u.At)
		e.Approvers = r.Remindable()
		return e, nil
	})
	return s.units.LogRefusal(ctx, request, by, "nudge", err)
}
