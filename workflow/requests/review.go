package requests

import (
	"context"
	"strings"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Review takes the word of somebody who was skipped on whether an emergency was
// one. If it was not, what is left of the access ends now. Like a decision it is kept
// where it can't be found out in time whether it counts.
func (s *Service) Review(ctx context.Context, request string, by access.Actor, justified bool, reason string) (access.Request, error) {
	ctx = s.units.Holding(ctx)
	r, err := s.review(ctx, request, by, justified, reason)
	return r, s.units.LogRefusal(ctx, request, by, "review", err)
}

func (s *Service) review(ctx context.Context, request string, by access.Actor, justified bool, reason string) (access.Request, error) {
	r, err := s.request(ctx, request)
	if err != nil {
		return r, err
	}
	what := asItStands("review", r)
	if err := s.units.RefusedLately(request, by, what); err != nil {
		return r, err
	}
	w := answer{by: by, as: access.EventUnjustified, reason: strings.TrimSpace(reason)}
	if justified {
		w.as = access.EventJustified
	}
	moved, err := s.stages.answer(ctx, r, w, func(access.Request) error { return nil })
	return moved, s.units.NoteRefusal(request, by, what, err)
}

// askReviewers asks those who were found whether an emergency was one, unless
// that was answered meanwhile.
func askReviewers(u *engine.Unit, request string, found people.Found) error {
	r, err := u.Request(request)
	if err != nil || r.Review != nil && !r.UnderReview() {
		return err
	}
	e := r.Event(access.EventReviewAsked, access.System(), u.At)
	if r.Review != nil && r.Review.Escalates() && sameSet(r.Review.Asked, found.Who) {
		return nil // they were asked often enough; IT was told
	}
	if e.Approvers, e.Unfound, e.Unread, e.Note = found.Who, found.Unfound, found.Unread, found.Why; len(found.Who) == 0 {
		e.Kind, e.Note = access.EventUnroutable, "Nobody can be found who may say whether this emergency was one. Add an owner in the catalogue, or people.fallback, then retry."
	}
	if err := stillHere(u, found.Who); err != nil {
		return err
	}
	_, err = u.MoveRequest(r, e)
	return err
}
