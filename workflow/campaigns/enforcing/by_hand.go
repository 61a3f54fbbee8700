package enforcing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/imported"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// lookAtList is look, of a row that was read from a file: a newer list may show that it is gone already.
func (s *Service) lookAtList(ctx context.Context, i access.ReviewItem) (seen, error) {
	there, known, _, err := s.lists.Seen(ctx, i.Group.Group, i.Account, i.Decided)
	return seen{member: there || !known}, err
}

// removedByHand is what becomes of a row of a file that no grant explains: whoever looks after the app removes it.
func removedByHand(i access.ReviewItem) verdict {
	if i.Person == "" {
		return verdict{access.OutcomeManual, "It is to be removed by hand. Whose the account " + accountOf(i) + " is isn't known."}
	}
	return verdict{access.OutcomeManual, "It is to be removed by hand: the account " + accountOf(i) + "."}
}

// accountOf is the app's own id of a row's account.
func accountOf(i access.ReviewItem) string {
	_, account := imported.RoleOf(i.Account)
	return account
}

// askHands asks those who look after an app to remove a row's account.
func askHands(u *engine.Unit, i access.ReviewItem) error {
	app, role, known := u.Catalog.Role(i.App, i.Role)
	if !known {
		return nil
	}
	name, err := whoseRow(u, i)
	if err != nil {
		return err
	}
	for _, address := range app.Fulfillers() {
		who, err := store.PersonByAddress(u.Tx, access.NewEmail(address))
		if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrAmbiguous) {
			continue // IT hears of it anyway
		}
		if err == nil {
			err = notify.Announce(u, fmt.Sprintf("review/hand/%s/%s", i.ID(), who.ID), who.ID, fmt.Sprintf("Please remove %s from %s · %s", name, app.Name, role.Name),
				"An access review revoked it. Account: "+accountOf(i)+".", i.Issue.URL, "Tell IT in the ticket once it is done.")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// whoseRow names whose access a row is: somebody, or an account of which that isn't known.
func whoseRow(u *engine.Unit, i access.ReviewItem) (string, error) {
	if i.Person == "" && i.Group.Directory == access.ImportedDirectory {
		return "the account " + accountOf(i), nil
	}
	return people.ContactIn(u.Tx, i.Person)
}

// SayRemoved notes that somebody removed rows by hand, on the word of IT. Only a list that is imported later shows it.
func (s *Service) SayRemoved(ctx context.Context, by access.Actor, campaign string, numbers []int) error {
	caller, err := s.authority.CallerNow(ctx, by)
	if err == nil {
		err = s.authority.May(caller, people.ActReview, people.Matter{})
	}
	if err != nil {
		return s.units.LogRefusal(ctx, access.CampaignSubject(campaign).ID, by, "say what was removed by hand", err)
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		for _, n := range numbers {
			if err := saidRemoved(u, by, campaign, n); err != nil {
				return err
			}
		}
		return nil
	})
}

func saidRemoved(u *engine.Unit, by access.Actor, campaign string, row int) error {
	i, err := store.ReviewItem(u.Tx, campaign, row)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && (i.Outcome != access.OutcomeManual || i.Group.Directory != access.ImportedDirectory):
		return access.Refuse(access.Invalid, "rows", fmt.Sprintf("Row %d of %s doesn't wait for anybody to remove it by hand.", row, campaign))
	case err != nil:
		return err
	}
	name := by.Account
	if by.Person != "" {
		if name, err = people.ContactIn(u.Tx, by.Person); err != nil {
			return err
		}
	}
	e := i.Event(access.EventRowSettled, by, u.At)
	e.Review.Outcome, e.Note = access.OutcomeManual, wordOf(name, i).cause
	if i, err = engine.Move(u, rows.Items(), i, e); err != nil {
		return err
	}
	return tellRevocation(u, i)
}

// wordOf is by whose word a row of a file is removed.
func wordOf(name string, i access.ReviewItem) verdict {
	return verdict{access.OutcomeManual, name + " says that it is removed. No list that was imported since shows it: import a new one of " + i.App + "."}
}

