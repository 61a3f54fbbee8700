package notify_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// shownTo has Maya's card posted, and news of the request for which it is to be edited.
func shownTo(w *world) store.Task {
	w.Helper()
	r := w.request("figma", "editor")
	w.tells(r.Event(access.EventSubmitted, access.System(), w.Now()), access.EffectShowCards)
	w.work()
	w.tells(r.Event(access.EventClaimed, access.System(), w.Now()), access.EffectShowCards)
	if all := w.tasks(); len(all) != 1 {
		w.Fatalf("%d tasks", len(all))
	}
	return w.tasks()[0]
}

// again fails the test unless the card is shown once more at a moment, whatever is thought to
// stand there, and then there is nothing left to do.
func (w *world) again(in time.Duration) {
	w.Helper()
	if in > 0 {
		w.passed += in - 1
		w.want(w.work())
		w.passed++
	}
	w.cards = nil
	w.want(w.work(), "card requester "+string(maya))
	if len(w.cards) != 1 || w.cards[0].Digest != "" || w.cards[0].At.TS == "" {
		w.Errorf("it is not edited in any case: %+v", w.cards)
	}
	if all := w.tasks(); len(all) > 0 {
		w.Errorf("there is more to do: %+v", all)
	}
}

// TestNewsDoesNotClearADoubt: what is shown before nothing of the earlier attempt can be under
// way may be overtaken, too.
func TestNewsDoesNotClearADoubt(t *testing.T) {
	w := newWorld(t)
	k := shownTo(w)
	if err := w.carryOut(k); err != nil {
		t.Fatal(err)
	}
	w.do(func(u *engine.Unit) error { return w.Handlers()[k.Kind].Overtaken(u, k, u.At.Add(engine.Settled)) })
	w.passed += time.Minute
	w.tells(access.Event{Kind: access.EventNote, Request: "AR-1", At: w.Now()}, access.EffectShowCards)
	w.want(w.work(), "card requester "+string(maya))
	w.again(engine.Settled - time.Minute)
}

// TestWhoStoodStillHasTheCardShownOnceMore: another process showed a newer one before this
// process's edit arrived. One that is on its way at that moment may be overtaken as well.
func TestWhoStoodStillHasTheCardShownOnceMore(t *testing.T) {
	for name, meanwhile := range map[string]bool{"when it was there": false, "while it is on its way": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			k := shownTo(w)
			wakes := func() { w.do(func(u *engine.Unit) error { return w.Handlers()[k.Kind].Overtaken(u, k, u.At) }) }
			if meanwhile {
				w.while = wakes
			}
			if err := w.carryOut(k); err != nil {
				t.Fatal(err)
			}
			if !meanwhile {
				wakes()
			}
			w.again(0)
		})
	}
}
