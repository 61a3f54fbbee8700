package anchor_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	room "latchkey/workflow/anchor"
	"latchkey/workflow/engine"
	"latchkey/workflow/requests"
)

// hidden has searches and lists show nothing but the first notes, and returns how to show
// all of them again.
func (w *world) hidden(first int) (again func()) {
	notes, slack, pinned := w.board.notes, w.board.slack, w.board.pinned
	w.board.notes, w.board.slack, w.board.pinned = notes[:first], slack[:first], nil
	return func() { w.board.notes, w.board.slack, w.board.pinned = notes, slack, pinned }
}

// look has the room look at what is anchored, as it does from time to time.
func (w *world) look() error { return w.room.Look(w.Context()) }

// One answer that shows nothing says nothing. When nothing is shown for minutes, IT hears
// of it.
func TestAllNotesAreGone(t *testing.T) {
	w := newWorld(t)
	w.happens("AR-1")
	w.day()
	again := w.hidden(0)
	for range 2 {
		if err := w.look(); err == nil || w.told() != "" {
			t.Fatalf("one empty answer: %v, told %s", err, w.told())
		}
		w.clock.Advance(4 * time.Minute)
	}
	again()
	if err := w.look(); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Hour)
	w.hidden(0)
	if err := w.look(); err == nil || w.told() != "" {
		t.Fatalf("it was found meanwhile, so it begins anew: %v, told %s", err, w.told())
	}
	w.clock.Advance(5 * time.Minute)
	if err := w.look(); err != nil || !strings.Contains(w.told(), "can't be found") || !strings.Contains(w.told(), "looked for twice") {
		t.Errorf("told %s, %v", w.told(), err)
	}
}

// A start that is shown less than was posted has not compared anything: nobody is added
// before it is certain that the rest is gone, of which IT then hears.
func TestAShortAnswerIsNoComparison(t *testing.T) {
	w := newWorld(t)
	w.happens("AR-1")
	w.day()
	w.happens("AR-1")
	w.day()
	w.stop()
	again := w.hidden(1)
	w.start()
	if err := w.room.Compared(); access.Classify(err).Class != access.Limited {
		t.Errorf("additions: %v", err)
	}
	again()
	if err := w.look(); err != nil || w.room.Compared() != nil || w.told() != "" {
		t.Errorf("once it is shown: %v, %v, told %s", err, w.room.Compared(), w.told())
	}
	w.stop()
	w.hidden(1)
	w.start()
	w.clock.Advance(5 * time.Minute)
	if err := w.look(); err != nil || w.room.Compared() != nil || !strings.Contains(w.told(), "no. 2, was posted and isn't found any more") {
		t.Errorf("once it is gone: %v, %v, told %s", err, w.room.Compared(), w.told())
	}
}

// A note in between that one list leaves out is told of only when it stays away.
func TestANoteInBetween(t *testing.T) {
	w := newWorld(t)
	w.happens("AR-1")
	for range 3 {
		w.day()
	}
	w.board.notes, w.board.slack = slices.Delete(w.board.notes, 1, 2), slices.Delete(w.board.slack, 1, 2)
	if err := w.look(); err != nil || w.told() != "" {
		t.Fatalf("%v, told %s", err, w.told())
	}
	w.clock.Advance(5 * time.Minute)
	if err := w.look(); err != nil || !strings.Contains(w.told(), "no. 2 isn't found") {
		t.Errorf("%v, told %s", err, w.told())
	}
}

// What speaks against a log is not over because one answer leaves it out.
func TestOneShortAnswerLiftsNoQuarantine(t *testing.T) {
	for _, cause := range []string{store.QuarantineFork, store.QuarantineTwin, store.QuarantineRestored} {
		t.Run(cause, func(t *testing.T) {
			w := newWorld(t)
			w.happens("AR-1")
			w.day()
			err := w.units.Update(t.Context(), func(u *engine.Unit) error {
				return requests.BeginQuarantine(u, store.Quarantine{Cause: cause, Why: "It was seen.", Log: log, Size: 1, Instance: 1 << 60})
			})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := w.look(); err != nil || !slices.Equal(w.quarantines(), []string{cause}) {
					t.Fatalf("%v, quarantines %q", err, w.quarantines())
				}
				w.clock.Advance(3 * time.Minute)
			}
			if err := w.look(); err != nil || len(w.quarantines()) > 0 {
				t.Errorf("after six minutes: %v, quarantines %q", err, w.quarantines())
			}
		})
	}
}

