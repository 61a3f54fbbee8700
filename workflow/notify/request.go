package notify

import (
	"context"

	"latchkey/access"
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
	return postingsOf(r, story, u.Catalog.Channel(r.App, r.Role)).cards(people.Addresses(app.Fulfillers())), nil
}

func each(a Audience, readers []access.PersonID) []Card {
	out := make([]Card, len(readers))
	for i, who := range readers {
		out[i] = Card{Audience: a, Reader: who}
	}
	return out
}

// requestLoader gathers what a card of a request shows.
func requestLoader(cases Cases) Loader {
	return func(ctx context.Context, id string, card Card) (Content, error) {
		c, err := cases.Case(ctx, id)
		if err != nil {
			return nil, err
		}
		out := RequestContent{Case: c, Outdated: postingsOf(c.Request, c.Story, card.Channel).outdated(card)}
		if out.Pause, err = cases.Paused(ctx); err != nil {
			return nil, err
		}
		if base, _ := card.Audience.Parts(); !out.Outdated && (base == ToApprover || base == ToChannel) {
			out.Background, err = cases.Background(ctx, c)
		}
		return out, err
	}
}
