package inbox

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/comments"
	"latchkey/workflow/engine"
)

// reviewOf is the campaign whose issue it is; "" if it is none's.
func (s *Service) reviewOf(tx store.Tx, seen access.IssueSnapshot) (string, error) {
	if s.reviews == nil || !seen.Own && !seen.Gone {
		return "", nil
	}
	c, err := store.CampaignOfIssue(tx, seen.Issue.ID)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return c.ID, err
}

// reviewComment passes on what somebody wrote on the issue of a review. Who they are is established by their account.
func (s *Service) reviewComment(ctx context.Context, campaign string, on access.Issue, m ReviewComment) error {
	by := access.Actor{Via: access.ViaJira, Account: m.Comment.By.ID}
	who, err := s.people.Holder(ctx, m.Comment.By)
	refusal, unknown := access.AsRefusal(err)
	if err != nil && !unknown {
		return err
	}
	w := comments.Written{Campaign: campaign, Issue: on, Comment: m.Comment, By: by, Again: m.Again}
	if w.By.Person = who.ID; unknown {
		w.Unknown = refusal.Sentence
	}
	w.First = func(u *engine.Unit) (bool, error) { return firstRead(u, on, m) }
	return s.reviews.Take(ctx, w)
}

// firstRead notes that a comment is dealt with, and tells whether that is news.
func firstRead(u *engine.Unit, on access.Issue, m ReviewComment) (bool, error) {
	if m.Comment.Changed { // now and whenever the issue is read again: that is told once
		if news, err := u.Becomes(fmt.Sprintf("changed|%s/%d", on.ID, m.Comment.ID), true); err != nil || m.Again {
			return news, err
		}
	}
	c, err := loadCursor(u.Tx, on.ID)
	if err != nil || m.Comment.ID <= c.Comment {
		return false, err
	}
	c.Comment = m.Comment.ID
	return true, store.PutIssueCursor(u.Tx, &c)
}
