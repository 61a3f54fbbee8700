package workflow

import (
	"context"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/store"
)

// hearRemarks makes what others wrote on the issue for the customer to read part
// of the conversation, once each. What the customer wrote they need not be told.
func (s *Service) hearRemarks(ctx context.Context, c access.Case, si access.IssueSnapshot, seen store.Watched) error {
	oldest, err := s.oldest(ctx, c.Request)
	if err != nil {
		return err
	}
	for _, m := range si.Comments {
		if m.ID <= seen.Remark || !m.Public || strings.TrimSpace(m.Text) == "" || m.At.Before(oldest) {
			continue
		}
		if err := s.hearRemark(ctx, c, si.Issue, m); err != nil {
			return err
		}
	}
	return nil
}

// hearRemark passes one comment on. How far the comments were read is remembered
// in the same transaction, so that it is passed on once.
func (s *Service) hearRemark(ctx context.Context, c access.Case, issue access.Issue, m access.Comment) error {
	by := access.Actor{Person: PersonOf(m.By.Email), Via: access.ViaJira, Account: m.By.ID}
	if who, err := s.holder(ctx, m.By, c.Request.Requester, c.Request.Beneficiary); err == nil {
		by.Person = who.ID
	}
	return s.update(ctx, func(st *step) error {
		w, err := loadWatch(st.tx, issue.ID)
		if err != nil || m.ID <= w.Remark {
			return err
		}
		w.Remark = m.ID
		if err := store.PutWatch(st.tx, &w); err != nil {
			return err
		}
		r, err := store.Request(st.tx, c.Request.ID)
		if err != nil {
			return err
		}
		e := r.Event(access.EventReplied, by, st.at)
		e.Reason, e.Origin = clipped(m.Text, access.MaxReason), fmt.Sprintf("jira/%s/%d", issue.ID, m.ID)
		if by.Person == "" {
			e.Note = named(m.By)
		}
		return st.carry(e, []access.Effect{{Kind: access.EffectTell}})
	})
}
