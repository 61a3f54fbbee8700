package requests

import (
	"context"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// lookAgain is how soon somebody else is looked for when one of those who were
// found left at the same moment.
const lookAgain = time.Second

// FindApproversTask is the kind of task that finds who is asked.
const FindApproversTask = "approvers.find"

// findApproversTask looks for those who are asked because of an event.
func findApproversTask(e access.Event) store.Task {
	return store.Task{
		ID: fmt.Sprintf("approvers/%s/after-%d", e.Request, e.N), Queue: engine.HouseQueue, Kind: FindApproversTask, Subject: e.About(),
		Priority: store.Additions,
	}
}

// findApprovers resolves who may decide the current stage, or review an
// emergency, and has them told.
func (s *Service) findApprovers(ctx context.Context, t store.Task) (engine.Outcome, error) {
	r, err := s.request(ctx, t.Subject.Request())
	switch {
	case err != nil:
		return nil, err
	case r.BreakGlass && r.State == access.RequestApproved:
		found, err := s.approvers.Reviewers(ctx, r)
		if err != nil {
			return nil, err
		}
		return func(u *engine.Unit) error { return askReviewers(u, r.ID, found) }, nil
	case r.State == access.RequestPending:
		found, err := s.approvers.Deciders(ctx, r)
		if err != nil {
			return nil, err
		}
		return func(u *engine.Unit) error { return askDeciders(u, r, found) }, nil
	}
	return nil, nil
}

// askDeciders asks those who were found for a stage, unless it was answered
// meanwhile.
func askDeciders(u *engine.Unit, seen access.Request, found []access.PersonID) error {
	r, err := u.Request(seen.ID)
	if err != nil || r.State != access.RequestPending || r.Stage != seen.Stage {
		return err
	}
	e := r.Event(access.EventApproversAsked, access.System(), u.At)
	if e.Approvers, e.Note = found, tooFew(r, found); e.Note != "" {
		e.Kind = access.EventUnroutable
	}
	if err := stillHere(u, found); err != nil {
		return err
	}
	_, err = u.MoveRequest(r, e)
	return err
}

// stillHere has others looked for where one of those who were found has left
// since: nobody would notice that they are asked.
func stillHere(u *engine.Unit, found []access.PersonID) error {
	for _, who := range found {
		err := people.StillHere(u, who)
		if _, refused := access.AsRefusal(err); refused {
			name, err := people.ContactIn(u.Tx, who)
			if err != nil {
				return err
			}
			return &access.Failure{Class: access.Limited, After: lookAgain, Sentence: name + " was to be asked and has left meanwhile; somebody else is looked for"}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tooFew says why those who were found can't complete the request's stage; "" if
// they can.
func tooFew(r access.Request, found []access.PersonID) string {
	if len(found) == 0 {
		return "Nobody can be found who may decide this. Add a manager in the directory, an owner in the catalogue, or people.fallback, then retry."
	}
	stage := r.Stages[r.Stage]
	if missing := stage.Missing(found); missing > 0 {
		return fmt.Sprintf("%d different people have to agree, and only %d can be found who may. Add to those whom the stage asks, as in its group or the app's owners, then retry.",
			stage.Need.Count(), stage.Need.Count()-missing)
	}
	return ""
}

// askReviewers asks those who were found whether an emergency was one, unless
// that was answered meanwhile.
func askReviewers(u *engine.Unit, request string, found []access.PersonID) error {
	r, err := u.Request(request)
	if err != nil || r.Review != nil && !r.UnderReview() {
		return err
	}
	e := r.Event(access.EventReviewAsked, access.System(), u.At)
	if e.Approvers = found; len(found) == 0 {
		e.Kind, e.Note = access.EventUnroutable, "Nobody can be found who may say whether this emergency was one. Add an owner in the catalogue, or people.fallback, then retry."
	}
	if err := stillHere(u, found); err != nil {
		return err
	}
	_, err = u.MoveRequest(r, e)
	return err
}
