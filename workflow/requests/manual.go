package requests

import (
	"context"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Fulfil says that a manual change was made, and which way it went: whoever
// confirms that access was given has not taken it away. Those who carry the
// app's changes out and IT can say so, never the person who gets the access.
func (s *Service) Fulfil(ctx context.Context, request string, way access.Direction, by access.Actor) error {
	err := s.moveGrant(ctx, request, by, people.ActFulfil, func(u *engine.Unit, g access.Grant) access.Event {
		e := g.Event(access.EventFulfilled, by, u.At)
		e.Direction = way
		return e
	})
	return s.units.LogRefusal(ctx, request, by, "confirm a manual change", err)
}
