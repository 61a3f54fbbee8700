package workflow

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/store"
)

// Word is what somebody says about a request, for everybody concerned.
type Word struct {
	Request string
	By      access.Actor
	Text    string
	// Origin is what it came of: a view, or where it stands already, as
	// "channel/ts" in Slack. The same again is not taken twice, and is not
	// repeated where it stands.
	Origin string
}

// Ask takes a question from somebody who may decide. It is kept on the issue and
// said in the thread of every card; the request goes on waiting.
func (s *Service) Ask(ctx context.Context, w Word) error {
	err := s.amongApprovers(ctx, w.Request, func(r access.Request, eligible []access.PersonID) access.Event {
		return w.event(r, access.EventQuestioned, eligible, s)
	})
	return s.Turned(ctx, w.Request, w.By, "ask", err)
}

// Comment takes what somebody concerned says: who asked, who gets the access,
// who was asked, and IT.
func (s *Service) Comment(ctx context.Context, w Word) error {
	err := s.update(ctx, func(st *step) error {
		r, err := store.Request(st.tx, w.Request)
		if err != nil {
			return notFound(err, "That request isn't known any more.")
		}
		e := w.event(r, access.EventReplied, s.admins(), s)
		if done, err := st.happened(e); err != nil || done {
			return err
		}
		_, err = st.request(r, e)
		return err
	})
	return s.Turned(ctx, w.Request, w.By, "say something", err)
}

func (w Word) event(r access.Request, kind access.EventKind, others []access.PersonID, s *Service) access.Event {
	e := r.Event(kind, w.By, s.Clock.Now())
	e.Reason, e.Approvers, e.Origin = strings.TrimSpace(w.Text), others, w.Origin
	return e
}

// Talks tells whether a thread in Slack hangs on a card.
func (s *Service) Talks(ctx context.Context, thread Place) (bool, error) {
	_, ok, err := s.cardAt(ctx, thread)
	return ok, err
}

func (s *Service) cardAt(ctx context.Context, at Place) (card store.Card, ok bool, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		card, err = store.CardAt(tx, at.Channel, at.TS)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return card, false, nil
	}
	if err != nil {
		return card, false, fmt.Errorf("find the card of a thread: %w", err)
	}
	return card, true, nil
}

// Heard takes a message from the thread of a card. It is nothing to Latchkey,
// and ours is false, when no card stands at the thread's beginning.
func (s *Service) Heard(ctx context.Context, thread Place, w Word) (ours bool, err error) {
	card, ok, err := s.cardAt(ctx, thread)
	if err != nil || !ok {
		return false, err
	}
	w.Request = card.Request
	return true, s.Comment(ctx, w)
}

// tellThread says what somebody said in the thread of every card, except where
// it stands already, and to those who wrote it in Jira.
func (s *Service) tellThread(ctx context.Context, t store.Task) (outcome, error) {
	p, err := read[eventPayload](t)
	if err != nil {
		return nil, err
	}
	c, err := s.Case(ctx, t.Subject)
	if err != nil {
		return nil, err
	}
	e, ok := eventOf(c, p.Event)
	if !ok {
		return nil, rejected("Event %d is not in the log, so it can't be told in Slack", p.Event)
	}
	cards, err := s.talking(ctx, c, e)
	if err != nil {
		return nil, err
	}
	for _, card := range cards {
		err := s.ports.Messenger.Say(ctx, Remark{
			Case: c, Event: e, Place: Place{Channel: card.Channel, TS: card.TS}, Marker: e.ID() + "|" + card.ID, Again: t.Begun,
		})
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func eventOf(c access.Case, seq uint64) (access.Event, bool) {
	for _, e := range c.Story {
		if e.Seq == seq {
			return e, true
		}
	}
	return access.Event{}, false
}

// talking are the cards in whose threads a word is said.
func (s *Service) talking(ctx context.Context, c access.Case, e access.Event) (out []store.Card, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		out = nil
		all, err := store.CardsOf(tx, c.Request.ID)
		for _, card := range all {
			face, edition := Face(card.Face).Parts()
			talks := face == ToRequester || face == ToApprover || face == ToChannel || face == ToReview && edition == 1
			own := e.Actor.Via == access.ViaJira && card.Reader == string(e.Actor.Person)
			if talks && !own && card.TS != "" && !strings.HasPrefix(e.Origin, card.Channel+"/") {
				out = append(out, card)
			}
		}
		return err
	})
	return out, err
}
