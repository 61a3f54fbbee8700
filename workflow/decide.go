package workflow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// checkTimeout bounds how long a decision waits for the directories. Slack
// wants its answer within three seconds.
const checkTimeout = 1500 * time.Millisecond

// Decide takes one approver's answer. When it returns nil the answer and all
// that follows from it are committed. Who may answer is found at this moment;
// only when a directory doesn't answer do the approvers who were told stand in,
// and the record says so.
func (s *Service) Decide(ctx context.Context, d Decision) (access.Request, error) {
	r, err := s.decide(ctx, d)
	return r, s.Turned(ctx, d.Request, d.By, "answer", err)
}

func (s *Service) decide(ctx context.Context, d Decision) (access.Request, error) {
	c, err := s.Case(ctx, d.Request)
	if err != nil {
		return access.Request{}, err
	}
	if err := confirmed(c, d); err != nil {
		return c.Request, err
	}
	eligible, checked, err := s.mayAnswer(ctx, c)
	if err != nil {
		return c.Request, err
	}
	var moved access.Request
	err = s.update(ctx, func(st *step) error {
		r, err := store.Request(st.tx, d.Request)
		if err != nil {
			return err
		}
		if r.Stage != c.Request.Stage || r.State != c.Request.State {
			return changedMeanwhile(r, d.By.Person)
		}
		if d.Seen > 0 && d.Seen != r.Stage+1 && r.State == access.RequestPending {
			return access.Refuse(access.TooLate, "", "This card is from an earlier step of the request, so your answer doesn't count. The newest card shows what is asked now.")
		}
		moved, err = st.request(r, answer(r, d, eligible, checked, st.at))
		return err
	})
	return moved, err
}

// changedMeanwhile tells a person whose click crossed with another's.
func changedMeanwhile(r access.Request, who access.PersonID) error {
	if err := r.MayDecide(who, []access.PersonID{who}); err != nil {
		return err
	}
	return access.Refuse(access.TooLate, "", "Somebody answered at the same moment. Please look at the card again.")
}

func answer(r access.Request, d Decision, eligible []access.PersonID, checked string, at time.Time) access.Event {
	kind := access.EventDenied
	if d.Yes {
		kind = access.EventApproved
	}
	e := r.Event(kind, d.By, at)
	e.Approvers, e.Checked, e.Reason, e.Wanted = eligible, checked, strings.TrimSpace(d.Reason), d.Wanted
	return e
}

// confirmed asks for the typed confirmation where the role needs one.
func confirmed(c access.Case, d Decision) error {
	if !d.Yes || c.Role.Assurance != catalog.Confirm || strings.EqualFold(strings.TrimSpace(d.Typed), c.App.Name) {
		return nil
	}
	return access.Refuse(access.Invalid, "typed", fmt.Sprintf("To approve this role, please type the app's name: %s", c.App.Name))
}

// mayAnswer finds the approvers of the current stage, and how that was established.
func (s *Service) mayAnswer(ctx context.Context, c access.Case) (found []access.PersonID, checked string, err error) {
	if c.Request.State != access.RequestPending {
		return nil, "", nil // Apply says why
	}
	short, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	if found, err = s.eligible(short, c); err == nil {
		return found, "", nil
	}
	stage := c.Request.Stages[c.Request.Stage]
	if len(stage.Asked) == 0 || ctx.Err() != nil {
		return nil, "", fmt.Errorf("find out who may decide: %w", err)
	}
	s.log.Warn("a directory does not answer; the approvers who were asked stand in", "request", c.Request.ID, "error", err)
	return stage.Asked, "as established when the approvers were asked; a directory did not answer at the moment of the decision", nil
}

// Cancel withdraws a waiting request.
func (s *Service) Cancel(ctx context.Context, request string, by access.Actor) error {
	err := s.moveRequest(ctx, request, func(r access.Request, at time.Time) access.Event {
		return r.Event(access.EventCancelled, by, at)
	})
	return s.Turned(ctx, request, by, "withdraw", err)
}

func (s *Service) moveRequest(ctx context.Context, id string, event func(access.Request, time.Time) access.Event) error {
	return s.update(ctx, func(st *step) error {
		r, err := store.Request(st.tx, id)
		if err != nil {
			return notFound(err, "That request isn't known any more.")
		}
		_, err = st.request(r, event(r, st.at))
		return err
	})
}
