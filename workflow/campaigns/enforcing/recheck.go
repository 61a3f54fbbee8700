package enforcing

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/campaigns/publishing"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// recheckEvery is how soon it is looked again whether everything is settled, where it isn't.
const recheckEvery = time.Hour

// handsEvery is how soon it is looked again whether people have removed what they remove by hand.
const handsEvery = 24 * time.Hour

// RecheckSoon has every revoked row looked at once more.
func (s *Service) RecheckSoon(u *engine.Unit, c access.Campaign) error {
	c.RecheckAt = u.At.Add(recheckEvery)
	if err := engine.Save(u, rows.Campaigns(), &c); err != nil {
		return err
	}
	return rows.Enqueue(u, RecheckTask, c.ID, engine.HouseQueue, store.Notices, rows.About{Campaign: c.ID})
}

// recheck looks in the directories at every row that was revoked, once nothing is on its way any more, and closes the
// campaign. It begins anew where it was broken off: what was looked at by then is passed over.
func (s *Service) recheck(ctx context.Context, t store.Task) (engine.Outcome, error) {
	a, err := engine.ReadPayload[rows.About](t)
	if err != nil {
		return nil, err
	}
	c, err := s.rows.Load(ctx, a.Campaign)
	if err != nil || c.State != access.CampaignEnforcing {
		return nil, err
	}
	var p access.Progress
	err = s.units.View(ctx, func(tx store.Tx) error {
		p, err = store.ReviewProgress(tx, c.ID)
		return err
	})
	if err != nil || p.Open > 0 {
		return nil, err // the timer comes back
	}
	look := lastLook{since: t.Created, patient: s.units.Now().Before(c.DecidedAt.Add(access.HandsHave))}
	for after, more := "", true; more; {
		if after, more, err = s.recheckSome(ctx, c, after, &look); err != nil {
			return nil, err
		}
	}
	return func(u *engine.Unit) error { return closed(u, c.ID, look) }, nil
}

// lastLook is a look at all that was revoked, before a campaign closes.
type lastLook struct {
	since   time.Time // what was looked at later is passed over
	patient bool      // what can't be read now is waited for; otherwise it is said, and the campaign closes all the same
	unread  []int     // rows
	why     string    // of the last of them
}

// recheckSome looks at some rows, after one.
func (s *Service) recheckSome(ctx context.Context, c access.Campaign, after string, look *lastLook) (last string, more bool, err error) {
	var page []access.ReviewItem
	var damage store.Damage
	err = s.units.View(ctx, func(tx store.Tx) error {
		page, damage, err = store.Sound(store.ReviewItemsIn(tx, c.ID, access.ItemSettled, after, rows.AtOnce))
		return err
	})
	if err != nil || len(page) == 0 {
		return after, false, err
	}
	there := map[string]bool{}
	for _, i := range page {
		if !worthALook(i, look.since) {
			continue
		}
		if i.Group.Directory == access.ImportedDirectory {
			if err := s.onList(ctx, i); err != nil {
				return after, false, err
			}
			continue
		}
		is, err := s.there(ctx, i)
		switch {
		case err != nil && (look.patient || ctx.Err() != nil):
			return after, false, err
		case err != nil:
			look.unread, look.why = append(look.unread, i.Row), access.Classify(err).Sentence
		default:
			there[i.ID()] = is
		}
	}
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		for id, is := range there {
			if err := rechecked(u, id, is); err != nil {
				return err
			}
		}
		return nil
	})
	return page[len(page)-1].ID(), len(page)+len(damage) == rows.AtOnce, err
}

// worthALook tells whether a row is looked at once more: not what nobody wanted removed, nor what was given back.
func worthALook(i access.ReviewItem, since time.Time) bool {
	return i.Decision == access.DecisionRevoke && i.Outcome != access.OutcomeVoid && i.Restored.IsZero() && i.Rechecked.Before(since)
}

// there tells whether a row's membership is there at this moment. Of a directory that isn't configured any more that can't
// be told: what was true last stays.
func (s *Service) there(ctx context.Context, i access.ReviewItem) (bool, error) {
	dir, known := s.dirs.Get(i.Group.Directory)
	if !known {
		return i.Outcome != access.OutcomeGone && i.Outcome != access.OutcomeEnded, nil
	}
	return isMember(idp.WithPriority(ctx, idp.Removal), dir, i)
}

