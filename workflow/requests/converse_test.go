package requests_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/requests"
)

func TestClaiming(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.refused(w.Claim(t.Context(), r.ID, by(tom)), access.NotAllowed)
	w.refused(w.Claim(t.Context(), "AR-GONE", by(noor)), access.Unknown)
	w.ok(w.Claim(t.Context(), r.ID, by(noor)))
	if r = w.request(r.ID); r.Stages[0].Claim.By != noor {
		t.Errorf("claimed by %q", r.Stages[0].Claim.By)
	}
}

// Two approvers who take a request from each other for ever draw everybody's cards anew
// for ever: each of them can a number of times a day. They can still answer.
func TestClaimingToAndFroIsBounded(t *testing.T) {
	w := newWorld(t)
	w.chart["maya"] = "grace"
	r := w.asked("pair")
	for range 20 {
		w.ok(w.Claim(t.Context(), r.ID, by(noor)))
		w.ok(w.Claim(t.Context(), r.ID, by(grace)))
	}
	w.refused(w.Claim(t.Context(), r.ID, by(noor)), access.NotAllowed)
	w.pass(catalog.Day)
	w.ok(w.Claim(t.Context(), r.ID, by(noor)))
	w.ok(w.Claim(t.Context(), r.ID, by(grace)))
	w.ok(w.answer(r, noor, true))
}

func TestAQuestionIsTakenOnce(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	m := requests.Message{Request: r.ID, By: by(noor), Text: " For which team? ", Origin: "view-9"}
	w.ok(w.Ask(t.Context(), m))
	w.ok(w.Ask(t.Context(), m))
	if n := count(w.story(r.ID), access.EventQuestioned); n != 1 || w.last(r.ID).Reason != "For which team?" {
		t.Errorf("asked %d times: %+v", n, w.last(r.ID))
	}
	if len(w.tasks("thread.tell")) != 1 {
		t.Error("nobody is told")
	}
	m.By, m.Origin = by(maya), "view-10"
	w.refused(w.Ask(t.Context(), m), access.NotAllowed)
}

func count[T comparable](in []T, one T) int {
	return len(slices.DeleteFunc(slices.Clone(in), func(v T) bool { return v != one }))
}

func TestWhoIsConcernedCanTalk(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	for who, may := range map[access.PersonID]bool{maya: true, noor: true, ines: true, tom: false} {
		err := w.Comment(t.Context(), requests.Message{Request: r.ID, By: by(who), Text: "Hello", Origin: string(who)})
		if (err == nil) != may {
			t.Errorf("%s: %v", who, err)
		}
	}
	w.refused(w.Comment(t.Context(), requests.Message{Request: "AR-GONE", By: by(maya), Text: "Hello"}), access.Unknown)
}

// TestNobodyTalksAThreadFull: what one person says about a request is bounded, so
// that the others' cards, threads and issue stay readable.
func TestNobodyTalksAThreadFull(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	say := func(who access.PersonID, n int) error {
		return w.Comment(t.Context(), requests.Message{Request: r.ID, By: by(who), Text: "Hello?", Origin: fmt.Sprint(who, n)})
	}
	for n := range 60 {
		w.ok(say(maya, n))
	}
	for n := range 200 {
		w.refused(say(maya, 60+n), access.TooLate)
	}
	w.ok(say(noor, 0))
	if n := len(w.story(r.ID)); n > 80 {
		t.Errorf("the story has %d events", n)
	}
	w.pass(time.Hour)
	w.ok(say(maya, 300))
}

func TestAThreadIsHeardWhereACardStands(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.do(func(u *engine.Unit) error {
		return store.PutCard(u.Tx, &store.Card{ID: "c", Request: r.ID, Channel: "D1", TS: "1.2"})
	})
	m := requests.Message{By: by(maya), Text: "It is for the launch", Origin: "D1/1.3"}
	for ts, want := range map[string]bool{"1.2": true, "9.9": false} {
		if ours, err := w.Hear(t.Context(), "D1", ts, m); err != nil || ours != want {
			t.Errorf("%s: %t, %v", ts, ours, err)
		}
		if ours, err := w.Concerns(t.Context(), "D1", ts); err != nil || ours != want {
			t.Errorf("%s concerns a request: %t, %v", ts, ours, err)
		}
	}
	if n := count(w.story(r.ID), access.EventReplied); n != 1 {
		t.Errorf("heard %d times", n)
	}
}

func TestLinkingARequest(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	const thread = "https://acme.slack.com/archives/C1/p1"
	for who, may := range map[access.PersonID]bool{maya: true, noor: true, ines: true, tom: false} {
		if err := w.Link(t.Context(), r.ID, thread, by(who)); (err == nil) != may {
			t.Errorf("%s: %v", who, err)
		}
	}
	for _, bad := range []string{"", "javascript:alert(1)", "http://acme.slack.com/x", "https://" + strings.Repeat("x", 1000)} {
		w.refused(w.Link(t.Context(), r.ID, bad, by(maya)), access.Invalid)
	}
	w.refused(w.Link(t.Context(), "AR-GONE", thread, by(maya)), access.Unknown)
	if n := count(w.story(r.ID), access.EventNote); n != 1 || w.request(r.ID).Conversation != thread {
		t.Errorf("noted %d times, linked to %q", n, w.request(r.ID).Conversation)
	}
}
