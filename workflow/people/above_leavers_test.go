package people_test

import (
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// hasLeft has somebody leave for good.
func (w *world) hasLeft(who access.PersonID, handle string) {
	w.t.Helper()
	w.member(handle, func(m *access.Person) { m.Standing = access.Left })
	if err := w.units.Update(w.t.Context(), func(u *engine.Unit) error { return people.MarkLeft(u, who) }); err != nil {
		w.t.Fatal(err)
	}
	w.Forget(who)
}

// Who is to decide has left: who managed them does, and is asked, unless they ask themselves or get the access, or
// report to who does.
func TestWhoManagedWhoeverHasLeftStandsIn(t *testing.T) {
	w := familiar(t, nil)
	w.hasLeft(noor, "noor")
	r := asking(t, maya, "manager")
	found, err := w.Deciders(t.Context(), r)
	if err != nil || !slices.Equal(found.Who, []access.PersonID{grace}) || !strings.Contains(found.Why, "who managed noor@acme.example, who has left") {
		t.Fatalf("%+v, %v", found, err)
	}
	r.Stages[0].Asked = found.Asked()
	now, err := w.Established(t.Context(), r, by(grace))
	if err != nil || r.MayDecide(grace, now.Who) != nil {
		t.Errorf("her answer: %+v, %v", now.Found, err)
	}
	r.Requester = grace
	if found, err = w.Deciders(t.Context(), r); err != nil || slices.Contains(found.Who, grace) || len(found.Who) == 0 {
		t.Errorf("she asks herself: %+v, %v", found, err)
	}
}
