package lifecycle

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
)

func TestTheAccountDecidesNotTheLog(t *testing.T) {
	w := newWorld(t)
	old := w.employ("grace")
	w.clock.Advance(time.Second)
	w.mustRead() // reading begins here
	w.clock.Advance(time.Second)
	maya, tom, ada := w.employ("maya"), w.employ("tom"), w.employ("ada")
	w.vendor.SetStatus(maya, idp.Left)
	w.vendor.SetStatus(tom, idp.Suspended)
	w.vendor.SetStatus(ada, idp.Left)
	w.vendor.SetStatus(ada, idp.Active) // it was a mistake
	w.mustRead()
	if want := []access.PersonID{peopletest.ID("maya")}; !slices.Equal(w.left, want) {
		t.Errorf("%v have left, want %v", w.left, want)
	}
	for _, id := range []string{maya, tom, ada} {
		if n := count(w.seen, id); n == 0 || n > 2 {
			t.Errorf("%s was looked at %d times, want once as changed and once as closed", id, n)
		}
	}
	if slices.Contains(w.seen, old) {
		t.Error("what happened before the first look was looked at")
	}
	w.seen = nil
	w.mustRead()
	if len(w.seen) > 0 {
		t.Errorf("%v were looked at although the log says nothing new", w.seen)
	}
}

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

// TestLateEntries: an entry that comes behind younger ones is read like those.
func TestLateEntries(t *testing.T) {
	w := newWorld(t)
	maya, tom := w.employ("maya"), w.employ("tom")
	w.clock.Advance(time.Second)
	w.mustRead()
	w.clock.Advance(time.Second)
	w.vendor.TrailLog(20 * time.Second)
	w.vendor.SetStatus(maya, idp.Left)
	w.vendor.TrailLog(0)
	w.vendor.SetStatus(tom, idp.Suspended)
	w.mustRead()
	if len(w.left) > 0 {
		t.Fatalf("%v have left before the log says so", w.left)
	}
	w.clock.Advance(30 * time.Second)
	w.mustRead()
	if want := []access.PersonID{peopletest.ID("maya")}; !slices.Equal(w.left, want) {
		t.Errorf("%v have left, want %v", w.left, want)
	}
}

// TestDeleted: not to be found proves nothing; with the log's word, and once the directory has had time, it does.
func TestDeleted(t *testing.T) {
	w := newWorld(t)
	maya := w.employ("maya")
	w.mustRead()
	w.clock.Advance(time.Second)
	w.vendor.SetStatus(maya, idp.Suspended)
	w.vendor.DeletePerson(maya)
	w.mustRead()
	if len(w.left) > 0 {
		t.Fatal("somebody has left at the first look at what was deleted")
	}
	w.clock.Advance(29 * time.Second)
	if failed := w.work(); len(failed) != 1 || access.Classify(failed[0]).Class != access.Limited || len(w.left) > 0 {
		t.Fatalf("before it has settled: %v, left %v", failed, w.left)
	}
	w.clock.Advance(time.Second)
	w.work()
	if want := []access.PersonID{peopletest.ID("maya")}; !slices.Equal(w.left, want) {
		t.Errorf("%v have left, want %v", w.left, want)
	}
}

// TestSilence: while log and directory keep silent nobody leaves, IT hears of it once it lasts, and nothing is missed.
func TestSilence(t *testing.T) {
	w := newWorld(t)
	maya := w.employ("maya")
	w.mustRead()
	w.clock.Advance(time.Second)
	w.vendor.SetStatus(maya, idp.Left)
	w.vendor.Fail(idptest.Outage)
	for _, wait := range []time.Duration{0, 30 * time.Minute} {
		w.clock.Advance(wait)
		if err := w.read(); err == nil || len(w.told) > 0 {
			t.Fatalf("a log that can't be read since %v: %v, told %v", wait, err, w.told)
		}
	}
	w.clock.Advance(31 * time.Minute)
	if err := w.read(); err == nil || len(w.told) != 1 || len(w.left) > 0 {
		t.Fatalf("after an hour: %v, told %v, left %v", err, w.told, w.left)
	}
	w.vendor.Heal()
	if err := w.read(); err != nil {
		t.Fatal(err)
	}
	w.vendor.Fail(idptest.Outage)
	if failed := w.work(); len(failed) == 0 || len(w.left) > 0 {
		t.Fatalf("an account that can't be read: %v, left %v", failed, w.left)
	}
	w.vendor.Heal()
	w.work()
	if len(w.left) != 1 {
		t.Errorf("%v have left, want Maya", w.left)
	}
}

