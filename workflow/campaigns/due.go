package campaigns

import (
	"cmp"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// The kinds of task that go through many rows or reviewers, a few in each unit of work.
const (
	StageTask   = "review.stage"   // does what follows when the time to answer is over
	TellTask    = "review.tell"    // tells those who have rows left
	LateTask    = "review.late"    // asks others where reviewers are late
	RevokeTask  = "review.revoke"  // takes away what a row says
	RecheckTask = "review.recheck" // looks whether what was taken away is still gone
)

// some is how many rows or worklists are dealt with in one unit of work: few enough that nobody's click waits behind it.
const some = 50

// about is what such a task is about.
type about struct {
	Campaign string
	Row      int    `json:",omitempty"`
	Step     int    `json:",omitempty"`
	Why      string `json:",omitempty"`
}

func enqueue(u *engine.Unit, kind, id string, queue string, p store.Priority, a about) error {
	body, err := engine.Payload(a)
	if err != nil {
		return err
	}
	added, err := u.Enqueue(store.Task{ID: kind + "/" + id, Queue: queue, Kind: kind, Subject: access.CampaignSubject(a.Campaign), Priority: p, Payload: body})
	if err != nil || added {
		return err
	}
	return u.Expedite(kind + "/" + id)
}

// campaignDue does what a campaign's time has come for.
func (s *Service) campaignDue(u *engine.Unit, id string) error {
	c, err := engine.Load(u, campaigns(), id)
	if err != nil {
		return err
	}
	if c.State == access.CampaignEnforcing {
		return recheckSoon(u, c)
	}
	left, err := leftIn(u.Tx, c)
	if err != nil {
		return err
	}
	if c.StageEnds(left, u.At) {
		_, err := over(u, c, access.System())
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
		return engine.Save(u, campaigns(), &c)
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
		page, damage, err := store.Sound(store.WorklistsOpen(tx, c.ID, list(c), after, 500))
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

// over ends the time to answer in the stage that goes on, by itself or on somebody's word.
func over(u *engine.Unit, c access.Campaign, by access.Actor) (access.Campaign, error) {
	c, err := engine.Move(u, campaigns(), c, withReview(c.Event(access.EventStageOver, by, u.At)))
	if err != nil {
		return c, err
	}
	return c, enqueue(u, StageTask, fmt.Sprintf("%s/%d", c.ID, list(c)), engine.HouseQueue, store.Notices, about{Campaign: c.ID})
}

// withReview is an event that says of a review no more than its kind.
func withReview(e access.Event) access.Event {
	if e.Review == nil {
		e.Review = &access.ReviewDetails{}
	}
	return e
}

// remind has those told again who have rows left.
func (s *Service) remind(u *engine.Unit, c access.Campaign, left int) (access.Campaign, error) {
	e := withReview(c.Event(access.EventReviewersReminded, access.System(), u.At))
	e.Review.Left = left
	if e.Review.Remind = access.NextReviewReminder(stageBegan(c), c.Due, u.At); c.ToIT > 0 {
		e.Review.Remind = u.At.Add(itAgain)
	}
	c, err := engine.Move(u, campaigns(), c, e)
	if err != nil || left == 0 {
		return c, err
	}
	return c, s.tellReviewers(u, c)
}

// late has others asked where reviewers are late.
func late(u *engine.Unit, c access.Campaign, left int) (access.Campaign, error) {
	e := withReview(c.Event(access.EventReviewersLate, access.System(), u.At))
	e.Review.Left = left
	c, err := engine.Move(u, campaigns(), c, e)
	if err != nil || c.Escalated < 2 {
		return c, err
	}
	return c, enqueue(u, LateTask, fmt.Sprintf("%s/%d/%d", c.ID, c.Stage, c.Escalated), engine.HouseQueue, store.Notices, about{Campaign: c.ID, Step: c.Escalated})
}

// stageBegan is when the stage began that goes on.
func stageBegan(c access.Campaign) time.Time {
	return c.Due.Add(-cmp.Or(c.Review.Stage(c.Stage).Lasts, defaultLasts))
}

// itAgain is how often IT is told of rows that are left to them.
const itAgain = 24 * time.Hour
