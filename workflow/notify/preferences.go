package notify

import (
	"context"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Notices is how somebody wants to be told.
func (s *Service) Notices(ctx context.Context, who access.PersonID) (access.Notices, error) {
	var p store.Preference
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		p, err = store.PreferenceOf(tx, who)
		return err
	})
	return p.Notices, err
}

// Prefer keeps how somebody wants to be told from now on.
func (s *Service) Prefer(ctx context.Context, who access.PersonID, n access.Notices) error {
	if !n.Valid() {
		return access.Refuse(access.Invalid, "", "There is no such choice any more. Open the Home tab again.")
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		p, err := store.PreferenceOf(u.Tx, who)
		if err != nil || p.Notices == n {
			return err
		}
		p.Notices = n
		return store.PutPreference(u.Tx, &p)
	})
}

// withhold leaves out the cards that their readers want no message for, or that are none. Such a card is
// never posted: the one before it goes on telling how things stand.
func withhold(u *engine.Unit, s access.Subject, cards []Card, kept []store.Card) ([]Card, error) {
	var out []Card
	for _, c := range cards {
		held, err := withheld(u, s, c, kept)
		if err != nil {
			return nil, err
		}
		if !held {
			out = append(out, c)
		}
	}
	return out, nil
}

func withheld(u *engine.Unit, s access.Subject, c Card, kept []store.Card) (bool, error) {
	if i := slices.IndexFunc(kept, func(k store.Card) bool { return k.ID == c.id(s) }); i >= 0 {
		return kept[i].Held != "", nil // as was decided when there was news
	}
	line := TellingOf(c.News)
	if c.News == "" || c.News == NewsAsked || line.Rank == Urgent {
		return false, nil
	}
	p, err := store.PreferenceOf(u.Tx, c.Reader)
	if err != nil || !line.Withholds(p.Notices) && line.Requester != Listed {
		return false, err
	}
	held := store.Card{
		ID: c.id(s), Request: nameOf(s), Reader: c.place(), Audience: string(c.Audience),
		Held: string(c.News), HeldAt: u.At, Waits: p.Notices == access.NoticesDaily,
	}
	if err := engine.Save(u, engine.Cards(), &held); err != nil || !held.Waits {
		return err == nil, err
	}
	return true, enqueueDigest(u, c.Reader, u.At)
}
