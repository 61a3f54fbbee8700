package stages

import (
	"cmp"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// Due does what the time has come for of a campaign that people answer.
func (s *Service) Due(u *engine.Unit, c access.Campaign) error {
	left, err := leftIn(u.Tx, c)
	if err != nil {
		return err
	}
	if c.StageEnds(left, u.At) {
		_, err := s.Over(u, c, access.System())
		return err
	}
	for c.Late(u.At) { // after a time in which nobody looked, several steps come at once
		if c, err = late(u, c, left); err != nil {
			return err
		}
	}
	if !c.Remind.IsZero() && !u.At.Before(c.Remind) {
		if c, err = s.remind(u, c, left); err != nil {
			return err
		}
	}
	if left > 0 && !c.AllSaid.IsZero() { // somebody took an answer back
		c.AllSaid = time.Time{}
		return engine.Save(u, rows.Campaigns(), &c)
	}
	return nil
}

// leftIn is how many rows wait for an answer, as their reviewers see it: a row of two counts twice.
func leftIn(tx store.Tx, c access.Campaign) (left int, err error) {
	err = eachOpen(tx, c, func(w access.Worklist) error {
		left += w.Left()
		return nil
	})
	return left, err
}

// eachOpen goes through all worklists in which something is left.
func eachOpen(tx store.Tx, c access.Campaign, do func(access.Worklist) error) error {
	for after := ""; ; {
		page, damage, err := store.Sound(store.WorklistsOpen(tx, c.ID, rows.ListOf(c), after, 500))
		if err != nil {
			return err
		}
		for _, w := range page {
			if err := do(w); err != nil {
				return err
			}
			after = w.ID()
		}
		if len(page)+len(damage) < 500 {
			return nil
		}
	}
}

// Over ends the time to answer in the stage that goes on, by itself or on somebody's word.
func (s *Service) Over(u *engine.Unit, c access.Campaign, by access.Actor) (access.Campaign, error) {
	c, err := engine.Move(u, rows.Campaigns(), c, rows.WithReview(c.Event(access.EventStageOver, by, u.At)))
	if err != nil {
		return c, err
	}
	return c, rows.Enqueue(u, StageTask, fmt.Sprintf("%s/%d", c.ID, rows.ListOf(c)), engine.HouseQueue, store.Notices, rows.About{Campaign: c.ID})
}

// remind has those told again who have rows left.
func (s *Service) remind(u *engine.Unit, c access.Campaign, left int) (access.Campaign, error) {
	e := rows.WithReview(c.Event(access.EventReviewersReminded, access.System(), u.At))
	e.Review.Left = left
	if e.Review.Remind = access.NextReviewReminder(stageBegan(c), c.Due, u.At); c.ToIT > 0 {
		e.Review.Remind = u.At.Add(itAgain)
	}
	c, err := engine.Move(u, rows.Campaigns(), c, e)
	if err != nil || left == 0 {
		return c, err
	}
	return c, s.tellReviewers(u, c)
}

// late has others asked where reviewers are late.
func late(u *engine.Unit, c access.Campaign, left int) (access.Campaign, error) {
	e := rows.WithReview(c.Event(access.EventReviewersLate, access.System(), u.At))
	e.Review.Left = left
	c, err := engine.Move(u, rows.Campaigns(), c, e)
	if err == nil {
		err = notify.CampaignMoved(u, c)
	}
	if err != nil || c.Escalated < 2 {
		return c, err
	}
	return c, rows.Enqueue(u, LateTask, fmt.Sprintf("%s/%d/%d", c.ID, c.Stage, c.Escalated), engine.HouseQueue, store.Notices, rows.About{Campaign: c.ID, Step: c.Escalated})
}

// stageBegan is when the stage began that goes on.
func stageBegan(c access.Campaign) time.Time {
	return c.Due.Add(-cmp.Or(c.Review.Stage(c.Stage).Lasts, defaultLasts))
}

// itAgain is how often IT is told of rows that are left to them.
const itAgain = 24 * time.Hour
