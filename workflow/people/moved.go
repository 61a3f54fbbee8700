package people

import (
	"context"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// writtenIn are the addresses that a catalogue names.
func writtenIn(c *catalog.Catalog) []access.Email {
	var all []string
	for _, a := range c.Apps() {
		all = append(append(all, a.Owners...), a.FulfilledBy...)
		for _, r := range a.Roles {
			all = append(all, r.For.People...)
		}
	}
	for _, r := range c.Routes() {
		for _, source := range r.Sources() {
			if source.Kind == catalog.Named {
				all = append(all, source.Person)
			}
		}
	}
	return Addresses(all)
}

// Moved takes IT's word that addresses are meant to go from one domain to another. Of
// whom it seemed that somebody else has their account, because of that, nothing is
// asked any more.
func (c Corrections) Moved(ctx context.Context, from, to string, by access.Actor) error {
	from, to = strings.ToLower(from), strings.ToLower(to)
	var since store.Move
	err := c.known.units.Update(ctx, func(u *engine.Unit) error {
		m, err := store.LoadMove(u.Tx, from, to)
		if err != nil {
			return err
		}
		if !m.Open() {
			return access.Refuse(access.NotAllowed, "domain", fmt.Sprintf("Nothing was asked about addresses that go from %s to %s, so there is nothing to answer.", from, to))
		}
		since, m.Answered = m, u.At
		if err := store.PutMove(u.Tx, &m); err != nil {
			return err
		}
		speaker, err := actorIn(u, by)
		if err != nil {
			return err
		}
		_, err = u.Append(access.Event{Kind: access.EventVouched, At: u.At, Actor: by, Subject: access.LogSubject(),
			Note: fmt.Sprintf("%s: addresses go from %s to %s, and that is meant. Seen of %d people.", speaker, from, to, m.People)})
		return err
	})
	if err != nil {
		return err
	}
	return c.confirmMoved(ctx, since)
}

// confirmMoved lets go of the doubts that a move caused, page by page.
func (c Corrections) confirmMoved(ctx context.Context, m store.Move) error {
	const page = 100
	for after := ""; ; {
		var some []store.Known
		err := c.known.units.Update(ctx, func(u *engine.Unit) (err error) {
			if some, err = store.AllPeople(u.Tx, after, page); err != nil {
				return err
			}
			for _, k := range some {
				if !k.HandedOver || k.Doubted.Before(m.Since) || k.Email.Domain() != m.To {
					continue
				}
				ended := k.Offboarded
				k.Person = k.Confirm("")
				k.Offboarded = ended
				if err := store.PutPerson(u.Tx, &k); err != nil {
					return err
				}
			}
			return nil
		})
		for _, k := range some {
			c.known.Forget(k.ID)
		}
		if err != nil || len(some) < page {
			return err
		}
		after = string(some[len(some)-1].ID)
	}
}
