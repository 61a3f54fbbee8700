package requests

import (
	"context"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// LeaveTask is the kind of task that does what follows when somebody has left.
const LeaveTask = "person.left"

// leavePage is how many records of a leaver are dealt with in one unit: few enough
// that nobody's click waits behind it.
const leavePage = 50

// Left does what follows when somebody has left: what they asked for is
// cancelled, what they hold ends, and what waits for their answer is asked of
// somebody else. When it returns nil, that they left is remembered and the rest is
// durable work. Doing it again changes nothing more.
func (s *Service) Left(ctx context.Context, who access.PersonID) error {
	if who == "" {
		return nil
	}
	s.people.Forget(who)
	defer s.people.Forget(who) // whoever was looked up before it was remembered
	return s.units.Update(ctx, func(u *engine.Unit) error {
		if err := people.MarkLeft(u, who); err != nil {
			return err
		}
		t, err := leaveTask(leaver{Person: who})
		if err != nil {
			return err
		}
		if added, err := u.Enqueue(t); err != nil || added {
			return err
		}
		return u.Expedite(t.ID)
	})
}

// LeftSlack is Left for a Slack account that was deactivated. One that nobody is
// known by concerns nobody: whose address it shows proves nothing.
func (s *Service) LeftSlack(ctx context.Context, slackID string) error {
	who, err := s.people.Whose(ctx, access.SystemSlack, slackID)
	if err != nil {
		return err
	}
	return s.Left(ctx, who)
}

// leaver is the payload of a LeaveTask.
type leaver struct {
	Person access.PersonID

	// Of an offboarding: what they have ends on the word of IT, and they have not left.
	Offboard bool         `json:",omitempty"`
	By       access.Actor `json:",omitzero"`
	Reason   string       `json:",omitempty"`
}

func leaveTask(l leaver) (store.Task, error) {
	body, err := engine.Payload(l)
	return store.Task{ID: leaveTaskID(l), Queue: engine.HouseQueue, Kind: LeaveTask, Priority: store.Removals, Payload: body}, err
}

func leaveTaskID(l leaver) string {
	if l.Offboard {
		return "offboard/" + string(l.Person)
	}
	return "left/" + string(l.Person)
}

// leave carries a LeaveTask out, in as many units as it takes. One that breaks off
// begins again: what was done is not done twice. What can't be done keeps nothing
// else from it, and is told in the end.
func (s *Service) leave(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[leaver](t)
	if err != nil {
		return nil, err
	}
	if err := s.stages.endDelegations(ctx, p.Person); err != nil {
		return nil, err
	}
	if err := s.stages.handReviewsOn(ctx, p.Person); err != nil {
		return nil, err
	}
	var faults []error
	for _, part := range consequences(p, t) {
		failed, err := s.part(ctx, part)
		if err != nil {
			return nil, err
		}
		faults = append(faults, failed...)
	}
	if len(faults) > 0 {
		return nil, leaverFailure(s.people.Contact(ctx, p.Person), p.Offboard, faults)
	}
	return nil, nil
}

// endDelegations ends by which somebody decides for others, or others for them.
func (s stages) endDelegations(ctx context.Context, who access.PersonID) error {
	return s.units.Update(ctx, func(u *engine.Unit) error { return s.endUnfit(u, who) })
}

// handReviewsOn has somebody else answer what waits of access reviews for somebody.
func (s stages) handReviewsOn(ctx context.Context, who access.PersonID) error {
	if s.reviewerLeft == nil {
		return nil
	}
	return s.units.Update(ctx, func(u *engine.Unit) error { return s.reviewerLeft(u, who) })
}

func (s stages) endUnfit(u *engine.Unit, who access.PersonID) error {
	if s.delegations == nil {
		return nil
	}
	return s.delegations.EndAllOf(u, who)
}

// leaverFailure says what could not be done.
func leaverFailure(who string, offboard bool, faults []error) error {
	const most = 5
	said := make([]string, 0, most)
	for _, err := range faults[:min(len(faults), most)] {
		said = append(said, err.Error())
	}
	if more := len(faults) - most; more > 0 {
		said = append(said, fmt.Sprintf("and %d more", more))
	}
	why := "has left"
	if offboard {
		why = "is offboarded"
	}
	return &access.Failure{Class: access.Rejected, Sentence: fmt.Sprintf(
		"%s %s, and not everything that follows could be done. See to these by hand, or restore them from a backup and retry: %s", who, why, strings.Join(said, "; "))}
}
