package bot

import (
	"strings"
	"testing"

	"latchkey/bot/payload"
	"latchkey/sandbox/slack"
)

func TestNewestChoiceWins(t *testing.T) {
	var n newest
	for i, step := range []struct {
		ts   string
		want bool
	}{{"100.2", true}, {"100.1", false}, {"100.2", true}, {"100.3", true}} {
		if got := n.note("V1", step.ts); got != step.want {
			t.Errorf("step %d: %v, want %v", i, got, step.want)
		}
	}
	if n.is("V1", "100.2") || !n.is("V1", "100.3") || !n.is("V2", "") {
		t.Error("the newest isn't known")
	}
	n.forget("V1")
	if !n.note("V1", "1.0") {
		t.Error("a closed form is remembered")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	var n newest
	var o once
	for i := range 3 * remembered {
		id := strings.Repeat("x", i%7) + string(rune(0x4e00+i))
		n.note(id, "1")
		o.first(id)
	}
	if len(n.at) > remembered || len(o.seen) > remembered {
		t.Errorf("%d views and %d events are remembered", len(n.at), len(o.seen))
	}
}

func TestEventsAreTakenOnce(t *testing.T) {
	var o once
	if !o.first("Ev1") || o.first("Ev1") || !o.first("Ev2") {
		t.Error("repetitions aren't told from first deliveries")
	}
}

func TestFormIsRedrawnInSpiteOfAConflict(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.slash(w.Maya, "")
	w.sees(w.Maya, "Choose an app first")
	w.AddFault(slack.Fault{Method: "views.update", Times: 1, Error: "hash_conflict"})
	w.set(w.Maya, "app", "figma")
	w.sees(w.Maya, "Role")
	w.Clean()
}

func TestClosedFormIsLetGo(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.slash(w.Maya, "figma")
	form := w.sees(w.Maya, "Role")
	w.bot.forms.note(form.ID, "1.0")
	if _, err := w.CloseView(w.Ctx, w.Maya, form.ID, true); err != nil {
		t.Fatal(err)
	}
	w.Until("the form to be forgotten", func() bool {
		w.bot.forms.mu.Lock()
		defer w.bot.forms.mu.Unlock()
		return len(w.bot.forms.at) == 0
	})
	w.Clean()
}

func TestASubmittedFormIsNotPaintedOver(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.fill(w.Maya)
	form := w.top(w.Maya)
	w.submit(w.Maya)
	w.sees(w.Maya, "I'm asking those")
	late := form
	if err := w.bot.showForm(w.Ctx, payload.View{ID: late.ID, Hash: late.Hash}, "", formOf(w.house.Catalog(), payload.View{}), ""); err != nil {
		t.Fatal(err)
	}
	w.sees(w.Maya, "I'm asking those")
	w.Clean()
}