// Listed has everything compared with a list that was imported which was to be removed by hand.
func Listed(u *engine.Unit, l access.ImportedList) error {
	body, err := engine.Payload(listed{l.App})
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: fmt.Sprintf("%s/%s/%d", ListTask, l.App, l.Number), Queue: engine.HouseQueue, Kind: ListTask, Priority: store.Notices, Payload: body})
	return err
}

// listed is the payload of a ListTask.
type listed struct{ App string }

// compare looks at what was to be removed by hand from an app, in all reviews that weren't cancelled.
func (s *Service) compare(ctx context.Context, t store.Task) (engine.Outcome, error) {
	about, err := engine.ReadPayload[listed](t)
	if err != nil {
		return nil, err
	}
	for after, more := "", true; more; {
		var some []access.Campaign
		err := s.units.View(ctx, func(tx store.Tx) error {
			all, damage, err := store.Sound(store.Campaigns(tx, after, rows.AtOnce))
			some, more = all, len(all) > 0 && len(all)+len(damage) == rows.AtOnce
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, c := range some {
			after = c.ID
			if c.State != access.CampaignEnforcing && c.State != access.CampaignClosed {
				continue
			}
			if err := s.compareAll(ctx, c.ID, about.App); err != nil {
				return nil, err
			}
			if err := s.maybeOver(ctx, c.ID); err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}

// maybeOver looks at everything once more where a campaign was open for what the list shows.
func (s *Service) maybeOver(ctx context.Context, campaign string) error {
	return s.units.Update(ctx, func(u *engine.Unit) error {
		c, err := engine.Load(u, rows.Campaigns(), campaign)
		if err != nil || c.State != access.CampaignEnforcing {
			return err
		}
		return s.RecheckSoon(u, c)
	})
}

// compareAll looks at what one review had removed by hand from an app.
func (s *Service) compareAll(ctx context.Context, campaign, app string) error {
	for after, more := "", true; more; {
		var page []access.ReviewItem
		err := s.units.View(ctx, func(tx store.Tx) error {
			all, damage, err := store.Sound(store.ReviewItemsIn(tx, campaign, access.ItemSettled, after, rows.AtOnce))
			page, more = all, len(all) > 0 && len(all)+len(damage) == rows.AtOnce
			return err
		})
		if err != nil {
			return err
		}
		for _, i := range page {
			after = i.ID()
			if i.App == app && i.Group.Directory == access.ImportedDirectory && worthALook(i, s.units.Now()) {
				if err := s.onList(ctx, i); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// onList notes what a list that was imported after a row was settled says of it. An older one says nothing.
func (s *Service) onList(ctx context.Context, i access.ReviewItem) error {
	there, known, l, err := s.lists.Seen(ctx, i.Group.Group, i.Account, later(i.Decided, i.Rechecked))
	if err != nil || !known {
		return err
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		i, err := engine.Load(u, rows.Items(), i.ID())
		if err != nil {
			return err
		}
		return seenOnList(u, i, there, l)
	})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// seenOnList notes on a row what a list says.
func seenOnList(u *engine.Unit, i access.ReviewItem, there bool, l access.ImportedList) error {
	list := fmt.Sprintf("the list %q, which was imported on %s (SHA-256 %s)", l.File.Name, l.File.At.UTC().Format("2 January 2006, 15:04 MST"), l.File.SHA256)
	if !there && i.Outcome != access.OutcomeGone && i.Outcome != access.OutcomeEnded {
		if err := settle(u, i, verdict{access.OutcomeGone, "It is not on " + list + "."}); err != nil {
			return err
		}
		var err error
		if i, err = engine.Load(u, rows.Items(), i.ID()); err != nil {
			return err
		}
	}
	e := i.Event(access.EventRowRechecked, access.System(), u.At)
	e.Review.Outcome, e.Note = access.OutcomeGone, "It is not on "+list+"."
	if there {
		e.Review.Outcome, e.Note = access.OutcomeManual, "It is still on "+list+"."
	}
	i, err := engine.Move(u, rows.Items(), i, e)
	if err != nil || !there {
		return err
	}
	return notify.Alert(u, fmt.Sprintf("review/listed/%s/%d", i.Campaign, l.Number), "Access that a review revoked is still on a list", e.Note, fmt.Sprintf("Row %d of the review %s: %s. Have it removed there, and import a new list.", i.Row, i.Campaign, i.App))
}
