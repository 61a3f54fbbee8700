package notify

import (
	"context"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// cardsOfRequest are the cards a request has: the requester's and the
// beneficiary's, one for everybody who was asked to decide or one in the channel
// where they are asked, one for fulfillers, and one in the IT channel once
// something needed a human; of each the newest revision.
func cardsOfRequest(u *engine.Unit, id string) ([]Card, error) {
	r, err := u.Request(id)
	if err != nil {
		return nil, err
	}
	story, err := u.BareStory(access.RequestSubject(id))
	if err != nil {
		return nil, err
	}
	app, _ := u.Catalog.App(r.App)
	p := postingsOf(r, story, u.Catalog.Channel(r.App, r.Role), u.At)
	if err := offerNudge(u, r); err != nil {
		return nil, err
	}
	return p.cards(people.Addresses(app.Fulfillers())), p.lookLater(u)
}

func each(a Audience, readers []access.PersonID) []Card {
	out := make([]Card, len(readers))
	for i, who := range readers {
		out[i] = Card{Audience: a, Reader: who}
	}
	return out
}

// requestLoader gathers what a card of a request shows.
func requestLoader(cases Cases, units *engine.Units) Loader {
	return func(ctx context.Context, id string, card Card) (Content, error) {
		c, err := cases.Case(ctx, id)
		if err != nil {
			return nil, err
		}
		now := units.Now()
		p := postingsOf(c.Request, c.Story, card.Channel, now)
		out := RequestContent{Case: c, Looks: p.next()}
		out.Nudge, out.Looks = mayNudge(c.Request, now, out.Looks)
		if out.Outdated, err = p.postedAnew(ctx, units, card); err != nil {
			return nil, err
		}
		if out.Pause, err = cases.Paused(ctx); err != nil {
			return nil, err
		}
		if base, _ := card.Audience.Parts(); !out.Outdated && (base == ToApprover || base == ToChannel) {
			out.Background, err = cases.Background(ctx, c)
		}
		return out, err
	}
}

// postedAnew tells whether there is a newer revision of a card that its reader gets to see.
func (p *postings) postedAnew(ctx context.Context, units *engine.Units, c Card) (bool, error) {
	base, revision := c.Audience.Parts()
	if !p.outdated(c) || base != ToRequester {
		return p.outdated(c), nil
	}
	var kept []store.Card
	err := units.View(ctx, func(tx store.Tx) (err error) {
		kept, _, err = store.Sound(store.CardsOf(tx, p.request.ID))
		return err
	})
	newest := p.revisions[Card{Audience: base, Reader: c.Reader}]
	for n := max(revision, 1) + 1; n <= newest && err == nil; n++ {
		id := Card{Audience: base.posting(n), Reader: c.Reader}.id(access.RequestSubject(p.request.ID))
		if !slices.ContainsFunc(kept, func(k store.Card) bool { return k.ID == id && k.Held != "" }) {
			return true, nil
		}
	}
	return false, err
}
