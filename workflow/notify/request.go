package notify

import (
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// cardsOfRequest are the cards a request has: the requester's and the
// beneficiary's, one for everybody who was asked to decide or one in the channel
// where they are asked, one for fulfillers, and one in the IT channel
// once something needed a human.
func cardsOfRequest(u *engine.Unit, id string) ([]Card, error) {
	r, err := u.Request(id)
	if err != nil {
		return nil, err
	}
	story, err := u.Story(access.RequestSubject(id))
	if err != nil {
		return nil, err
	}
	out := []Card{{Audience: ToRequester, Reader: r.Requester}, {Audience: ToRequester, Reader: r.Beneficiary}}
	out = append(out, toldOf(r, story, u.Catalog.Channel(r.App, r.Role))...)
	g, err := u.Grant(r.GrantID())
	switch {
	case errors.Is(err, store.ErrNotFound):
		return out, nil
	case err == nil && g.Manual && g.State != access.GrantWaiting && g.End != access.EndUnrecorded:
		app, _ := u.Catalog.App(r.App)
		for _, address := range people.Addresses(app.Fulfillers()) {
			out = append(out, Card{Audience: ToFulfillers, Address: address})
		}
	}
	return out, err
}

// toldOf are the cards that what happened has called for.
func toldOf(r access.Request, story []access.Event, channel string) (out []Card) {
	revisions := map[Audience]int{}
	next := func(a Audience) Audience {
		revisions[a]++
		return a.Revision(revisions[a])
	}
	told := map[int][]access.PersonID{} // by stage
	for _, e := range story {
		switch e.Kind {
		case access.EventApproversAsked:
			out = append(out, asked(e, channel)...)
			if before := told[e.Stage]; channel != "" && len(before) > 0 { // that a message in a channel changed is news to nobody
				fresh := slices.DeleteFunc(slices.Clone(e.Approvers), func(who access.PersonID) bool { return slices.Contains(before, who) })
				out = append(out, each(ToApprover, fresh)...)
			}
			told[e.Stage] = append(told[e.Stage], e.Approvers...)
		case access.EventStuck, access.EventUnroutable, access.EventTaskBlocked:
			out = append(out, Card{Audience: ToIT})
		case access.EventBreakGlass:
			out = append(append(out, Card{Audience: ToIT}), inChannel(channel)...)
		case access.EventReminded:
			out = append(out, Card{Audience: next(ToReminder), Reader: r.Beneficiary})
		case access.EventReviewAsked:
			out = append(out, each(next(ToReview), e.Approvers)...)
		}
	}
	return out
}

// asked is where those who were asked read it: in the channel of the app or
// route, if there is one, else each in a direct message.
func asked(e access.Event, channel string) []Card {
	if channel != "" {
		return inChannel(channel)
	}
	return each(ToApprover, e.Approvers)
}

func inChannel(name string) []Card {
	if name == "" {
		return nil
	}
	return []Card{{Audience: ToChannel, Channel: name}}
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
		if err != nil || card.Audience != ToApprover && card.Audience != ToChannel {
			return RequestContent{Case: c}, err
		}
		b, err := cases.Background(ctx, c)
		return RequestContent{Case: c, Background: b}, err
	}
}
