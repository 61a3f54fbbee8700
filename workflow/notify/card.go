package notify

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// show arranges that everybody who has to see what happened does, and that
// whoever has seen the subject sees how it goes on.
func (p pace) show(u *engine.Unit, all map[access.SubjectKind]Readership, e access.Event) error {
	s := e.About()
	reads := all[s.Kind]
	if reads.Announce != nil {
		if err := reads.Announce(u, e); err != nil {
			return err
		}
	}
	if reads.Cards != nil && s.Kind == access.SubjectRequest && u.Crowded() {
		return showSoon(u, s)
	}
	return p.showAll(u, reads, s)
}

// showSoon leaves it to a task which cards of a request are to be shown: it takes reading
// the story, for which those who wait for an answer would have to wait.
func showSoon(u *engine.Unit, s access.Subject) error {
	_, err := u.Enqueue(store.Task{ID: cardsTaskID(s), Queue: CardsQueue, Kind: cardsTask, Subject: s, Priority: store.Notices})
	return err
}

// lookAgain shows a request's cards as they are by now.
func (s *Service) lookAgain(_ context.Context, t store.Task) (engine.Outcome, error) {
	return func(u *engine.Unit) error {
		return s.pace.showAll(u, Readership{Cards: cardsOfRequest}, t.Subject)
	}, nil
}

// showAll arranges that every card of a subject is shown, those that were posted included.
func (p pace) showAll(u *engine.Unit, reads Readership, s access.Subject) error {
	if reads.Cards == nil {
		return nil
	}
	cards, err := reads.Cards(u, s.ID)
	if err != nil {
		return err
	}
	posted, _, err := store.Sound(store.CardsOf(u.Tx, nameOf(s))) // one that can't be read back keeps no other from being shown
	if err != nil {
		return err
	}
	if cards, err = withhold(u, s, cards, posted); err != nil {
		return err
	}
	for _, c := range posted {
		if c.Held == "" {
			cards = append(cards, cardOf(c))
		}
	}
	for _, c := range cards {
		stuck, err := unwritable(u, s, c)
		if err == nil && stuck {
			_, revision := c.Audience.Parts()
			err = askDirectly(u, s, revision)
		}
		if err != nil {
			return err
		}
	}
	return p.enqueue(u, s, distinct(cards)...)
}

func (p pace) enqueue(u *engine.Unit, s access.Subject, cards ...Card) error {
	for _, c := range cards {
		if err := enqueueBy(u, s, c, p.due(u, s, c)); err != nil {
			return err
		}
	}
	return nil
}

// enqueueBy has a card shown at a moment, or earlier if that is wanted already.
func enqueueBy(u *engine.Unit, s access.Subject, c Card, by time.Time) error {
	body, err := engine.Payload(c)
	if err != nil {
		return err
	}
	return u.EnqueueBy(store.Task{ID: cardTaskID(s, c), Queue: Queue, Kind: cardTask, Subject: s, Priority: store.Notices, Payload: body}, by)
}

// showCard brings one card up to date with its subject as it is now.
func (s *Service) showCard(ctx context.Context, t store.Task) (engine.Outcome, error) {
	c, err := engine.ReadPayload[Card](t)
	if err != nil {
		return nil, err
	}
	about := t.Subject
	next, kept, err := s.update(ctx, about, c)
	if err != nil {
		return nil, err
	}
	if !next.Again { // otherwise it may be as old as its subject
		next.Since = t.Created
	}
	if next.Again = next.Again || t.Begun; next.EditOnly && next.At.TS == "" && !next.Again {
		return nil, nil
	}
	d := doubtOf(kept, s.units.Now())
	if d.due {
		next.Digest = ""
	}
	if next.Reader, err = s.reader(ctx, c, kept); err != nil {
		if c.Reader != "" && s.gone(ctx, c.Reader) {
			return nil, nil // nobody is there to read it
		}
		return nil, s.onceMore(t, c, access.PersonID(cmp.Or(string(c.Reader), kept.Person)), s.unreachable(ctx, c, err))
	}
	posted, err := s.messenger.Show(ctx, next)
	if err != nil {
		return nil, s.onceMore(t, c, next.Reader.ID, err)
	}
	return func(u *engine.Unit) error {
		return s.pace.cardPosted(u, about, c, shown{next, posted, d})
	}, nil
}

