package people_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

// leaves has noor leave in the directory, and Latchkey hear of it.
func (w *world) leaves() {
	w.set(func(w *world) {
		p := w.staff["noor"]
		p.Status = idp.Left
		w.staff["noor"] = p
	})
	w.Forget(noor)
	err := w.units.Update(w.t.Context(), func(u *engine.Unit) error { return people.MarkLeft(u, noor) })
	if err != nil {
		w.t.Error(err)
	}
}

func TestAnAnswerThatWasOvertakenIsNotBelieved(t *testing.T) {
	for name, ask := range map[string]func(*world) error{
		"by id":        func(w *world) error { _, err := w.Person(w.t.Context(), noor); return err },
		"by account":   func(w *world) error { _, err := w.Who(w.t.Context(), "U-noor"); return err },
		"account only": func(w *world) error { _, err := w.HasLeft(w.t.Context(), noor); return err },
		"from Jira": func(w *world) error {
			w.set(func(w *world) { w.jira["j2"] = "noor@acme.example" })
			_, err := w.Holder(w.t.Context(), access.Account{ID: "j2", Email: "noor@acme.example", Active: true})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := familiar(t, nil)
			w.set(func(w *world) { w.during = w.leaves })
			if err := ask(w); err != nil && !refused(err) { // to be told at once that she left is as good
				t.Fatal(err)
			}
			if p := w.person(noor); p.Standing != access.Left {
				t.Errorf("she left while she was looked up, and counts as %s", p.Standing)
			}
			if left, err := w.HasLeft(t.Context(), noor); err != nil || !left {
				t.Errorf("has she left? %v, %v", left, err)
			}
		})
	}
}

func TestWhatIsRememberedIsNotOvertakenByAnOldAnswer(t *testing.T) {
	w := familiar(t, nil)
	w.person(noor)
	w.pass(2 * time.Minute)
	w.set(func(w *world) { w.during = w.leaves })
	w.person(noor)
	err := w.store.View(t.Context(), func(tx store.Tx) error {
		k, err := store.Person(tx, noor)
		if k.Standing != access.Left {
			t.Errorf("she left, and is remembered as %s", k.Standing)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestADoubtThatIsToldIsRemembered: an account is in use again, and the news of it comes while its owner is looked
// up. Who is refused because IT was asked who they are, is known to be in doubt: IT can answer.
func TestADoubtThatIsToldIsRemembered(t *testing.T) {
	w := familiar(t, nil)
	w.person(noor)
	w.leaves()
	w.pass(30 * 24 * time.Hour)
	w.set(func(w *world) {
		p := w.staff["noor"]
		p.Status = idp.Active
		w.staff["noor"] = p
		w.during = func() { w.ForgetAccount("slack", "U-noor") }
	})
	w.ForgetAccount("slack", "U-noor")
	if p, err := w.Who(t.Context(), "U-noor"); !refused(err) || p.Doubted.IsZero() {
		t.Fatalf("whether it is her is not doubted: %+v, %v", p, err)
	}
	if w.stored(noor).Doubted.IsZero() {
		t.Error("the doubt that she was told of is not remembered")
	}
}

func TestAnAccountThatChangedWhileItsOwnerWasLookedUp(t *testing.T) {
	w := familiar(t, nil)
	renamed := func() {
		w.set(func(w *world) {
			m := w.members["noor"]
			m.Name = "Noor H."
			w.members["noor"] = m
		})
		w.ForgetAccount("slack", "U-noor")
	}
	w.set(func(w *world) { w.during = renamed })
	w.person(noor)
	if p := w.person(noor); p.Name != "Noor H." {
		t.Errorf("she is called %s", p.Name)
	}
}

func TestAnAnswerIsAsOldAsTheQuestion(t *testing.T) {
	w := familiar(t, nil)
	w.set(func(w *world) { w.during = func() { w.pass(2 * time.Minute) } })
	w.person(noor)
	if w.person(noor); w.asked != 2 {
		t.Errorf("the directory was asked %d times", w.asked)
	}
}

func TestWhoAnswersIsLookedUpAnew(t *testing.T) {
	w := familiar(t, nil)
	r := access.Request{State: access.RequestPending, Requester: maya, Beneficiary: maya, App: "figma", Route: "owner", Stages: []access.Stage{{Sources: []catalog.Approver{{Kind: catalog.Owner}}}}}
	if got, err := w.Established(t.Context(), r, access.Actor{Person: noor}); err != nil || !slices.Equal(got.Who, []access.PersonID{noor}) {
		t.Fatal(got, err)
	}
	w.set(func(w *world) {
		p := w.staff["noor"]
		p.Status = idp.Suspended
		w.staff["noor"] = p
	})
	if got, err := w.Established(t.Context(), r, access.Actor{Person: noor}); !refused(err) {
		t.Errorf("who was suspended a moment ago may decide: %v, %v", got, err)
	}
}

func TestStillHere(t *testing.T) {
	w := familiar(t, nil)
	here := func(who access.PersonID) error {
		return w.units.Update(t.Context(), func(u *engine.Unit) error { return people.StillHere(u, who) })
	}
	w.person(noor)
	for _, who := range []access.PersonID{noor, peopletest.ID("nemo")} {
		if err := here(who); err != nil {
			t.Errorf("%s: %v", who, err)
		}
	}
	w.leaves()
	if err := here(noor); !refused(err) {
		t.Errorf("she has left: %v", err)
	}
}

// TestBriefly: whoever waits for directories that keep silent still has time to do something about it, however
// little there was when they began.
func TestBriefly(t *testing.T) {
	begun := time.Now()
	for name, there := range map[string]time.Duration{"plenty": time.Hour, "less than a look-up may take": time.Minute} {
		ctx, cancel := context.WithDeadline(t.Context(), begun.Add(there))
		short, done := people.Briefly(ctx, 2*time.Minute)
		if until, bound := short.Deadline(); !bound || !until.Before(begun.Add(there)) {
			t.Errorf("%s: it ends at %v, and all has to be done by %v", name, until, begun.Add(there))
		}
		done()
		cancel()
	}
	short, done := people.Briefly(t.Context(), time.Minute)
	defer done()
	if until, bound := short.Deadline(); !bound || until.After(time.Now().Add(time.Minute)) {
		t.Errorf("without a limit of its own: %v, %v", until, bound)
	}
}