// rechecked notes what a look at a row showed. What a human removed, or what failed, and isn't there any more is gone.
func rechecked(u *engine.Unit, id string, there bool) error {
	i, err := engine.Load(u, rows.Items(), id)
	if err != nil {
		return err
	}
	if open := i.Outcome == access.OutcomeManual || i.Outcome == access.OutcomeFailed; open && !there {
		if err := settle(u, i, verdict{outcome: access.OutcomeGone}); err != nil {
			return err
		}
		if i, err = engine.Load(u, rows.Items(), id); err != nil {
			return err
		}
	}
	e := i.Event(access.EventRowRechecked, access.System(), u.At)
	e.Review.Outcome = access.OutcomeGone
	if there {
		if e.Review.Outcome, e.Note, err = stillThere(u, i); err != nil {
			return err
		}
	}
	wasGone := i.Outcome == access.OutcomeGone || i.Outcome == access.OutcomeEnded
	if i, err = engine.Move(u, rows.Items(), i, e); err != nil || !there || !wasGone {
		return err
	}
	if err := tellBack(u, i, e.Note); err != nil || !i.Back { // what came back for a reason is nobody's to see to
		return err
	}
	return notify.Alert(u, "review/back/"+i.Campaign, "Access that a review removed is there again", e.Note, fmt.Sprintf("Row %d of the review %s: %s. Which there are is in its status.", i.Row, i.Campaign, i.Group))
}

// stillThere says of a membership that is there, or there again, what explains it.
func stillThere(u *engine.Unit, i access.ReviewItem) (access.ReviewOutcome, string, error) {
	held, _, err := store.Sound(store.OpenGrantsOf(u.Tx, i.Person))
	for _, g := range held {
		if err == nil && opens(g, i) && g.Needs(i.Group) {
			return access.OutcomeShared, "It is there by " + reasonOf(g) + ".", nil
		}
	}
	return access.OutcomeFailed, "Nothing that Latchkey knows of explains it.", err
}

// closed notes that everything was looked at again that could be, and closes the campaign unless something came up meanwhile,
// or people still have time to remove what they remove by hand.
func closed(u *engine.Unit, id string, look lastLook) error {
	c, err := engine.Load(u, rows.Campaigns(), id)
	if err != nil || c.State != access.CampaignEnforcing {
		return err
	}
	p, err := store.ReviewProgress(u.Tx, c.ID)
	if err != nil {
		return err
	}
	until := c.ForHands(p, u.At)
	e := rows.WithReview(c.Event(access.EventCampaignRechecked, access.System(), u.At))
	e.Review.Progress, e.Review.Due = &p, u.At.Add(recheckEvery)
	if !until.IsZero() {
		e.Review.Due = earlier(u.At.Add(handsEvery), until)
	}
	if c, err = engine.Move(u, rows.Campaigns(), c, e); err != nil || p.Open > 0 {
		return err
	}
	if !until.IsZero() {
		return notify.CampaignMoved(u, c)
	}
	if err := look.tell(u, c); err != nil {
		return err
	}
	_, err = end(u, c, p, access.System())
	return err
}

// tell tells IT of the rows that couldn't be looked at once more.
func (l lastLook) tell(u *engine.Unit, c access.Campaign) error {
	if len(l.unread) == 0 {
		return nil
	}
	head := fmt.Sprintf("The access review “%s” (%s) closes, and not all that it removed could be looked at once more", c.Review.Name, c.ID)
	return notify.Announce(u, "review/unread/"+c.ID, "", head, l.why, "The evidence says which rows: "+numbersOf(l.unread)+".")
}

// mostNumbers is how many rows are named.
const mostNumbers = 20

// numbersOf names rows to people.
func numbersOf(rows []int) string {
	var out []string
	for _, n := range rows[:min(len(rows), mostNumbers)] {
		out = append(out, strconv.Itoa(n))
	}
	if more := len(rows) - mostNumbers; more > 0 {
		out = append(out, fmt.Sprintf("%d more", more))
	}
	return strings.Join(out, ", ")
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// end closes a campaign, and has its evidence made.
func end(u *engine.Unit, c access.Campaign, p access.Progress, by access.Actor) (access.Campaign, error) {
	e := rows.WithReview(c.Event(access.EventCampaignClosed, by, u.At))
	e.Review.Progress = &p
	c, err := engine.Move(u, rows.Campaigns(), c, e)
	if err != nil {
		return c, err
	}
	return c, errors.Join(publishing.Soon(u, c), notify.CampaignMoved(u, c))
}

// CloseHeld closes a campaign that is open only for what people remove by hand, on the word of IT.
func (s *Service) CloseHeld(u *engine.Unit, c access.Campaign, by access.Actor) (access.Campaign, error) {
	p, err := store.ReviewProgress(u.Tx, c.ID)
	switch {
	case err != nil:
		return c, err
	case c.ForHands(p, u.At).IsZero():
		return c, access.Refuse(access.TooLate, "", c.State.Unmoved())
	}
	return end(u, c, p, by)
}
