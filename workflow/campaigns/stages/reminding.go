package stages

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// tellReviewers has all told who have rows left, each in one message about all that waits for them.
func (s *Service) tellReviewers(u *engine.Unit, c access.Campaign) error {
	return rows.Enqueue(u, TellTask, fmt.Sprintf("%s/%d/%d", c.ID, rows.ListOf(c), c.Reminded), engine.HouseQueue, store.Notices, rows.About{Campaign: c.ID})
}

// tell tells those who have rows left in the stage that goes on, some in each unit of work. Whoever was told by an attempt
// that broke off isn't told twice: what waits to be told is there once.
func (s *Service) tell(ctx context.Context, t store.Task) (engine.Outcome, error) {
	a, err := engine.ReadPayload[rows.About](t)
	if err != nil {
		return nil, err
	}
	for after, last, more := "", "", true; more; after = last {
		err := s.units.Update(ctx, func(u *engine.Unit) error {
			last, more = after, false
			c, err := engine.Load(u, rows.Campaigns(), a.Campaign)
			if err != nil || !c.Answers() {
				return err
			}
			page, damage, err := store.Sound(store.WorklistsOpen(u.Tx, c.ID, rows.ListOf(c), after, rows.AtOnce))
			if err != nil {
				return err
			}
			for _, w := range page {
				if err := s.tellOf(u, w, t); err != nil {
					return err
				}
				last = w.ID()
			}
			more = len(page) > 0 && len(page)+len(damage) == rows.AtOnce
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return nil, s.meetManagers(ctx, a.Campaign)
}

// tellOf has those told who answer a worklist, once for each time that all are. Of whoever has left by then, others answer it.
func (s *Service) tellOf(u *engine.Unit, w access.Worklist, t store.Task) error {
	if !w.LastTold.Before(t.Created) {
		return nil
	}
	for _, who := range w.AskedNow() {
		if err := s.reviewers.ReviewerLeft(u, who); err != nil {
			return err
		}
	}
	w, err := engine.Load(u, rows.Worklists(), w.ID())
	if err != nil {
		return err
	}
	for _, who := range w.AskedNow() {
		if err := notify.TellWaiting(u, who, u.At); err != nil {
			return err
		}
	}
	w.Told, w.LastTold = w.Told+1, u.At
	return engine.Save(u, rows.Worklists(), &w)
}

// lateReviewers asks the managers of those who are late: beside them first, then in their place.
func (s *Service) lateReviewers(ctx context.Context, t store.Task) (engine.Outcome, error) {
	a, err := engine.ReadPayload[rows.About](t)
	if err != nil {
		return nil, err
	}
	c, err := s.rows.Load(ctx, a.Campaign)
	if err != nil || !c.Answers() || c.ToIT > 0 {
		return nil, err
	}
	var all []access.Worklist
	err = s.units.View(ctx, func(tx store.Tx) error {
		all = nil
		return eachOpen(tx, c, func(w access.Worklist) error {
			all = append(all, w)
			return nil
		})
	})
	for _, w := range all {
		if err == nil {
			err = s.askAbove(ctx, c, w, a.Step < lateReplaces)
		}
	}
	return nil, err
}

// lateReplaces is from which step on managers answer in the place of those who are late.
const lateReplaces = 3

// askAbove asks the manager of whoever is late. One who has none is told again, and asked until the end.
func (s *Service) askAbove(ctx context.Context, c access.Campaign, w access.Worklist, beside bool) error {
	manager, err := s.authority.Manager(ctx, w.Reviewer)
	if people.Softly(err) != nil {
		return err
	}
	if manager == "" || manager == w.Reviewer {
		return nil
	}
	why := "They have not answered in time, so their manager is asked as well."
	if !beside {
		why = "They have not answered in time, so their manager answers in their place."
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		w, err := engine.Load(u, rows.Worklists(), w.ID())
		if err != nil || w.Left() == 0 {
			return err
		}
		return s.reviewers.Move(u, c, w, deciding.Moving{From: w.Reviewer, To: manager, Beside: beside, By: access.System(), Why: why})
	})
}
