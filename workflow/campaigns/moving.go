package campaigns

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// Reassign has somebody else answer some rows of a campaign. IT can.
func (s *Deciding) Reassign(ctx context.Context, by access.Actor, campaign string, rows []int, to access.PersonID, why string) error {
	err := s.mayMove(ctx, by, to)
	if err == nil {
		err = s.units.Update(ctx, func(u *engine.Unit) error { return s.reassign(u, by, campaign, rows, to, why) })
	}
	return s.units.LogRefusal(ctx, "", by, "have somebody else answer a review", err)
}

func (s *Deciding) reassign(u *engine.Unit, by access.Actor, campaign string, rows []int, to access.PersonID, why string) error {
	c, err := s.campaign(u, campaign)
	if err == nil {
		err = answerable(c.Campaign, nil)
	}
	if err == nil && len(rows) > answersAtOnce {
		err = access.Refuse(access.Invalid, "rows", fmt.Sprintf("Please reassign %d rows at once at the most.", answersAtOnce))
	}
	if err != nil {
		return err
	}
	n := counts(u)
	for _, number := range rows {
		row, err := c.rows.Row(number)
		if err != nil {
			return unlessKnown(err, number)
		}
		i, kept, err := c.item(u, row)
		if err == nil && kept {
			i, err = c.inStage(u, row, i)
		}
		if err == nil {
			err = reassign(u, n, i, []access.PersonID{to}, by, why, "")
		}
		if err != nil {
			return err
		}
	}
	return n.save()
}

// mayMove refuses whoever isn't IT, and somebody who can't answer.
func (s *Deciding) mayMove(ctx context.Context, by access.Actor, to access.PersonID) error {
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
func (s *Deciding) MoveReviewer(ctx context.Context, by access.Actor, campaign string, from, to access.PersonID, why string) error {
	err := s.mayMove(ctx, by, to)
	if err == nil {
		err = s.units.Update(ctx, func(u *engine.Unit) error {
			c, err := engine.Load(u, campaigns(), campaign)
			if errors.Is(err, store.ErrNotFound) {
				return unknownReview()
			}
			if err == nil {
				err = answerable(c, nil)
			}
			if err != nil {
				return err
			}
			all, err := store.WorklistsAsked(u.Tx, c.ID, list(c), from)
			if err == nil && len(all) == 0 {
				err = access.Refuse(access.Unknown, "from", "Nothing of this review waits for them.")
			}
			for _, w := range all {
				if err == nil {
					err = move(u, c, w, moving{from: from, to: to, by: by, why: why})
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
func (s *Deciding) ReviewerLeft(u *engine.Unit, who access.PersonID) error {
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

func (s *Deciding) replace(u *engine.Unit, w access.Worklist, gone access.PersonID) error {
	c, err := engine.Load(u, campaigns(), w.Campaign)
	if err != nil || !c.Answers() || list(c) != w.Stage {
		return err
	}
	instead, err := s.inPlaceOf(u, c, gone)
	if err != nil {
		return err
	}
	for n, to := range instead {
		// all but the last are put beside whoever has left, and the last in their place
		m := moving{from: gone, to: to, beside: n < len(instead)-1, by: access.System(), why: "Whoever was asked has left."}
		if w, err = engine.Load(u, worklists(), w.ID()); err == nil {
			err = move(u, c, w, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// inPlaceOf are those who answer for somebody who has left.
func (s *Deciding) inPlaceOf(u *engine.Unit, c access.Campaign, gone access.PersonID) ([]access.PersonID, error) {
	p, err := people.In(u.Tx, gone)
	for n := 0; n < mostAbove && err == nil && p.Manager != "" && p.Manager != gone; n++ {
		if p, err = people.In(u.Tx, p.Manager); err == nil && !p.Departed() && p.MayAct() == nil {
			return []access.PersonID{p.ID}, nil
		}
	}
	if err != nil {
		return nil, err
	}
	return s.others(u, c, access.ReviewItem{Person: gone})
}

// moving says who answers a worklist from now on, and in whose place.
type moving struct {
	from, to access.PersonID
	beside   bool
	by       access.Actor
	why      string
}

// move has somebody else answer a worklist. What they answer already is left alone.
func move(u *engine.Unit, c access.Campaign, w access.Worklist, m moving) error {
	e := withReview(c.Event(access.EventReviewerMoved, m.by, u.At))
	e.Reason, e.Review.From, e.Review.To, e.Review.Beside = m.why, m.from, m.to, m.beside
	next, err := w.Move(e, u.At)
	if _, refused := access.AsRefusal(err); refused && m.by.Person == "" {
		return nil
	}
	if err != nil {
		return err
	}
	if err := engine.Begin(u, worklists(), &next, e); err != nil {
		return err
	}
	return notify.TellWaiting(u, m.to, u.At)
}
