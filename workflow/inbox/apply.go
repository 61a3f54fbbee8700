package inbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/requests"
)

// takeAll deals with every issue that was seen, whatever becomes of the others.
func (s *Service) takeAll(ctx context.Context, seen []access.IssueSnapshot) error {
	var errs []error
	for _, one := range seen {
		if err := s.take(s.units.Holding(ctx), one); err != nil {
			errs = append(errs, fmt.Errorf("issue %s: %w", one.Issue.Key, err))
		}
	}
	return errors.Join(errs...)
}

// take deals with one issue: it does what follows from how the issue stands, and
// notes what is only to be noted, together with how far the issue was read.
func (s *Service) take(ctx context.Context, seen access.IssueSnapshot) error {
	from, err := s.situation(ctx, seen)
	if err != nil {
		return err
	}
	if ahead, err := s.knowsMore(ctx, from); err != nil || ahead {
		return err
	}
	if !from.concerns() {
		return nil
	}
	var noted []Action
	now, todo := from, Interpret(from)
	for len(todo) > 0 {
		act := todo[0]
		todo = todo[1:]
		switch act := act.(type) {
		case attempt: // it may have moved the request: the rest is interpreted anew
			var failed []Action
			if now, failed, err = s.attempt(ctx, now, act); err == nil {
				noted, todo = append(noted, failed...), Interpret(now)
			}
		case Prove:
			err = s.prove(ctx, seen.Issue, act)
			now.Proved = append(now.Proved, act.ID)
		case Comment:
			err = s.comment(ctx, now.Case, seen.Issue, act)
		case ReviewComment:
			err = s.reviewComment(ctx, now.Review, seen.Issue, act)
		case SubmitPortalRequest:
			ask, made, err := s.submit(ctx, seen, act)
			if err != nil || made {
				return err // the next look sees the issue of a request
			}
			noted = append(noted, ask)
		case AskClarification:
			act, err = s.whom(ctx, seen, act)
			noted = append(noted, act)
		default:
			noted = append(noted, act)
		}
		if err != nil {
			return err
		}
	}
	return s.note(ctx, from, noted)
}

// situation is how an issue stands and what is known about it.
func (s *Service) situation(ctx context.Context, seen access.IssueSnapshot) (Situation, error) {
	now := Situation{Seen: seen, Catalog: engine.Offered(ctx, s.catalog), Trust: s.trust(), Decides: s.decides}
	request := ""
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		request = ""
		if now.Cursor, err = loadCursor(tx, seen.Issue.ID); err != nil {
			return err
		}
		if now.Older, err = older(tx, s.units.Now()); err != nil {
			return err
		}
		r, err := store.RequestOfIssue(tx, seen.Issue.ID)
		if errors.Is(err, store.ErrNotFound) {
			now.Review, err = s.reviewOf(tx, seen)
			return err
		}
		if err != nil {
			return err
		}
		request = r.ID
		if now.Since, err = lastTurn(tx, first, r.Created); now.Since.Before(r.Created) {
			now.Since = r.Created
		}
		return err
	})
	if err != nil || request == "" {
		return now, err
	}
	return s.withCase(ctx, now, request)
}

// withCase is the situation with the case as it is now.
func (s *Service) withCase(ctx context.Context, now Situation, request string) (Situation, error) {
	c, err := s.cases.Case(ctx, request)
	if err != nil {
		return now, err
	}
	now.Case, now.At = c, s.units.Now()
	err = s.units.View(ctx, func(tx store.Tx) (err error) {
		if now.Unwritten, err = unwritten(tx, c); err == nil && !now.Unwritten {
			_, now.Unwritten, err = quarantined(tx, now.At) // the issue may know more: it is not compared with less
		}
		return err
	})
	return now, err
}

// quarantined is why no new access is given for now, if there is a reason: a pause is none.
func quarantined(tx store.Tx, at time.Time) (access.Pause, bool, error) {
	cause, paused, err := store.PausedBy(tx, at)
	return cause, paused && cause.Until.IsZero(), err
}

