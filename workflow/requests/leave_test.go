package requests_test

import (
	"slices"
	"testing"

	"latchkey/access"
	"latchkey/store"
)

func TestWhoeverLeavesLosesEverything(t *testing.T) {
	w := newWorld(t)
	waiting, held, ending := w.asked("editor"), w.held("root"), w.submit(w.wanting("viewer"))
	w.ok(w.Return(t.Context(), ending.ID, by(maya)))
	w.ok(w.Left(t.Context(), maya))
	if r := w.request(waiting.ID); r.State != access.RequestCancelled || w.last(r.ID).Note == "" {
		t.Errorf("what she asked for is %s", r.State)
	}
	if g := w.grant(held); g.State != access.GrantEnding || g.End != access.EndLeft {
		t.Errorf("what she had is %s, because of %s", g.State, g.End)
	}
	before := len(w.events(waiting.ID)) + len(w.events(held.ID))
	w.ok(w.Left(t.Context(), maya))
	if after := len(w.events(waiting.ID)) + len(w.events(held.ID)); after != before {
		t.Errorf("the second time, %d more things happened", after-before)
	}
	w.view(func(tx store.Tx) error {
		k, err := store.Person(tx, maya)
		if k.Standing != access.Left {
			t.Errorf("she is remembered as %s", k.Standing)
		}
		return err
	})
}

func TestWhatWaitedForALeaverIsAskedOfSomebodyElse(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.ok(w.LeftSlack(t.Context(), "U-noor"))
	gone := w.staff["noor@acme.example"]
	gone.Standing = access.Left
	w.staff["noor@acme.example"] = gone
	w.who.Forget(noor)
	w.findApprovers()
	if r = w.request(r.ID); !slices.Equal(r.Stages[0].Asked, []access.PersonID{omar}) {
		t.Errorf("asked are %v", r.Stages[0].Asked)
	}
	w.refused(w.answer(r, noor, true), access.NotAllowed)
}

func TestALeaverIsFoundByAccountAlone(t *testing.T) {
	w := newWorld(t)
	r := w.held("editor")
	w.ok(w.LeftSlack(t.Context(), "U-unknown"))
	if g := w.grant(r); g.State != access.GrantActive {
		t.Fatalf("nobody left, and it is %s", g.State)
	}
	w.ok(w.LeftSlack(t.Context(), "U-maya"))
	if g := w.grant(r); g.State != access.GrantEnding {
		t.Errorf("it is %s", g.State)
	}
}
