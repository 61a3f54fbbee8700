package requests

import (
	"cmp"
	"context"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// byHand takes what people say of a change that is made by hand, and of which way it
// goes: whoever was asked to give access says nothing of taking it away. Those who carry the
// app's changes out and IT can say so, never the person who gets the access.
type byHand struct{ grants }

// Fulfil says that a manual change was made.
func (s byHand) Fulfil(ctx context.Context, request string, way access.Direction, by access.Actor) error {
	return s.say(ctx, request, access.EventFulfilled, way, "", by)
}

// Take says that somebody makes a manual change.
func (s byHand) Take(ctx context.Context, request string, way access.Direction, by access.Actor) error {
	return s.say(ctx, request, access.EventTaken, way, "", by)
}

// CantFulfil says that a manual change can't be made, and why. Where access was to be given
// the request is over; where it was to be taken away IT has to see to it.
func (s byHand) CantFulfil(ctx context.Context, request string, way access.Direction, reason string, by access.Actor) error {
	return s.say(ctx, request, access.EventNotFulfilled, way, reason, by)
}

func (s byHand) say(ctx context.Context, request string, kind access.EventKind, way access.Direction, reason string, by access.Actor) error {
	err := s.move(ctx, request, by, people.ActFulfil, func(u *engine.Unit, g access.Grant) (access.Event, error) {
		e := g.Event(kind, by, u.At)
		e.Direction, e.Reason = way, reason
		if kind == access.EventTaken && g.TakenBy != by.Person {
			return e, takesAgain(u, g, by)
		}
		return e, nil
	})
	what := map[access.EventKind]string{access.EventTaken: "take on a manual change", access.EventNotFulfilled: "say that a manual change can't be made"}[kind]
	return s.units.LogRefusal(ctx, request, by, cmp.Or(what, "confirm a manual change"), err)
}
