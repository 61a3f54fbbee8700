package requests

import (
	"context"
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Decision is one approver's answer.
type Decision struct {
	Request string
	By      access.Actor
	Yes     bool
	Reason  string        // needed for a no
	Wanted  time.Duration // a yes for less time than asked; zero: as asked
	Typed   string        // what was typed to confirm, for roles that need it
	Seen    int           // the stage the person saw, counted from 1; 0: whichever it is
}

// Decide takes one approver's answer. When it returns nil the answer and all
// that follows from it are committed. Who may answer is found at this moment;
// only when a directory doesn't answer do the approvers who were told stand in,
// and the record says so.
func (s *Service) Decide(ctx context.Context, d Decision) (access.Request, error) {
	r, err := s.decide(ctx, d)
	return r, s.units.LogRefusal(ctx, d.Request, d.By, "answer", err)
}

func (s *Service) decide(ctx context.Context, d Decision) (access.Request, error) {
	seen, err := s.request(ctx, d.Request)
	if err != nil {
		return seen, err
	}
	if err := countsHere(s.jiraOnly, seen, d.By.Via); err != nil {
		return seen, err
	}
	if err := confirmed(s.catalog(), seen, d); err != nil {
		return seen, err
	}
	what := asItStands("answer", seen)
	if err := s.units.Insists(d.Request, d.By, what); err != nil {
		return seen, err
	}
	eligible, how, err := s.authority.Established(ctx, seen, d.By.Person)
	if err != nil {
		return seen, err
	}
	var moved access.Request
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		r, err := requestIn(u, d.Request)
		if err != nil {
			return err
		}
		if err := stillAsked(r, seen, d); err != nil {
			return err
		}
		if err := people.StillHere(u, d.By.Person); err != nil {
			return err
		}
		moved, err = u.MoveRequest(r, answer(r, d, eligible, how, u.At))
		return err
	})
	return moved, s.units.Insisted(d.Request, d.By, what, err)
}

// asItStands names something that is done to a request where it stands now: when it
// has moved on, another answer may follow.
func asItStands(what string, r access.Request) string {
	return fmt.Sprintf("%s, %s at stage %d", what, r.State, r.Stage)
}

// countsHere refuses a decision made where, by the configuration, none counts.
// Jira's own refusal is said where its issues are read.
func countsHere(jiraOnly bool, r access.Request, via access.Via) error {
	if !jiraOnly || via != access.ViaSlack {
		return nil
	}
	where := "its Jira issue, which is about to be made"
	if r.Issue.Key != "" {
		where = r.Issue.Key
	}
	return access.Refuse(access.NotAllowed, "", "Requests are decided in Jira here, so an answer in Slack doesn't count. Please decide in "+where+".")
}

// stillAsked refuses an answer to what isn't asked any more: the request moved on
// while it was found out who may answer, or since the person saw their card.
func stillAsked(r, seen access.Request, d Decision) error {
	who := d.By.Person
	switch {
	case r.Stage != seen.Stage || r.State != seen.State:
		if err := r.MayDecide(who, []access.PersonID{who}); err != nil {
			return err
		}
		return access.Refuse(access.TooLate, "", "Somebody answered at the same moment. Please look at the card again.")
	case d.Seen > 0 && d.Seen != r.Stage+1 && r.State == access.RequestPending:
		return access.Refuse(access.TooLate, "", "This card is from an earlier stage of the request, so your answer doesn't count. The newest card shows what is asked now.")
	}
	return nil
}

func answer(r access.Request, d Decision, eligible []access.PersonID, how string, at time.Time) access.Event {
	kind := access.EventDenied
	if d.Yes {
		kind = access.EventApproved
	}
	e := r.Event(kind, d.By, at)
	e.Approvers, e.Checked, e.Reason, e.Wanted = eligible, how, strings.TrimSpace(d.Reason), d.Wanted
	return e
}

// confirmed asks for the typed confirmation where the role needs one.
func confirmed(c *catalog.Catalog, r access.Request, d Decision) error {
	app, role, _ := c.Role(r.App, r.Role)
	if !d.Yes || role.Assurance != catalog.Confirm || catalog.Same(d.Typed, app.Name) {
		return nil
	}
	return access.Refuse(access.Invalid, "typed", fmt.Sprintf("To approve this role, please type the app's name: %s", app.Name))
}
