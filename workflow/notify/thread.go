package notify

import (
	"context"
	"strings"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// spoken names the event whose words are passed on.
type spoken struct{ Event string }

// tell arranges that an event's words are said in the threads. Those about one
// subject are said in their order.
func tell(u *engine.Unit, e access.Event, _ access.Effect) error {
	body, err := engine.Payload(spoken{e.ID})
	if err != nil {
		return err
	}
	about := e.About()
	_, err = u.Enqueue(store.Task{
		ID: "tell/" + e.ID, Queue: Queue, Kind: threadTask, Subject: about,
		Priority: store.Notices, Lane: "thread/" + nameOf(about), Payload: body,
	})
	return err
}

// tellThread says what somebody said in the thread of every card, except where it
// stands already, and to those who wrote it in Jira.
func (s *Service) tellThread(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[spoken](t)
	if err != nil {
		return nil, err
	}
	about := t.Subject
	e, cards, err := s.threads(ctx, about, p.Event)
	if err != nil {
		return nil, err
	}
	reply := ThreadReply{Subject: about, Event: e, Again: t.Begun}
	if e.Actor.Person != "" {
		reply.By = s.people.Known(ctx, e.Actor.Person)
	}
	for _, card := range cards {
		reply.At, reply.Marker = MessageRef{Channel: card.Channel, TS: card.TS}, e.ID+"|"+card.ID
		if err := s.messenger.Say(ctx, reply); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// threads are the event that was asked for and the cards in whose threads it is said.
func (s *Service) threads(ctx context.Context, about access.Subject, id string) (e access.Event, cards []store.Card, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		var known bool
		if e, known, err = eventOf(tx, about, id); err != nil {
			return err
		}
		if !known {
			return people.Rejected("The event %s is not in the log, so it can't be told in Slack", id)
		}
		all, _, err := store.Sound(store.CardsOf(tx, nameOf(about)))
		cards = talking(all, e)
		return err
	})
	return e, cards, err
}

// talking are the cards in whose threads an event's words are said: of each the
// newest revision that was posted.
func talking(all []store.Card, e access.Event) (out []store.Card) {
	type side struct {
		audience Audience
		reader   string
	}
	newest := map[side]int{}
	for _, card := range all {
		if a, revision := Audience(card.Audience).Parts(); card.TS != "" {
			newest[side{a, card.Reader}] = max(newest[side{a, card.Reader}], revision)
		}
	}
	for _, card := range all {
		a, revision := Audience(card.Audience).Parts()
		threaded := a == ToReview && revision == 1 ||
			(a == ToRequester || a == ToApprover || a == ToChannel) && revision == newest[side{a, card.Reader}]
		own := e.Actor.Via == access.ViaJira && card.Reader == string(e.Actor.Person)
		if threaded && !own && card.TS != "" && !strings.HasPrefix(e.Origin, card.Channel+"/") {
			out = append(out, card)
		}
	}
	return out
}
