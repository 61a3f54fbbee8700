package inbox

import (
	"context"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// comments are what others wrote for the customer to read.
func (s Situation) comments() (out []Action) {
	for _, m := range s.Seen.Comments {
		if m.ID <= s.Cursor.Comment || !m.Public || strings.TrimSpace(m.Text) == "" || people.CodeIn(m.Text) != "" || m.At.Before(s.Since) {
			continue
		}
		out = append(out, Comment{ID: m.ID, By: m.By, Text: clipped(m.Text, access.MaxReason)})
	}
	return out
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
		_, err = u.Append(e, access.Effect{Kind: access.EffectTell})
		return err
	})
}
