package stages

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// recheckAfter is how long after the last revocation could be carried out every one of them is looked at once more.
const recheckAfter = time.Hour

// stageOver does what follows when the time to answer is over: the next stage begins, or each row that nothing determines
// becomes what the review says of those. It does a few rows at a time, and begins anew where it was broken off: what is
// done is passed over.
func (s *Service) stageOver(ctx context.Context, t store.Task) (engine.Outcome, error) {
	a, err := engine.ReadPayload[rows.About](t)
	if err != nil {
		return nil, err
	}
	c, err := s.rows.Load(ctx, a.Campaign)
	if err != nil || c.State != access.CampaignOpen || c.Over.IsZero() {
		return nil, err
	}
	if err := s.finishLists(ctx, c); err != nil {
		return nil, err
	}
	if !c.Review.Last(c.Stage) && !c.Early && c.ToIT == 0 {
		return s.nextStage(ctx, c)
	}
	left, err := s.determineAll(ctx, c)
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error { return s.decided(u, c.ID, left) }, nil
}

// finishLists notes that nothing of the stage waits for anybody any more.
func (s *Service) finishLists(ctx context.Context, c access.Campaign) error {
	for after, more := "", true; more; {
		last := after
		err := s.units.Update(ctx, func(u *engine.Unit) error {
			page, damage, err := store.Sound(store.WorklistsOpen(u.Tx, c.ID, rows.ListOf(c), after, rows.AtOnce))
			more = len(page) > 0 && len(page)+len(damage) == rows.AtOnce
			for _, w := range page {
				last = w.ID()
				if w.Done = true; err == nil {
					err = engine.Save(u, rows.Worklists(), &w)
				}
			}
			return err
		})
		if err != nil {
			return err
		}
		after = last
	}
	return nil
}

// determineAll determines every row that nothing determines yet, and counts those that are left to IT. Rows that stay
// because nobody said anything, as the review says, get no record of their own: that they have none says so
// (Row.Became).
func (s *Service) determineAll(ctx context.Context, c access.Campaign) (left int, err error) {
	err = s.rows.Pages(ctx, c.ID, func(o rows.Opened, page []rows.Row) error {
		var todo []int
		for _, row := range page {
			switch fate := o.Fate(row); {
			case fate.Waits:
				left++
			case fate.Todo:
				todo = append(todo, row.Number)
			}
		}
		for part := range slices.Chunk(todo, rows.AtOnce) {
			n, err := s.determineSome(ctx, c.ID, part)
			if err != nil {
				return err
			}
			left += n
		}
		return nil
	})
	return left, err
}

func (s *Service) determineSome(ctx context.Context, campaign string, numbers []int) (left int, err error) {
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		left = 0
		c, err := s.rows.InUnit(u, campaign)
		if err != nil {
			return err
		}
		it, err := s.authority.AdminsIn(u.Tx)
		if err != nil {
			return err
		}
		n := deciding.Counts(u)
		for _, number := range numbers {
			row, err := c.Rows.Row(number)
			if err != nil {
				return err
			}
			toIT, err := determine(c, u, n, row, it)
			if err != nil {
				return fmt.Errorf("row %d of %s: %w", number, campaign, err)
			}
			if toIT {
				left++
			}
		}
		return n.Save()
	})
	return left, err
}

// determine writes down what becomes of a row, and tells whether IT has to answer it.
func determine(c rows.Opened, u *engine.Unit, n *deciding.Counting, row rows.Row, it []access.PersonID) (toIT bool, err error) {
	f := c.Fate(row)
	if f.Waits || !f.Todo {
		return f.Waits, nil
	}
	i, kept, err := c.Item(u, row)
	if err == nil && kept {
		i, err = c.InStage(u, row, i)
	}
	if err != nil {
		return false, err
	}
	others := slices.DeleteFunc(slices.Clone(it), func(p access.PersonID) bool { return p == row.Person })
	if f.Escalate && len(others) > 0 {
		return true, deciding.Reassign(u, n, i, deciding.Handing{To: others, AnyOne: true, By: access.System(), Left: f.Grounds})
	}
	if f.Escalate { // IT is nobody who may answer it
		f.Decision = access.DecisionKeep
	}
	e := i.Event(access.EventRowDecided, access.System(), u.At)
	e.Review.Decision, e.Review.Grounds, e.Review.Recommended = f.Decision, f.Grounds, row.Recommended
	_, err = engine.Move(u, rows.Items(), i, e)
	return false, err
}

// decided goes on once every row is determined, or left to IT.
func (s *Service) decided(u *engine.Unit, id string, left int) error {
	c, err := engine.Load(u, rows.Campaigns(), id)
	if err != nil || c.Over.IsZero() || c.State != access.CampaignOpen {
		return err
	}
	if left > 0 && c.ToIT == 0 {
		e := rows.WithReview(c.Event(access.EventRowsLeftToIT, access.System(), u.At))
		e.Review.Left, e.Review.Remind = left, u.At.Add(itAgain)
		if c, err = engine.Move(u, rows.Campaigns(), c, e); err != nil {
			return err
		}
		if err := notify.Announce(u, "review/left/"+c.ID, "", fmt.Sprintf("Access review %s: %s left to IT", c.Review.Name, rowsAre(left)),
			"Nobody who was asked has answered, or nobody could be found who may. The review goes on once you have.", "Review "+c.ID); err != nil {
			return err
		}
		return errors.Join(s.tellReviewers(u, c), notify.CampaignMoved(u, c))
	}
	e := rows.WithReview(c.Event(access.EventDecidingOver, access.System(), u.At))
	p, err := store.ReviewProgress(u.Tx, c.ID)
	if err != nil {
		return err
	}
	e.Review.Progress, e.Review.Due = &p, u.At.Add(c.Review.Undo+recheckAfter)
	if c, err = engine.Move(u, rows.Campaigns(), c, e); err != nil {
		return err
	}
	return notify.CampaignMoved(u, c)
}

func rowsAre(n int) string {
	if n == 1 {
		return "1 row is"
	}
	return fmt.Sprintf("%d rows are", n)
}