// TestLostPosition: where the log can't be read on from the mark, it is read from before it was read last.
func TestLostPosition(t *testing.T) {
	w := newWorld(t)
	maya, tom := w.employ("maya"), w.employ("tom")
	w.mustRead()
	w.clock.Advance(time.Second)
	w.vendor.SetStatus(tom, idp.Suspended)
	w.mustRead()
	w.vendor.SetStatus(maya, idp.Left)
	w.vendor.LoseLog()
	if err := w.read(); err == nil {
		t.Fatal("nobody heard that the position was lost")
	}
	w.mustRead()
	if len(w.left) != 1 {
		t.Errorf("%v have left, want Maya", w.left)
	}
}

// TestManyPages: a turn reads several pages and no more, and the next one goes on.
func TestManyPages(t *testing.T) {
	w := newWorld(t)
	w.mustRead()
	w.clock.Advance(time.Second)
	var ids []string
	for range 40 {
		ids = append(ids, w.vendor.AddPerson(idptest.Person{Email: "crew@acme.example"}))
	}
	w.mustRead()
	if n := len(w.seen); n == 0 || n >= 40 {
		t.Errorf("one turn read %d entries", n)
	}
	w.mustRead()
	for _, id := range ids {
		if count(w.seen, id) != 1 {
			t.Errorf("%s was looked at %d times", id, count(w.seen, id))
		}
	}
}

// TestHintsAreDurable: how far the log was read is stored together with what it said.
func TestHintsAreDurable(t *testing.T) {
	w := newWorld(t)
	maya := w.employ("maya")
	w.clock.Advance(time.Second)
	w.mustRead()
	w.clock.Advance(time.Second)
	w.vendor.SetStatus(maya, idp.Left)
	if err := w.read(); err != nil {
		t.Fatal(err)
	}
	var tasks []store.Task
	err := w.units.View(t.Context(), func(tx store.Tx) (err error) {
		tasks, err = tx.Tasks("", 0, 10)
		return err
	})
	if err != nil || len(tasks) != 1 || tasks[0].Queue != "okta" || tasks[0].Priority >= store.Additions {
		t.Errorf("tasks %+v (%v)", tasks, err)
	}
}

// TestAnotherDirectorySaysWhoHasLeft: an account that is closed where nobody asks for it makes no leaver, and the listener
// hears of it all the same.
func TestAnotherDirectorySaysWhoHasLeft(t *testing.T) {
	for _, unheard := range []bool{true, false} {
		w := newWorld(t)
		w.unheard = unheard
		maya := w.employ("maya")
		w.mustRead()
		w.clock.Advance(time.Second)
		w.vendor.SetStatus(maya, idp.Left)
		w.mustRead()
		if left := len(w.left) > 0; left == unheard || len(w.seen) == 0 {
			t.Errorf("unheard %t: %v have left, heard of %v", unheard, w.left, w.seen)
		}
		w.left = nil
		w.clock.Advance(time.Second)
		w.vendor.DeletePerson(maya)
		w.mustRead()
		w.clock.Advance(time.Minute)
		w.work()
		if left := len(w.left) > 0; left == unheard {
			t.Errorf("unheard %t, deleted: %v have left", unheard, w.left)
		}
	}
}

// TestWhatALookIsFor: whoever sees the task reads which directory it is about, also where its payload can't be read.
func TestWhatALookIsFor(t *testing.T) {
	say := Purposes()[LookTask]
	body, err := engine.Payload(hinted{Directory: "entra", Account: "1"})
	if err != nil {
		t.Fatal(err)
	}
	if got := say(nil, store.Task{Kind: LookTask, Payload: body}); !strings.Contains(got, "in entra") {
		t.Errorf("it is to %s", got)
	}
	if got := say(nil, store.Task{Kind: LookTask, Payload: []byte("{")}); got == "" || strings.Contains(got, "entra") {
		t.Errorf("unreadable, it is to %s", got)
	}
}
