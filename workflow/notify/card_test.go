package notify_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// TestCardsOfEachAudience lists who has a card after what has happened.
func TestCardsOfEachAudience(t *testing.T) {
	asked := func(kind access.EventKind, who ...access.PersonID) access.Event {
		return access.Event{Kind: kind, Approvers: who}
	}
	plain := func(kinds ...access.EventKind) (out []access.Event) {
		for _, k := range kinds {
			out = append(out, access.Event{Kind: k})
		}
		return out
	}
	for name, c := range map[string]struct {
		app, role string
		story     []access.Event
		want      []string
	}{
		"submitted":               {"figma", "editor", plain(access.EventSubmitted), nil},
		"asked":                   {"figma", "editor", []access.Event{asked(access.EventApproversAsked, noor, omar)}, []string{"card approver " + string(noor), "card approver " + string(omar)}},
		"asked in a channel":      {"proddb", "admin", []access.Event{asked(access.EventApproversAsked, noor, omar)}, []string{"card channel #prod-access"}},
		"nobody may decide":       {"figma", "editor", plain(access.EventUnroutable), []string{"card it"}},
		"stuck twice":             {"figma", "editor", plain(access.EventStuck, access.EventTaskBlocked), []string{"card it"}},
		"emergency":               {"figma", "editor", plain(access.EventBreakGlass), []string{"card it"}},
		"emergency in a channel":  {"proddb", "admin", plain(access.EventBreakGlass), []string{"card it", "card channel #prod-access"}},
		"reminded twice":          {"figma", "editor", plain(access.EventReminded, access.EventReminded), []string{"card reminder.1 " + string(maya), "card reminder.2 " + string(maya)}},
		"reviewed, and once more": {"figma", "editor", []access.Event{asked(access.EventReviewAsked, noor), asked(access.EventReviewAsked, noor, omar)}, []string{"card review.1 " + string(noor), "card review.1 " + string(omar)}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r := w.request(c.app, c.role)
			for i, e := range c.story {
				e.Request = r.ID
				if i < len(c.story)-1 {
					w.do(func(u *engine.Unit) error { _, err := u.Append(e); return err })
				} else {
					w.tells(e, access.EffectShowCards)
				}
			}
			w.want(w.work(), append(c.want, "card requester "+string(maya))...)
		})
	}
}

func TestBothSidesAndFulfillersHaveACard(t *testing.T) {
	w := newWorld(t)
	r := w.request("figma", "editor")
	w.do(func(u *engine.Unit) error {
		r, err := u.Request(r.ID)
		if err != nil {
			return err
		}
		r.Requester = noor
		g := access.Grant{ID: r.GrantID(), Request: r.ID, Person: maya, Manual: true, State: access.GrantManual}
		return errors.Join(engine.Save(u, engine.Requests(), &r), engine.Save(u, engine.Grants(), &g))
	})
	started := r.Event(access.EventGrantStarted, access.System(), w.Now())
	started.Manual = true
	w.tells(started, access.EffectShowCards)
	w.tells(r.Event(access.EventRecorded, access.System(), w.Now()), access.EffectShowCards)
	w.want(w.work(), "card requester "+string(maya), "card requester "+string(noor), "card fulfillers "+string(omar))
}

func TestACardIsEditedWhereItStands(t *testing.T) {
	w := newWorld(t)
	r := w.request("proddb", "admin")
	e := r.Event(access.EventApproversAsked, access.System(), w.Now())
	e.Approvers = []access.PersonID{noor}
	w.tells(e, access.EffectShowCards)
	w.work()
	posted := w.cards
	w.cards = nil
	w.tells(r.Event(access.EventNote, access.System(), w.Now()), access.EffectShowCards)
	w.want(w.work(), "card channel #prod-access", "card requester "+string(maya))
	for _, u := range w.cards {
		i := slices.IndexFunc(posted, func(p notify.CardUpdate) bool { return p.Audience == u.Audience })
		if u.At.TS == "" || u.Digest != "as it is" || u.Marker != posted[i].Marker || u.Subject != access.RequestSubject(r.ID) {
			t.Errorf("not the card that was posted: %+v", u)
		}
		content := u.Content.(notify.RequestContent)
		if len(content.Case.Story) != 2 || (content.Background.TeamMore == 3) != (u.Audience == notify.ToChannel) {
			t.Errorf("%s shows %+v", u.Audience, content)
		}
		if u.Audience == notify.ToChannel && (u.Channel != "#prod-access" || u.Reader.ID != "") {
			t.Errorf("a channel has a reader: %+v", u)
		}
	}
}

func TestACardThatWasOvertakenIsShownAgain(t *testing.T) {
	w := newWorld(t)
	r := w.request("figma", "editor")
	w.while = func() {
		w.do(func(u *engine.Unit) error {
			_, err := u.Append(r.Event(access.EventClaimed, access.System(), u.At))
			return err
		})
	}
	w.tells(r.Event(access.EventSubmitted, access.System(), w.Now()), access.EffectShowCards)
	w.want(w.work(), "card requester "+string(maya), "card requester "+string(maya))
}

