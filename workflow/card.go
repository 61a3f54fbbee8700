package workflow

import (
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/store"
)

// showCards arranges that everybody who has to see the case does, and that
// whoever has seen it sees how it goes on.
func (st *step) showCards(request string) error {
	r, err := st.load(request)
	if err != nil {
		return err
	}
	c, err := st.s.caseOf(st.tx, r)
	if err != nil {
		return err
	}
	shown, err := store.CardsOf(st.tx, request)
	if err != nil {
		return err
	}
	all := st.s.readers(c)
	for _, card := range shown {
		all = append(all, cardPayload{Face: Face(card.Face), Reader: access.PersonID(card.Reader)})
	}
	for _, reader := range distinct(all) {
		if err := st.enqueue(showCardTask(request, reader)); err != nil {
			return err
		}
	}
	return nil
}

// readers are the cards a case has: the requester's and the beneficiary's, one
// for everybody who was asked to decide or one in the channel where they are
// asked, one for whoever acts by hand, and one in the IT channel once something
// needed a human.
func (s *Service) readers(c access.Case) []cardPayload {
	out := []cardPayload{{ToRequester, c.Request.Requester}, {ToRequester, c.Request.Beneficiary}}
	var editions editions
	for _, e := range c.Story {
		switch e.Kind {
		case access.EventApproversAsked:
			out = append(out, s.asked(c.Request, e)...)
		case access.EventStuck, access.EventUnroutable, access.EventTaskBlocked:
			out = append(out, cardPayload{ToIT, ""})
		case access.EventBreakGlass:
			out = append(out, cardPayload{ToIT, ""})
			out = append(out, s.channel(c.Request)...)
		case access.EventReminded:
			out = append(out, cardPayload{editions.next(ToReminder), c.Request.Beneficiary})
		case access.EventReviewAsked:
			face := editions.next(ToReview)
			for _, a := range e.Approvers {
				out = append(out, cardPayload{face, a})
			}
		}
	}
	if c.Grant != nil && c.Grant.Manual && c.Grant.State != access.GrantWaiting {
		for _, h := range c.Fulfillers {
			out = append(out, cardPayload{ToFulfillers, h})
		}
	}
	return distinct(out)
}

// editions counts the cards that are posted anew.
type editions map[Face]int

func (n *editions) next(f Face) Face {
	if *n == nil {
		*n = editions{}
	}
	(*n)[f]++
	return f.Edition((*n)[f])
}

// asked is where those who were asked read it: in the channel of the app or
// route, if there is one, else each in a direct message.
func (s *Service) asked(r access.Request, e access.Event) []cardPayload {
	if out := s.channel(r); out != nil {
		return out
	}
	var out []cardPayload
	for _, a := range e.Approvers {
		out = append(out, cardPayload{ToApprover, a})
	}
	return out
}

func (s *Service) channel(r access.Request) []cardPayload {
	name := s.Config.Catalog.Channel(r.App, r.Role)
	if name == "" {
		return nil
	}
	return []cardPayload{{ToChannel, access.PersonID(name)}}
}

func distinct(in []cardPayload) []cardPayload {
	var out []cardPayload
	for _, c := range in {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// showCard brings one card up to date with the case as it is now.
func (s *Service) showCard(ctx context.Context, t store.Task) (outcome, error) {
	p, err := read[cardPayload](t)
	if err != nil {
		return nil, err
	}
	c, err := s.Case(ctx, t.Subject)
	if err != nil {
		return nil, err
	}
	card, err := s.loadCard(ctx, t.Subject, p)
	if err != nil {
		return nil, err
	}
	showing := Showing{
		Case: c, Face: p.Face, Marker: card.ID, Digest: card.Digest,
		Place: Place{Channel: card.Channel, TS: card.TS}, Again: t.Begun || card.Posting != "",
	}
	if p.Face == ToChannel {
		showing.Channel = string(p.Reader)
	} else if p.Reader != "" {
		if showing.Reader, err = s.people.byEmail(ctx, p.Reader); err != nil {
			if p.Face != ToFulfillers && s.gone(ctx, p.Reader) {
				return nil, nil
			}
			return nil, s.onceMore(t, p.Reader, unreachable(p.Reader, err))
		}
	}
	if showing.About, err = s.background(ctx, c, p.Face); err != nil {
		return nil, err
	}
	shown, err := s.ports.Messenger.Show(ctx, showing)
	if err != nil {
		return nil, s.onceMore(t, showing.Reader.ID, err)
	}
	return func(st *step) error { return st.cardShown(t, p, c, shown) }, nil
}

// onceMore has a card that is refused tried again, once, with what is known of
// its reader by then: an account can go while the card is on its way.
func (s *Service) onceMore(t store.Task, reader access.PersonID, err error) error {
	f := *access.Classify(err)
	if f.Class == access.Rejected && reader != "" && t.Attempts == 0 {
		s.people.forget(reader)
		f.Class = access.Transient
	}
	return &f
}

// gone tells whether somebody is known to have left, so that nobody reads what
// is shown to them.
func (s *Service) gone(ctx context.Context, who access.PersonID) bool {
	left, err := s.hasLeft(ctx, who)
	return err == nil && left
}

// unreachable turns a reader who can't be found into something a human hears of.
func unreachable(who access.PersonID, err error) error {
	if r, ok := access.AsRefusal(err); ok {
		return rejected("%s can't be told in Slack: %s", who, r.Sentence)
	}
	return err
}

func (s *Service) loadCard(ctx context.Context, request string, p cardPayload) (card store.Card, err error) {
	id := store.CardID(request, string(p.Face), string(p.Reader))
	err = s.Store.View(ctx, func(tx store.Tx) error {
		card, err = store.LoadCard(tx, id)
		if errors.Is(err, store.ErrNotFound) {
			card, err = store.Card{ID: id, Request: request, Reader: string(p.Reader), Face: string(p.Face)}, nil
		}
		return err
	})
	return card, err
}

// cardShown remembers where the card stands. If the case moved on while the
// card was being shown, it is shown once more.
func (st *step) cardShown(t store.Task, p cardPayload, c access.Case, shown Shown) error {
	card, err := store.LoadCard(st.tx, store.CardID(t.Subject, string(p.Face), string(p.Reader)))
	if errors.Is(err, store.ErrNotFound) {
		card, err = store.Card{ID: store.CardID(t.Subject, string(p.Face), string(p.Reader)), Request: t.Subject, Reader: string(p.Reader), Face: string(p.Face)}, nil
	}
	if err != nil {
		return err
	}
	card.Channel, card.TS, card.Digest, card.Posting = shown.Place.Channel, shown.Place.TS, shown.Digest, ""
	if err := store.PutCard(st.tx, &card); err != nil {
		return err
	}
	later, err := st.tx.Events(store.Filter{Request: t.Subject}, lastSeq(c.Story), 1)
	if err != nil || len(later) == 0 {
		return err
	}
	return st.enqueue(showCardTask(t.Subject, p))
}

func lastSeq(story []access.Event) uint64 {
	if len(story) == 0 {
		return 0
	}
	return story[len(story)-1].Seq
}