// reader is who reads a card at this moment; nobody in particular, in a channel.
// Whoever has read it already goes on reading it, by whatever address.
func (s *Service) reader(ctx context.Context, c Card, kept store.Card) (access.Person, error) {
	ctx = people.Alone(ctx)
	switch {
	case c.Reader != "":
		return s.people.Person(ctx, c.Reader)
	case c.Address != "" && kept.TS != "" && kept.Person != "":
		return s.people.Person(ctx, access.PersonID(kept.Person))
	case c.Address != "":
		return s.people.Meant(ctx, c.Address)
	}
	return access.Person{}, nil
}

// update is all there is to show on a card but who reads it.
func (s *Service) update(ctx context.Context, about access.Subject, c Card) (CardUpdate, store.Card, error) {
	var kept store.Card
	load, known := s.loaders[about.Kind]
	if !known {
		return CardUpdate{}, kept, people.Rejected("This version of Latchkey can't show %s in Slack: update it, then try again", about)
	}
	content, err := load(ctx, about.ID, c)
	if err != nil {
		return CardUpdate{}, kept, err
	}
	err = s.units.View(ctx, func(tx store.Tx) error {
		kept, err = keptCard(tx, about, c)
		return err
	})
	r, ofRequest := content.(RequestContent)
	p, pins := content.(Pinning)
	return CardUpdate{
		EditOnly: ofRequest && r.Outdated,
		Subject:  about, Audience: c.Audience, Channel: c.Channel, Content: content, Marker: kept.ID, Digest: kept.Digest,
		At: MessageRef{Channel: kept.Channel, TS: kept.TS}, Again: kept.Posting != "",
		Pin: pins && p.Pin(), Pinned: kept.Pinned,
	}, kept, err
}

// shown is a card that was brought up to date.
type shown struct {
	CardUpdate
	posted CardPosted
	doubt  doubt
}

// cardPosted remembers where the card stands. If its subject moved on while the
// card was being shown, or something was waited for in vain, it is shown once more.
func (p pace) cardPosted(u *engine.Unit, about access.Subject, c Card, now shown) error {
	kept, err := keptCard(u.Tx, about, c)
	if err != nil {
		return err
	}
	posted := now.posted
	if posted.At.TS != kept.TS || posted.Digest != kept.Digest {
		kept.Shown = u.At
	}
	kept.Channel, kept.TS, kept.Digest, kept.Posting, kept.Pinned = posted.At.Channel, posted.At.TS, posted.Digest, "", posted.Pinned
	kept.Held, kept.HeldAt, kept.Waits = "", time.Time{}, false
	if c.Address != "" {
		kept.Person = string(now.Reader.ID)
	}
	now.doubt.shown(&kept)
	if err := engine.Save(u, engine.Cards(), &kept); err != nil {
		return err
	}
	if err := unpinned(u, posted); err != nil {
		return err
	}
	later, err := wentOn(u.Tx, about, now.Content.Upto())
	switch {
	case err != nil:
		return err
	case later || inVain(now.Content, u.At):
		return p.enqueue(u, about, c)
	case !kept.Doubt.IsZero():
		return enqueueBy(u, about, c, kept.Doubt)
	}
	return nil
}

// onceMore has a card that is refused tried again, once, with what is known of
// its reader by then: an account can go while the card is on its way.
func (s *Service) onceMore(t store.Task, c Card, reader access.PersonID, err error) error {
	f := *access.Classify(err)
	if personal := c.Reader != "" || c.Address != ""; personal && f.Class == access.Rejected && t.Attempts == 0 {
		s.people.Forget(reader)
		f.Class = access.Transient
	}
	return &f
}

// gone tells whether somebody is known to have left, so that nobody reads what is
// shown to them.
func (s *Service) gone(ctx context.Context, who access.PersonID) bool {
	left, err := s.people.HasLeft(ctx, who)
	return err == nil && left
}

// unreachable turns a reader who can't be found into something a human hears of.
func (s *Service) unreachable(ctx context.Context, c Card, err error) error {
	who := string(c.Address)
	if c.Reader != "" {
		who = s.people.Known(ctx, c.Reader).Contact()
	}
	if r, ok := access.AsRefusal(err); ok {
		return people.Rejected("%s can't be told in Slack: %s", who, r.Sentence)
	}
	return fmt.Errorf("find %s in Slack: %w", who, err)
}
