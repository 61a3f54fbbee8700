package deciding

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Reassign has somebody else answer some rows of a campaign. IT can.
func (s *Service) Reassign(ctx context.Context, by access.Actor, campaign string, numbers []int, to access.PersonID, why string) error {
	err := s.mayMove(ctx, by, to)
	if err == nil {
		err = s.units.Update(ctx, func(u *engine.Unit) error { return s.reassign(u, by, campaign, numbers, to, why) })
	}
	return s.units.LogRefusal(ctx, "", by, "have somebody else answer a review", err)
}

func (s *Service) reassign(u *engine.Unit, by access.Actor, campaign string, numbers []int, to access.PersonID, why string) error {
	c, err := s.campaign(u, campaign)
	if err == nil {
		err = answerable(c.Campaign, nil)
	}
	if err == nil && len(numbers) > answersAtOnce {
		err = access.Refuse(access.Invalid, "rows", fmt.Sprintf("Please reassign %d rows at once at the most.", answersAtOnce))
	}
	if err != nil {
		return err
	}
	n := Counts(u)
	for _, number := range numbers {
		row, err := c.Rows.Row(number)
		if err != nil {
			return rows.UnlessKnown(err, number)
		}
		i, kept, err := c.Item(u, row)
		if err == nil && kept {
			i, err = c.InStage(u, row, i)
		}
		if err == nil {
			err = Reassign(u, n, i, Handing{To: []access.PersonID{to}, AnyOne: true, By: by, Why: why})
		}
		if err != nil {
			return err
		}
	}
	return n.Save()
}

// mayMove refuses whoever isn't IT, and somebody who can't answer.
func (s *Service) mayMove(ctx context.Context, by access.Actor, to access.PersonID) error {
	caller, err := s.authority.CallerNow(ctx, by)
	if err == nil {
		err = s.authority.May(caller, people.ActReview, people.Matter{})
	}
	if err != nil {
		return err
	}
	if to == "" {
		return access.Refuse(access.Invalid, "to", "Please say who answers from now on.")
	}
	p, err := s.authority.Anew(ctx, to)
	if err == nil {
		err = p.MayAct()
	}
	if _, refused := access.AsRefusal(err); refused {
		return access.Refuse(access.NotAllowed, "to", p.Display()+" can't answer: it takes an account of this company that is in use. Please choose somebody else.")
	}
	return err
}

// MoveReviewer has somebody answer in another one's place, all that waits for that one in the stage. IT can.
func (s *Service) MoveReviewer(ctx context.Context, by access.Actor, campaign string, from, to access.PersonID, why string) error {
	err := s.mayMove(ctx, by, to)
	if err == nil {
		err = s.units.Update(ctx, func(u *engine.Unit) error {
			c, err := engine.Load(u, rows.Campaigns(), campaign)
			if errors.Is(err, store.ErrNotFound) {
				return rows.UnknownReview()
			}
			if err == nil {
				err = answerable(c, nil)
			}
			if err != nil {
				return err
			}
			all, err := store.WorklistsAsked(u.Tx, c.ID, rows.ListOf(c), from)
			if err == nil && len(all) == 0 {
				err = access.Refuse(access.Unknown, "from", "Nothing of this review waits for them.")
			}
			for _, w := range all {
				if err == nil {
					err = s.Move(u, c, w, Moving{From: from, To: to, By: by, Why: why})
				}
			}
			return err
		})
	}
	return s.units.LogRefusal(ctx, "", by, "have somebody else answer a review", err)
}

// mostAbove is how far up it is looked for somebody in the place of a reviewer who has left.
const mostAbove = 5

// ReviewerLeft has somebody else answer what waits for a reviewer who may not act any more: who managed them, whom the
// stage names for that, or IT. Doing it again changes nothing more.
func (s *Service) ReviewerLeft(u *engine.Unit, who access.PersonID) error {
	p, err := people.In(u.Tx, who)
	if err != nil || p.MayAct() == nil && !p.Departed() {
		return err
	}
	all, _, err := store.Sound(store.WorklistsOf(u.Tx, who))
	for _, w := range all {
		if err == nil {
			err = s.replace(u, w, who)
		}
	}
	return err
}

func (s *Service) replace(u *engine.Unit, w access.Worklist, gone access.PersonID) error {
	c, err := engine.Load(u, rows.Campaigns(), w.Campaign)
	if err != nil || !c.Answers() || rows.ListOf(c) != w.Stage {
		return err
	}
	manager, err := above(u.Tx, gone)
	if err != nil {
		return err
	}
	if manager == "" && byRow(c) {
		return rows.Enqueue(u, HandOnTask, w.ID(), engine.HouseQueue, store.Notices, rows.About{Campaign: c.ID, Person: gone})
	}
	instead := []access.PersonID{manager}
	if manager == "" {
		instead, err = s.others(u, c, access.ReviewItem{Person: gone})
	}
	if err != nil {
		return err
	}
	for n, to := range instead {
		// all but the last are put beside whoever has left, and the last in their place
		m := Moving{From: gone, To: to, Beside: n < len(instead)-1, By: access.System(), Why: whoLeft}
		if w, err = engine.Load(u, rows.Worklists(), w.ID()); err == nil {
			err = s.Move(u, c, w, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