// TestReadersWhoAreGone tries a card whose reader can't be found.
func TestReadersWhoAreGone(t *testing.T) {
	for _, c := range []struct {
		audience notify.Audience
		left     bool
		attempts int
		want     access.Class // none: the card is dropped
	}{
		{notify.ToApprover, true, 0, ""},
		{notify.ToApprover, false, 0, access.Transient}, // once more, with what is known by then
		{notify.ToApprover, false, 1, access.Rejected},
		{notify.ToFulfillers, true, 0, access.Transient},
		{notify.ToFulfillers, true, 1, access.Rejected}, // somebody has to do it
	} {
		w := newWorld(t)
		r := w.request("figma", "editor")
		w.gone[noor], w.left[noor] = true, c.left
		card := notify.Card{Audience: c.audience, Reader: noor}
		if c.audience == notify.ToFulfillers {
			card = notify.Card{Audience: c.audience, Address: "noor@acme.example"}
		}
		body, err := engine.Payload(card)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Handlers()["card.show"].Do(t.Context(), store.Task{ID: "card/x", Kind: "card.show", Subject: access.RequestSubject(r.ID), Payload: body, Attempts: c.attempts})
		if got := classOf(err); got != c.want {
			t.Errorf("%s, left %v, after %d attempts: %q (%v), want %q", c.audience, c.left, c.attempts, got, err, c.want)
		}
		if forgot := len(w.forgot) > 0; forgot != (c.want == access.Transient) {
			t.Errorf("%s, left %v: forgotten: %v", c.audience, c.left, forgot)
		}
	}
}

func classOf(err error) access.Class {
	if err == nil {
		return ""
	}
	return access.Classify(err).Class
}

func TestSlackRefusesACard(t *testing.T) {
	w := newWorld(t)
	r := w.request("figma", "editor")
	w.tells(r.Event(access.EventSubmitted, access.System(), w.Now()), access.EffectShowCards)
	w.err = &access.Failure{Class: access.Rejected, Sentence: "The account is deactivated"}
	task := w.tasks()[0]
	if f := access.Classify(w.carryOut(task)); f.Class != access.Transient || f.Sentence != "The account is deactivated" {
		t.Errorf("first: %+v", f)
	}
	task.Attempts, task.Begun = 1, true
	if f := access.Classify(w.carryOut(task)); f.Class != access.Rejected {
		t.Errorf("then: %+v", f)
	}
	if last := w.cards[len(w.cards)-1]; !last.Again || w.cards[0].Again {
		t.Error("only a second attempt looks before it posts")
	}
}

func TestFurtherNouns(t *testing.T) {
	const campaign = access.SubjectKind("campaign")
	var announced []access.EventKind
	reads := map[access.SubjectKind]notify.Readership{
		access.SubjectGrant: {Announce: func(_ *engine.Unit, e access.Event) error { announced = append(announced, e.Kind); return nil }},
	}
	loads := map[access.SubjectKind]notify.Loader{
		campaign: func(context.Context, string, notify.Card) (notify.Content, error) {
			return notify.RequestContent{}, nil
		},
	}
	w := newWorldWith(t, reads, loads)
	w.tells(access.Event{Kind: access.EventAdopted, Grant: "GF-1"}, access.EffectShowCards)
	w.tells(access.Event{Kind: access.EventNote}, access.EffectShowCards) // about nothing in particular
	if !slices.Contains(announced, access.EventAdopted) || len(w.tasks()) != 0 {
		t.Errorf("announced %v, tasks %v", announced, w.tasks())
	}
	body, err := engine.Payload(notify.Card{Audience: "reviewer", Reader: noor})
	if err != nil {
		t.Fatal(err)
	}
	card := store.Task{ID: "card/x", Kind: "card.show", Payload: body}
	if card.Subject = (access.Subject{Kind: campaign, ID: "C-1"}); w.try(card) != nil || w.cards[0].Subject != (access.Subject{Kind: campaign, ID: "C-1"}) {
		t.Errorf("a campaign is not shown: %+v", w.cards)
	}
	if card.Subject = (access.Subject{Kind: "quest", ID: "Q-1"}); classOf(w.try(card)) != access.Rejected {
		t.Error("something unknown was shown")
	}
}

// try is an attempt at a task that is not queued.
func (w *world) try(t store.Task) error {
	_, err := w.Handlers()[t.Kind].Do(w.Context(), t)
	return err
}

func TestRevisions(t *testing.T) {
	a, n := notify.ToReminder.Revision(2).Parts()
	if a != notify.ToReminder || n != 2 {
		t.Errorf("%s, %d", a, n)
	}
	if a, n := notify.ToIT.Parts(); a != notify.ToIT || n != 0 {
		t.Errorf("%s, %d", a, n)
	}
}

func TestCardsThatMayStandSomewhereAreLookedFor(t *testing.T) {
	w := newWorld(t)
	r := w.request("figma", "editor")
	e := r.Event(access.EventApproversAsked, access.System(), w.Now())
	e.Approvers = []access.PersonID{noor}
	w.do(func(u *engine.Unit) error {
		if _, err := u.Append(e); err != nil {
			return err
		}
		return w.Expect(u, r.ID)
	})
	for _, again := range []bool{true, false} {
		w.cards = nil
		w.tells(r.Event(access.EventNote, access.System(), w.Now()), access.EffectShowCards)
		w.want(w.work(), "card approver "+string(noor), "card requester "+string(maya))
		for _, u := range w.cards {
			if u.Again != again {
				t.Errorf("%s is looked for: %v, want %v", u.Audience, u.Again, again)
			}
		}
		w.do(func(u *engine.Unit) error { return w.Expect(u, r.ID) }) // they are posted by now
	}
}
