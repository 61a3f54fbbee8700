package notify_test

import (
	"slices"
	"testing"

	"latchkey/access"
	"latchkey/store"
)

// crowd has many people wait for an answer until it is called again.
func (w *world) crowd() (over func()) {
	var all []func()
	for range 100 {
		all = append(all, w.units.Answering())
	}
	return func() {
		for _, answered := range all {
			answered()
		}
	}
}

// TestACrowdWaitsForNoCards presses where many do: what is done before their answer is to note that cards are to be
// shown, once for all that happens, and what is shown is the same.
func TestACrowdWaitsForNoCards(t *testing.T) {
	sent := func(crowded bool) []string {
		w := newWorld(t)
		r := w.request("figma", "editor")
		if crowded {
			defer w.crowd()()
		}
		for _, e := range []access.Event{r.Event(access.EventSubmitted, access.System(), w.Now()), asked(w, r)} {
			w.tells(e, access.EffectShowCards)
		}
		if first := w.tasks(); crowded && (len(first) != 1 || first[0].ID != "cards/"+r.ID) {
			t.Errorf("in a crowd there are the tasks %v", first)
		}
		return w.work()
	}
	alone, crowded := sent(false), sent(true)
	if len(alone) < 2 || !slices.Equal(alone, crowded) {
		t.Errorf("sent\n  %q\nand in a crowd\n  %q", alone, crowded)
	}
}

// TestWordsWaitForTheCardsOfACrowd says something before it is known which cards there are.
func TestWordsWaitForTheCardsOfACrowd(t *testing.T) {
	w := newWorld(t)
	r := w.request("figma", "editor")
	over := w.crowd()
	w.tells(r.Event(access.EventSubmitted, access.System(), w.Now()), access.EffectShowCards)
	over()
	w.tells(r.Event(access.EventReplied, access.System(), w.Now()), access.EffectTell)
	all := w.tasks()
	words := all[slices.IndexFunc(all, func(t store.Task) bool { return t.Kind == "thread.tell" })]
	if err := w.carryOut(words); access.Classify(err).Class != access.Limited || len(w.says) != 0 {
		t.Errorf("they were said in %v: %v", w.says, err)
	}
	w.workBut(words.ID)
	if err := w.carryOut(words); err != nil || len(w.says) != 1 || w.says[0].At.Channel != "C-"+string(maya) {
		t.Errorf("they were said in %v: %v", w.says, err)
	}
}

func asked(w *world, r access.Request) access.Event {
	e := r.Event(access.EventApproversAsked, access.System(), w.Now())
	e.Approvers = []access.PersonID{noor}
	return e
}
