package modals

import (
	"context"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
)

// seatShelf has one question about a seat, and notes what is said of it.
type seatShelf struct {
	asked access.Reclaim
	said  []string
	no    error
}

func (s *seatShelf) note(by access.Actor, words ...string) (access.Reclaim, error) {
	s.said = append(s.said, string(by.Person)+" "+strings.Join(words, " "))
	return s.asked, s.no
}

func (s *seatShelf) Get(context.Context, string) (access.Reclaim, error) { return s.asked, s.no }

func (s *seatShelf) Needed(_ context.Context, by access.Actor, id, why string) (access.Reclaim, error) {
	return s.note(by, "needs", id, why, string(by.On))
}

func (s *seatShelf) GiveBack(_ context.Context, by access.Actor, id string) (access.Reclaim, error) {
	return s.note(by, "gives back", id)
}

func (s *seatShelf) RemindLater(_ context.Context, by access.Actor, id string) (access.Reclaim, error) {
	return s.note(by, "later", id)
}

func (s *seatShelf) Restore(_ context.Context, by access.Actor, id, why string) ([]access.Grant, error) {
	_, err := s.note(by, "again", id, why)
	return nil, err
}

func seatDesk(t *testing.T) *desk {
	d := newDesk(t, shop())
	d.seats.asked = access.Reclaim{ID: "RC-1", Person: bottest.Maya().ID, App: bottest.Figma().ID, Role: "editor", State: access.ReclaimAsked, Seen: access.Idleness{Source: "sign-ins <here>", Reach: bottest.Minute(0)}}
	return d
}

// TestWhatIsSaidOfASeatByAClick reaches those who keep it, from whoever clicked.
func TestWhatIsSaidOfASeatByAClick(t *testing.T) {
	for action, want := range map[string]string{cards.ActionSeatReturn: "gives back RC-1", cards.ActionSeatLater: "later RC-1", cards.ActionSeatRestore: "again RC-1 "} {
		d := seatDesk(t)
		do := d.routes.Click("", action)
		if err := do(t.Context(), payload.Interaction{User: payload.Ref{ID: bottest.MayaID}, Channel: payload.Ref{ID: "D1"}}, on(action, "RC-1")); err != nil {
			t.Fatal(err)
		}
		if got := d.seats.said; len(got) != 1 || got[0] != string(bottest.Maya().ID)+" "+want {
			t.Errorf("%s: said is %q", action, got)
		}
	}
}

// TestARefusalOfAnAnswerIsTold where it was clicked.
func TestARefusalOfAnAnswerIsTold(t *testing.T) {
	d := seatDesk(t)
	d.seats.no = access.Refuse(access.TooLate, "", "This was put off already.")
	do := d.routes.Click("", cards.ActionSeatLater)
	if err := do(t.Context(), payload.Interaction{User: payload.Ref{ID: bottest.MayaID}, Channel: payload.Ref{ID: "D1"}}, on(cards.ActionSeatLater, "RC-1")); err != nil {
		t.Fatal(err)
	}
	if told := d.slack.Await(t, 1); len(told) != 1 || !strings.Contains(told[0].Text, "This was put off already.") {
		t.Errorf("they read %+v", told)
	}
}

// TestWhoeverNeedsASeatSaysWhatFor: the form says what it is about, and what was said goes with where it was said.
func TestWhoeverNeedsASeatSaysWhatFor(t *testing.T) {
	d := seatDesk(t)
	shown := d.click(bottest.MayaID, payload.View{}, on(cards.ActionSeatNeeded, "RC-1"))
	d.wants(shown.JSON, "You keep *Figma · Editor*", "No use is on record in sign-ins \\u0026lt;here\\u0026gt;", "What do you need it for?", "Keep it")
	if out := d.submit(bottest.MayaID, callbackSeat, cards.Target{Request: "RC-1", On: access.OnCard}.String(), because("The fair")); out != "" {
		t.Errorf("the form isn't closed: %s", out)
	}
	if got := d.seats.said; len(got) != 1 || got[0] != string(bottest.Maya().ID)+" needs RC-1 The fair "+string(access.OnCard) {
		t.Errorf("said is %q", got)
	}
	d.seats.no = access.Refuse(access.Invalid, "reason", "Please say in a few words what you need it for.")
	if out := d.submit(bottest.MayaID, callbackSeat, "RC-1", because("")); !strings.Contains(out, "errors") || !strings.Contains(out, "Please say in a few words") {
		t.Errorf("under the field it says %s", out)
	}
}

// TestAnAnswerThatComesTooLate is told instead of the form.
func TestAnAnswerThatComesTooLate(t *testing.T) {
	d := seatDesk(t)
	d.seats.asked.State = access.ReclaimRemoved
	if shown := d.click(bottest.MayaID, payload.View{}, on(cards.ActionSeatNeeded, "RC-1")); !strings.Contains(shown.JSON, access.ReclaimRemoved.Unmoved()) {
		t.Errorf("they read %s", shown.JSON)
	}
}
