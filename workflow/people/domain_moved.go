package people

import (
	"context"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

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

// confirmMoved lets go of the doubts that a move caused, page by page. Who can't be read
// back stays as they are and keeps nobody else from it; IT is told who that is.
func (c Corrections) confirmMoved(ctx context.Context, m store.Move) error {
	const page = 100
	for after := ""; ; {
		var some []store.Known
		var damage store.Damage
		err := c.known.units.Update(ctx, func(u *engine.Unit) (err error) {
			if some, damage, err = store.Sound(store.AllPeople(u.Tx, after, page)); err != nil {
				return err
			}
			for _, k := range some {
				if err := letGo(u, k, m); err != nil {
					return err
				}
			}
			return c.leftOut(u, m, damage)
		})
		for _, k := range some {
			c.known.Forget(k.ID)
			after = string(k.ID)
		}
		for _, d := range damage {
			after = max(after, d.ID)
		}
		if err != nil || len(some)+len(damage) < page {
			return err
		}
	}
}

// letGo lets go of the doubt about somebody, if the move caused it.
func letGo(u *engine.Unit, k store.Known, m store.Move) error {
	if !k.HandedOver || k.Doubted.Before(m.Since) || k.Email.Domain() != m.To {
		return nil
	}
	ended := k.Offboarded
	k.Person = k.Confirm("")
	k.Offboarded = ended
	return store.PutPerson(u.Tx, &k)
}

// leftOut tells IT of whom it isn't known whether a move made them doubted.
func (c Corrections) leftOut(u *engine.Unit, m store.Move, damage store.Damage) error {
	if len(damage) == 0 {
		return nil
	}
	ids := make([]string, len(damage))
	for i, d := range damage {
		ids[i] = d.ID
	}
	return c.known.notifier.it(u, notice{"moved/" + m.From + "/" + m.To + "/" + ids[0], "Some people were left out when addresses were confirmed", []string{
		fmt.Sprintf("That addresses go from %s to %s is noted. What is kept of these people can't be read back, so nothing was changed of them: %s.", m.From, m.To, strings.Join(ids, ", ")),
		"Restore the store from a backup; if they are then still asked about, say latchkey people same for each.",
	}})
}