// older tells whether the store may not know all that happened.
func older(tx store.Tx, at time.Time) (bool, error) {
	if _, held, err := quarantined(tx, at); err != nil || held {
		return held, err
	}
	a, err := store.Accepted(tx)
	return !a.At.IsZero(), err
}

// unwritten reports whether something of a case is still to be written to its issue.
func unwritten(tx store.Tx, c access.Case) (bool, error) {
	for _, e := range c.Story {
		_, err := tx.Task(ledger.RecordID(e))
		if err == nil || !errors.Is(err, store.ErrNotFound) {
			return err == nil, err
		}
	}
	return false, nil
}

// attempt tries an act that somebody meant, and says what it was instead if it
// doesn't count. The situation returned lies behind it.
func (s *Service) attempt(ctx context.Context, now Situation, act attempt) (Situation, []Action, error) {
	who, err := s.perform(ctx, now.Case, act)
	refusal, refused := access.AsRefusal(err)
	if err != nil && !refused {
		return now, nil, err
	}
	if refused && refusal.Reason == access.Unknown && who == "" {
		if err := s.hint(ctx, now.Case, act); err != nil {
			return now, nil, err
		}
	}
	now.Seen = behind(now.Seen, act.key())
	now, err = s.withCase(ctx, now, now.Case.Request.ID)
	if err != nil || !refused {
		return now, nil, err
	}
	return now, act.failed(now.Case, who, refusal.Sentence), nil
}

// perform puts an act through the door that every act goes through, in the name
// of the person whose account it came from.
func (s *Service) perform(ctx context.Context, c access.Case, act attempt) (access.PersonID, error) {
	who, err := s.people.Holder(ctx, act.account())
	if err != nil {
		return "", err
	}
	by := access.Actor{Person: who.ID, Via: access.ViaJira, Account: act.account().ID}
	switch act := act.(type) {
	case Decide:
		d := requests.Decision{Request: c.Request.ID, By: by, Yes: act.Yes, Reason: act.Reason, Seen: act.Stage + 1}
		if !act.Yes && d.Reason == "" {
			d.Reason = unsaid(who)
		}
		_, err = s.requests.Decide(ctx, d)
	case Cancel:
		err = s.requests.Cancel(ctx, c.Request.ID, by)
	case Fulfil:
		err = s.requests.Fulfil(ctx, c.Request.ID, access.Granting, by)
	case CantFulfil:
		err = s.requests.CantFulfil(ctx, c.Request.ID, access.Granting, cmp.Or(act.Reason, unsaid(who)), by)
	}
	return who.ID, err
}

// unsaid stands for a reason that somebody didn't give in Jira.
func unsaid(who access.Person) string {
	return "No reason was given in Jira; please ask " + who.Display() + "."
}

// submit asks for what somebody asked for in the portal. It is judged by the same
// rules as any other, those for asking for others too; what is wrong with it has to
// be clarified.
func (s *Service) submit(ctx context.Context, seen access.IssueSnapshot, a SubmitPortalRequest) (ask AskClarification, made bool, err error) {
	who, err := s.people.Holder(ctx, seen.Reporter)
	by := who
	if err == nil {
		ask.Who, ask.App = who.ID, a.App
		by, err = s.author(ctx, seen, who)
	}
	if err == nil {
		_, err = s.requests.Submit(ctx, requests.Submission{
			ID: portalOrigin(seen.Issue), By: by, For: who.ID, App: a.App, Role: a.Role, Wanted: a.Wanted, Reason: a.Reason,
			Via: access.ViaJira, Issue: seen.Issue,
		})
	}
	if r, refused := access.AsRefusal(err); refused {
		ask.Why = r.Sentence
		return ask, false, nil
	}
	return ask, err == nil, err
}

// whom adds who can complete a request from the portal. Somebody who can't ask at
// all is told that instead.
func (s *Service) whom(ctx context.Context, seen access.IssueSnapshot, ask AskClarification) (AskClarification, error) {
	who, err := s.people.Holder(ctx, seen.Reporter)
	if r, refused := access.AsRefusal(err); refused {
		return AskClarification{Why: r.Sentence}, nil
	}
	ask.Who = who.ID
	return ask, err
}
