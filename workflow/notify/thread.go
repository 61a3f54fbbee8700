package notify

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// cardPause is how long words wait before they look again for the card they belong under.
const cardPause = time.Second

// spoken names the event whose words are passed on, and the cards that its readers were
// about to get when it happened.
type spoken struct {
	Event  string
	Coming []Card `json:",omitempty"`
}

// tell arranges that an event's words are said in the threads. Those about one
// subject are said in their order.
func tell(u *engine.Unit, all map[access.SubjectKind]Readership, e access.Event) error {
	about := e.About()
	coming, err := comingCards(u, all[about.Kind], about)
	if err != nil {
		return err
	}
	body, err := engine.Payload(spoken{e.ID, coming})
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{
		ID: "tell/" + e.ID, Queue: Queue, Kind: threadTask, Subject: about,
		Priority: store.Notices, Lane: "thread/" + nameOf(about), Payload: body,
	})
	return err
}

// comingCards are the cards of a subject that nobody has seen yet.
func comingCards(u *engine.Unit, reads Readership, about access.Subject) (coming []Card, err error) {
	if reads.Cards == nil {
		return nil, nil
	}
	all, err := reads.Cards(u, about.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		kept, err := keptCard(u.Tx, about, c)
		if err != nil {
			return nil, err
		}
		if kept.TS == "" {
			coming = append(coming, c)
		}
	}
	return coming, nil
}

// tellThread says what somebody said in the thread of every card, except where it
// stands already, and to those who wrote it in Jira.
func (s *Service) tellThread(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[spoken](t)
	if err != nil {
		return nil, err
	}
	about := t.Subject
	e, cards, late, err := s.threads(ctx, about, p)
	if err != nil {
		return nil, err
	}
	reply := ThreadReply{Subject: about, Event: e, Again: t.Begun}
	if e.Actor.Person != "" {
		reply.By = s.people.Known(ctx, e.Actor.Person)
	}
	for i, card := range cards {
		reply.At, reply.Marker = MessageRef{Channel: card.Channel, TS: card.TS}, e.ID+"|"+card.ID
		if err := s.messenger.Say(ctx, reply); err != nil {
			return nil, partly(i > 0, err)
		}
	}
	if late {
		return nil, partly(len(cards) > 0, &access.Failure{Class: access.Limited, After: cardPause, Sentence: "A card that this belongs under isn't in Slack yet"})
	}
	return nil, nil
}

// partly is why no more was said for now. Where something was said already, the next
// attempt looks before it says it again.
func partly(said bool, err error) error {
	f := access.Classify(err)
	if !said || f.Class != access.Limited {
		return err
	}
	return &access.Failure{Class: access.Unclear, After: max(f.After, cardPause), Sentence: f.Sentence, Err: err}
}

// threads are the event that was asked for and the cards in whose threads it is said,
// and whether another such card is still on its way to Slack.
func (s *Service) threads(ctx context.Context, about access.Subject, p spoken) (e access.Event, cards []store.Card, late bool, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		var known bool
		if e, known, err = eventOf(tx, about, p.Event); err != nil {
			return err
		}
		if !known {
			return people.Rejected("The event %s is not in the log, so it can't be told in Slack", p.Event)
		}
		all, _, err := store.Sound(store.CardsOf(tx, nameOf(about)))
		if err != nil {
			return err
		}
		cards = talking(all, e)
		late, err = anyLate(tx, about, p.Coming, all, e)
		return err
	})
	return e, cards, late, err
}

// anyLate tells whether words would go into the thread of a card that is being posted.
// One that waits for a human, or isn't posted any more, keeps nobody from hearing.
func anyLate(tx store.Tx, about access.Subject, coming []Card, posted []store.Card, e access.Event) (bool, error) {
	for _, c := range coming {
		if slices.ContainsFunc(posted, func(k store.Card) bool { return k.ID == c.id(about) && k.TS != "" }) {
			continue
		}
		soon, err := underWay(tx, cardTaskID(about, c), cardsTaskID(about))
		if err != nil {
			return false, err
		}
		there := store.Card{ID: c.id(about), Reader: c.place(), Audience: string(c.Audience), TS: "soon"}
		would := talking(append(slices.Clone(posted), there), e)
		if soon && slices.ContainsFunc(would, func(w store.Card) bool { return w.ID == there.ID }) {
			return true, nil
		}
	}
	return false, nil
}

// underWay tells whether any of some tasks is there and waits for no human.
func underWay(tx store.Tx, ids ...string) (bool, error) {
	for _, id := range ids {
		t, err := tx.Task(id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return false, err
		}
		if err == nil && t.State != store.Stuck {
			return true, nil
		}
	}
	return false, nil
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