// Slack alone shows that the store is an older one, and Jira can't say what of it goes on
// there: that is asked again.
func TestWhatIsAheadIsAskedForUntilJiraAnswers(t *testing.T) {
	w := newWorld(t)
	w.known("AR-1")
	w.day()
	older(t, w, func() {
		w.recorded(w.happens("AR-1"))
		w.day()
		w.board.down = &access.Failure{Class: access.Transient, Sentence: "Jira is down"}
	})
	if !slices.Equal(w.quarantines(), []string{store.QuarantineOlder}) {
		t.Fatalf("quarantines %q", w.quarantines())
	}
	w.board.down = nil
	_ = w.room.Hello(t.Context()) // it says that the store is older
	if _, err := w.tryHappen("AR-1"); err == nil {
		t.Error("a story goes on that Jira has more of")
	}
}

// An issue that should be there is not opened a second time because one search does not
// show it.
func TestAnIssueThatShouldBeThereIsLookedForTwice(t *testing.T) {
	w := newWorld(t)
	err := w.store.Update(t.Context(), func(tx store.Tx) error { return store.NameLog(tx, strings.TrimSuffix(log, "1")+"2") })
	if err != nil {
		t.Fatal(err)
	}
	w.happens("AR-1")
	w.duty(room.Duty)
	post := func() error {
		for _, one := range w.tasks() {
			if one.Kind == room.PostTask && one.Lane == "anchor/jira" {
				_, err := w.room.Handlers()[room.PostTask].Do(t.Context(), one)
				return err
			}
		}
		t.Fatal("nothing is posted")
		return nil
	}
	if err := post(); access.Classify(err).Class != access.Limited || len(w.board.issues) > 0 {
		t.Fatalf("%v, issues %q", err, w.board.issues)
	}
	w.clock.Advance(5 * time.Minute)
	if err := post(); err != nil || len(w.board.issues) != 1 {
		t.Errorf("%v, issues %q", err, w.board.issues)
	}
}

// What a look has missed counts when the first note is posted, if that is long enough ago.
func TestALookSeeksTheIssueOfALogThatGoesOn(t *testing.T) {
	w := newWorld(t)
	err := w.store.Update(t.Context(), func(tx store.Tx) error { return store.NameLog(tx, strings.TrimSuffix(log, "1")+"2") })
	if err == nil {
		err = w.look()
	}
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(5 * time.Minute)
	w.happens("AR-1")
	w.duty(room.Duty)
	w.work()
	if len(w.board.issues) != 1 {
		t.Errorf("issues %q", w.board.issues)
	}
}

// Whoever shows how the log stands hears at once that something speaks against it, and hears
// it once.
func TestWhatSpeaksAgainstTheLogIsShownAtOnce(t *testing.T) {
	w := newWorld(t)
	w.known("AR-1")
	w.day()
	older(t, w, func() {
		w.recorded(w.happens("AR-1"))
		w.day()
	})
	_ = w.look()
	if w.found != 1 {
		t.Errorf("heard %d times", w.found)
	}
}

// A start waits for nobody: what is due ends at once. Only where this machine knows that
// the store is an older one it asks first what of it is due only because it is old.
func TestAStartWaitsForNobody(t *testing.T) {
	w := newWorld(t)
	w.happens("AR-1")
	w.day()
	w.stop()
	w.start()
	if w.waited {
		t.Error("an ordinary start waits for Jira")
	}
	w.stop()
	w.board.down = &access.Failure{Class: access.Transient, Sentence: "Jira is down"}
	w.start()
	if _, err := w.room.Duties()[0].Do(t.Context(), store.Task{}); access.Classify(err).Class != access.Limited {
		t.Errorf("the day's note, before anything was compared: %v", err)
	}
	w.board.down = nil
	w.stop()
	w.replaced = true
	w.start()
	if !w.waited {
		t.Error("what an older store has due ends before Jira was asked")
	}
}
