package deciding

import (
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// Moving says who answers a worklist from now on, and in whose place.
type Moving struct {
	From, To access.PersonID
	Beside   bool
	By       access.Actor
	Why      string
}

// Move has somebody else answer a worklist. What they answer already is left alone; rows about themselves go to others.
func (s *Service) Move(u *engine.Unit, c access.Campaign, w access.Worklist, m Moving) error {
	e := rows.WithReview(c.Event(access.EventReviewerMoved, m.By, u.At))
	e.Reason, e.Review.From, e.Review.To, e.Review.Beside = m.Why, m.From, m.To, m.Beside
	next, err := w.Move(e, u.At)
	if _, refused := access.AsRefusal(err); refused && m.By.Person == "" {
		return nil
	}
	if err != nil {
		return err
	}
	if err := engine.Begin(u, rows.Worklists(), &next, e); err != nil {
		return err
	}
	if err := notify.TellWaiting(u, m.To, u.At); err != nil {
		return err
	}
	return s.ownRows(u, c, next)
}

// whoseOwn says why others answer a row about whoever stands in a reviewer's place.
const whoseOwn = "It is about whoever answers in the reviewer's place, and nobody reviews their own access."

// ownRows gives rows to others that are about the only one who answers a worklist: otherwise nobody could.
func (s *Service) ownRows(u *engine.Unit, c access.Campaign, w access.Worklist) error {
	asked := w.AskedNow()
	if len(asked) != 1 {
		return nil
	}
	o, err := s.campaign(u, c.ID)
	if errors.Is(err, snapshot.ErrUnfinished) || errors.Is(err, store.ErrNotFound) {
		return nil // no row can be looked up, so none is found to be about them; they answer all that can be
	}
	if err != nil {
		return err
	}
	n := Counts(u)
	for row, err := range o.Rows.About(asked[0]) {
		if err == nil && o.waitsIn(w, row) {
			_, err = s.handOn(u, n, o, row, handingOn{w.Reviewer, whoseOwn})
		}
		if err != nil {
			return err
		}
	}
	return n.Save()
}

// waitsIn tells whether a row waits in a worklist.
func (c reviewed) waitsIn(w access.Worklist, row rows.Row) bool {
	i := c.AsItStands(row)
	_, said := i.AnswerOf(w.Reviewer, i.Stage)
	return row.Excluded == "" && i.State == access.ItemOpen && i.List() == w.Stage && !said && slices.Contains(i.Reviewers, w.Reviewer)
}
