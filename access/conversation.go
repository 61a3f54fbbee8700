package access

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// claimed notes who is looking at the request. Whoever may decide may take over.
func claimed(r *Request, e Event, at time.Time) ([]Effect, error) {
	if err := r.MayDecide(e.Actor.Person, e.Approvers); err != nil {
		return nil, err
	}
	stage := &r.Stages[r.Stage]
	if stage.Claim.By == e.Actor.Person {
		return nil, refuse(Duplicate, "Everybody sees already that you are looking at it.")
	}
	stage.Claim = Claim{By: e.Actor.Person, At: at}
	return effects(EffectShowCards), nil
}

// questioned takes a question from somebody who may decide.
func questioned(r *Request, e Event, at time.Time) ([]Effect, error) {
	if err := r.MayDecide(e.Actor.Person, e.Approvers); err != nil {
		return nil, err
	}
	effs, err := said(e)
	if err == nil {
		await(r, e, at)
		r.Questioned = true
	}
	return effs, err
}

// replied takes what somebody concerned says: who asked, who gets the access, or
// who was asked. Event.Approvers are those who may speak besides them.
func replied(r *Request, e Event, at time.Time) ([]Effect, error) {
	if err := r.MaySpeak(e.Actor.Person, e.Approvers); err != nil {
		return nil, err
	}
	effs, err := said(e)
	if by := e.Actor.Person; err == nil && r.Questioned && (by == r.Requester || by == r.Beneficiary) {
		await(r, e, at)
	}
	return effs, err
}

func said(e Event) ([]Effect, error) {
	switch text := strings.TrimSpace(e.Reason); {
	case text == "":
		return nil, Refuse(Invalid, "reason", "Please write something.")
	case len([]rune(text)) > MaxReason:
		return nil, Refuse(Invalid, "reason", fmt.Sprintf("Please keep it under %d characters.", MaxReason))
	}
	return effects(EffectRecord, EffectTell, EffectShowCards), nil
}

// MaySpeak tells whether by may say something about the request that everybody
// concerned reads.
func (r Request) MaySpeak(by PersonID, others []PersonID) error {
	if by != "" && (by == r.Requester || by == r.Beneficiary || wasAsked(r, by) || slices.Contains(others, by)) {
		return nil
	}
	return refuse(NotAllowed, "Only those who asked and those who were asked can talk here.")
}

// wasAsked tells whether somebody was asked to decide or to review.
func wasAsked(r Request, who PersonID) bool {
	if r.Review != nil && slices.Contains(r.Review.Asked, who) {
		return true
	}
	return slices.ContainsFunc(r.Stages, func(s Stage) bool { return slices.Contains(s.Asked, who) || slices.Contains(s.Standby, who) })
}
