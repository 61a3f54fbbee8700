package inbox

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// note writes down what is to be noted and how far the issue was read, at once.
func (s *Service) note(ctx context.Context, from Situation, noted []Action) error {
	return s.units.Update(ctx, func(u *engine.Unit) error {
		c, err := loadCursor(u.Tx, from.Seen.Issue.ID)
		if err != nil {
			return err
		}
		if c.Change > from.Cursor.Change || c.Updated.After(from.Cursor.Updated) {
			return nil // another process was faster
		}
		c = past(c, from.Seen)
		c.Request, c.Doubt = from.Case.Request.ID, ""
		for _, act := range noted {
			switch act := act.(type) {
			case Gone:
				err = gone(u, c.Request)
			case Back:
				err = back(u, c.Request)
			case Rename:
				err = rename(u, c.Request, act)
			case Drift:
				err = drifted(u, c.Request, act)
			case Doubt:
				c.Doubt = act.What
			case AskClarification:
				err = s.ask(u, &c, from.Seen.Issue, act)
			}
			if err != nil {
				return err
			}
		}
		return store.PutIssueCursor(u.Tx, &c)
	})
}

// rename follows an issue to its new key.
func rename(u *engine.Unit, request string, a Rename) error {
	r, err := u.Request(request)
	if err != nil || r.Issue.Key == a.Issue.Key {
		return err
	}
	r.Issue.Key, r.Issue.URL, r.Issue.Portal = a.Issue.Key, a.Issue.URL, a.Issue.Portal
	return engine.Save(u, engine.Requests(), &r)
}

// drifted makes a drift an event of the story and tells IT, once.
func drifted(u *engine.Unit, request string, d Drift) error {
	r, err := u.Request(request)
	if err != nil {
		return err
	}
	by := access.Actor{Via: access.ViaJira, Account: d.By.ID}
	if by.Person, err = store.HoldingsOf(u.Tx).AccountHolder(access.SystemJira, d.By.ID); err != nil {
		return err
	}
	seen, err := noticed(u, r.ID, by, d)
	if err != nil || seen.what == "" {
		return err
	}
	e := r.Event(access.EventIssueDrift, by, u.At)
	e.Note = seen.what
	if _, err := u.Append(e, access.Effect{Kind: access.EffectRecord}); err != nil || !seen.tell {
		return err
	}
	return notify.Announce(u, "drift/"+r.ID+"/"+d.Key, "", "Changed by hand in Jira: "+r.Label(),
		seen.what, "Latchkey does not follow it, and puts back what it can.", seen.more, r.Issue.URL)
}

// ask says on the issue what is missing, unless that was said, and remembers who
// can complete it. What has become a request meanwhile is complete.
func (s *Service) ask(u *engine.Unit, c *store.IssueCursor, on access.Issue, a AskClarification) error {
	if _, err := store.RequestOfIssue(u.Tx, on.ID); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	c.Waits, c.App, c.Key, c.URL, c.Portal = string(a.Who), a.App, on.Key, on.URL, on.Portal
	mark := a.mark()
	if c.Asked == mark {
		return nil
	}
	c.Asked = mark
	if n, _, err := u.Counts("clarify|"+on.ID, clarifiedIn); err != nil || n > mostClarified {
		return err // a rule that changes the issue after every comment is not answered for ever
	}
	return ledger.AddComment(u, ledger.Comment{Marker: "portal/" + on.ID + "/" + mark, Issue: on, Body: access.IssueComment{
		ID: "portal-" + mark, At: u.At, Title: a.Why, Lines: a.lines(), Link: s.link, Public: true,
	}})
}

// comment passes on what somebody wrote on the issue. What the customer wrote
// they need not be told. How far the comments were read is remembered in the same
// unit, so that each is passed on once.
func (s *Service) comment(ctx context.Context, c access.Case, on access.Issue, m Comment) error {
	by := access.Actor{Via: access.ViaJira, Account: m.By.ID}
	if who, err := s.people.Holder(ctx, m.By); err == nil {
		by.Person = who.ID
	} else if by.Person, err = s.people.Whose(ctx, access.SystemJira, m.By.ID); err != nil {
		return err // known, but not to be looked up right now
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		cursor, err := loadCursor(u.Tx, on.ID)
		if err != nil || m.ID <= cursor.Comment {
			return err
		}
		cursor.Comment = m.ID
		if err := store.PutIssueCursor(u.Tx, &cursor); err != nil {
			return err
		}
		r, err := u.Request(c.Request.ID)
		if err != nil {
			return err
		}
		left, in, err := u.Says(by, access.RequestSubject(r.ID))
		if err != nil || left < -1 {
			return err // it stands on the issue, and that there is more was said
		}
		e := r.Event(access.EventReplied, by, u.At)
		e.Reason, e.Origin = m.Text, fmt.Sprintf("jira/%s/%d", on.ID, m.ID)
		switch {
		case left < 0:
			e.Actor, e.Note = access.System(), "Latchkey"
			e.Reason = "There are more comments on the issue than anybody can read here. Those of the next " + catalog.FormatDuration(in) + " are not passed on: see the issue."
		case by.Person == "":
			e.Note = people.Called(m.By)
		}
		return passOn(u, r, e)
	})
}

// passOn takes note of what somebody wrote on the issue. If that is what they were asked, the
// request waits for those again who decide, and whoever asked is told.
func passOn(u *engine.Unit, r access.Request, e access.Event) error {
	if by := e.Actor.Person; by != "" && r.State == access.RequestPending && r.Questioned && (by == r.Requester || by == r.Beneficiary) {
		answer := e
		if text := []rune(strings.TrimSpace(e.Reason)); len(text) > access.MaxReason {
			answer.Reason = string(text[:access.MaxReason-1]) + "…" // the rest stands on the issue
		}
		_, err := u.MoveRequest(r, answer)
		if _, refused := access.AsRefusal(err); !refused {
			return err
		}
	}
	_, err := u.Append(e, access.Effect{Kind: access.EffectTell})
	return err
}
