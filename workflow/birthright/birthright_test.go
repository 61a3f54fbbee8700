package birthright

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// TestGiven: whoever is in Design, once that has settled, with an issue before anything is done. Of whom no department is
// known nothing is.
func TestGiven(t *testing.T) {
	w := newWorld(t)
	w.hire("maya", "Design")
	w.hire("tom", "Engineering")
	w.hire("ada", "")
	w.everybodyIsSeen()
	w.want("at the first look")
	w.pass(2 * time.Minute)
	w.want("before the issue is there", "maya@acme.example waiting")
	w.reported()
	w.want("with it", "maya@acme.example provisioning")
	w.everybodyIsSeen()
	w.pass(2 * time.Minute)
	w.want("seen once more", "maya@acme.example provisioning")
}

// TestFlap: who is somebody else for a moment loses and gets nothing.
func TestFlap(t *testing.T) {
	w := newWorld(t)
	tom := w.hire("tom", "Engineering")
	w.everybodyIsSeen()
	w.move(tom, "Design")
	w.everybodyIsSeen()
	w.move(tom, "Engineering")
	w.pass(5 * time.Minute)
	w.want("back at once")
}

// TestSilence: a directory that can't be read, or whose list breaks off, moves nobody.
func TestSilence(t *testing.T) {
	w := newWorld(t)
	maya := w.hire("maya", "Design")
	w.everybodyIsSeen()
	w.vendor.Fail(idptest.Outage)
	w.pass(10 * time.Minute)
	w.want("it keeps silent when it would count")
	if _, err := w.scan(t.Context(), store.Task{}); err == nil {
		t.Error("a list that can't be read says nothing of that")
	}
	w.vendor.Heal()
	w.pass(2 * time.Hour)
	w.want("it speaks again", "maya@acme.example waiting")
	w.reported()
	w.vendor.SetStatus(maya, idp.Suspended)
	w.move(maya, "")
	w.everybodyIsSeen()
	w.pass(3 * time.Hour)
	w.want("nothing is known of who is on hold", "maya@acme.example provisioning")
}

// TestMoved: what came with a job ends after the grace, if it is still so.
func TestMoved(t *testing.T) {
	w := newWorld(t)
	maya := w.hire("maya", "Design")
	w.everybodyIsSeen()
	w.pass(2 * time.Minute)
	w.reported()
	w.move(maya, "Sales")
	w.everybodyIsSeen()
	w.pass(30 * time.Minute)
	w.want("in the grace", "maya@acme.example provisioning")
	w.pass(time.Hour)
	w.want("after it", "maya@acme.example ending")
}

// TestBrake: more than three people at once are a question. The answer counts for what was asked, and whoever isn't any more whom it
// was about is left out.
func TestBrake(t *testing.T) {
	w := newWorld(t)
	var ids []string
	for _, name := range []string{"ada", "bea", "cleo", "dora"} {
		ids = append(ids, w.hire(name, "Design"))
	}
	w.everybodyIsSeen()
	w.pass(2 * time.Minute)
	w.want("until it is answered")
	id := w.question()
	if err := w.Answer(t.Context(), "another", true, access.Actor{Via: access.ViaCLI}); err == nil {
		t.Error("an answer to something else counts")
	}
	w.pass(25 * time.Hour)
	w.want("a day later")
	if again := w.question(); again == "" || again == id {
		t.Errorf("it wasn't asked again: %q, was %q", again, id)
	}
	if err := w.Answer(t.Context(), id, true, access.Actor{Via: access.ViaCLI}); err == nil {
		t.Error("an answer to the question of before counts")
	}
	w.move(ids[3], "Sales")
	if err := w.Answer(t.Context(), w.question(), true, access.Actor{Via: access.ViaCLI}); err != nil {
		t.Fatal(err)
	}
	w.pass(5 * time.Minute)
	w.want("answered", "ada@acme.example waiting", "bea@acme.example waiting", "cleo@acme.example waiting")
	if w.question() != "" {
		t.Error("it is still asked")
	}
}

// TestRefused: what IT leaves isn't done, and isn't asked again.
func TestRefused(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"ada", "bea", "cleo", "dora"} {
		w.hire(name, "Design")
	}
	w.everybodyIsSeen()
	w.pass(2 * time.Minute)
	if err := w.Answer(t.Context(), w.question(), false, access.Actor{Via: access.ViaCLI}); err != nil {
		t.Fatal(err)
	}
	w.pass(30 * time.Hour)
	w.everybodyIsSeen()
	w.pass(5 * time.Minute)
	w.want("refused")
	if w.question() != "" {
		t.Error("it is asked again")
	}
}

func (w *world) question() (id string) {
	w.Helper()
	err := w.units.View(w.Context(), func(tx store.Tx) error {
		q, err := store.LoadBirthrightBrake(tx)
		id = q.ID
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return id
}

// TestPaused: while new access is paused nothing is given, and what ends ends.
func TestPaused(t *testing.T) {
	w := newWorld(t)
	maya := w.hire("maya", "Design")
	w.everybodyIsSeen()
	w.pass(2 * time.Minute)
	w.reported()
	w.pause(3 * time.Hour)
	w.hire("tom", "Design")
	w.move(maya, "Sales")
	w.everybodyIsSeen()
	w.pass(90 * time.Minute)
	w.want("paused", "maya@acme.example ending")
	w.pass(2 * time.Hour)
	w.want("it is over", "maya@acme.example ending", "tom@acme.example waiting")
}

func (w *world) pause(long time.Duration) {
	w.Helper()
	err := w.units.Update(w.Context(), func(u *engine.Unit) error {
		return store.PutPause(u.Tx, &access.Pause{ID: "PA-1", Since: u.At, Until: u.At.Add(long), Wanted: long})
	})
	if err != nil {
		w.Fatal(err)
	}
}

// TestDryRun: nothing is done.
func TestDryRun(t *testing.T) {
	w := newWorld(t)
	w.rules.DryRun = true
	w.hire("maya", "Design")
	w.hire("ada", "")
	w.everybodyIsSeen()
	w.pass(time.Hour)
	w.want("a dry run")
	p, err := w.Plan(t.Context(), access.Actor{Via: access.ViaCLI})
	if err != nil || p.Looked != 2 || len(p.People) != 2 || len(p.People[0].Unknown) != 1 || len(p.People[1].Gets) != 1 || !p.DryRun {
		t.Errorf("planned %+v (%v)", p, err)
	}
}
