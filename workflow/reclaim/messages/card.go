package messages

import (
	"context"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// cards is the one card that shows how it stands: the latest that was, or is to be, posted.
func cards(u *engine.Unit, id string) ([]notify.Card, error) {
	r, err := store.Reclaim(u.Tx, id)
	if err != nil {
		return nil, err
	}
	if r.Asked.IsZero() {
		return nil, nil // its holder was never asked
	}
	story, err := u.Story(access.ReclaimSubject(id))
	if err != nil {
		return nil, err
	}
	audience := notify.ToSeat
	if n := notify.SeatPostings(story); n > 1 {
		audience = audience.Revision(n)
	}
	return []notify.Card{{Audience: audience, Reader: r.Person}}, nil
}

// Names knows what people are called.
type Names interface {
	Names(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person
}

// Loader gathers what a card of an idle seat shows, as of now.
func Loader(units *engine.Units, known func() *catalog.Catalog, names Names) notify.Loader {
	return func(ctx context.Context, id string, _ notify.Card) (notify.Content, error) {
		c := notify.SeatContent{Now: units.Now()}
		err := units.View(ctx, func(tx store.Tx) (err error) {
			if c.Reclaim, err = store.Reclaim(tx, id); err != nil {
				return err
			}
			c.Story, _, err = store.Sound(store.Story(tx, store.Filter{Subject: access.ReclaimSubject(id)}))
			return err
		})
		if err != nil {
			return nil, err
		}
		c.App, c.Role, _ = known().Role(c.Reclaim.App, c.Reclaim.Role)
		c.People = names.Names(ctx, slices.DeleteFunc([]access.PersonID{c.Reclaim.By.Person, c.Reclaim.RestoreBy.Person}, func(p access.PersonID) bool { return p == "" }))
		return c, nil
	}
}
