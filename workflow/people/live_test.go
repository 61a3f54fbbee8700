package people_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// clicked has noor answer a request of maya's, from the click on.
func (w *world) clicked() (asked int) {
	w.t.Helper()
	before := w.asked
	ctx := w.Arrived(w.t.Context())
	p, err := w.Who(people.Alone(ctx), "U-noor") // as the bot does
	if err != nil {
		w.t.Fatal(err)
	}
	got, err := w.Established(ctx, request(maya, "owner"), access.Actor{Person: p.ID, Via: access.ViaSlack})
	if err != nil || !slices.Equal(got.Who, []access.PersonID{noor}) {
		w.t.Fatal(got, err)
	}
	return w.asked - before
}

// TestAClickAsksOfEachOnce: of whoever clicks and of whom it is about, and of nobody twice, whether they were known
// freshly or not.
func TestAClickAsksOfEachOnce(t *testing.T) {
	w := familiar(t, nil)
	w.person(grace) // maya's manager's; her account is not asked about by a click
	for name, pass := range map[string]time.Duration{"nobody was met lately": time.Hour, "everybody was a moment ago": time.Second} {
		w.pass(pass)
		if asked := w.clicked(); asked != 2 {
			t.Errorf("%s: the directory was asked %d times, not about two people", name, asked)
		}
	}
}

// TestAClickLeavesManagersOut: whoever decides is looked up without their manager, which is not that they have none.
func TestAClickLeavesManagersOut(t *testing.T) {
	w := familiar(t, nil)
	w.clicked()
	if m, err := w.Manager(t.Context(), noor); err != nil || m != grace {
		t.Errorf("after a click the manager is %q, %v", m, err)
	}
	w.pass(time.Hour)
	w.clicked()
	before := w.asked
	if m, err := w.Manager(people.Alone(t.Context()), noor); err != nil || m != grace || w.asked == before {
		t.Errorf("when nothing was known of it any more the manager is %q, %v, asked %d times", m, err, w.asked-before)
	}
}

// TestWhatWasAskedBeforeAClickDoesNotCount: not even what was asked in the very same moment of the clock.
func TestWhatWasAskedBeforeAClickDoesNotCount(t *testing.T) {
	w := familiar(t, nil)
	w.clicked()
	w.set(func(w *world) {
		p := w.staff["noor"]
		p.Status = idp.Suspended
		w.staff["noor"] = p
	})
	ctx := w.Arrived(t.Context())
	if _, err := w.Who(people.Alone(ctx), "U-noor"); err != nil {
		t.Fatalf("who she is was known a moment ago: %v", err)
	}
	if got, err := w.Established(ctx, request(maya, "owner"), access.Actor{Person: noor, Via: access.ViaSlack}); !refused(err) {
		t.Errorf("who was suspended before she clicked decides: %v, %v", got, err)
	}
	if p := w.person(noor); p.Standing != access.Suspended {
		t.Errorf("after that she counts as %s", p.Standing)
	}
}

// TestNothingOlderIsLeftWhereAClickFoundNothing: a directory kept silent, so what it said before the click isn't what
// others are told a moment later.
func TestNothingOlderIsLeftWhereAClickFoundNothing(t *testing.T) {
	w := familiar(t, nil)
	w.clicked()
	w.set(func(w *world) { w.broken = errors.New("no route to host") })
	if _, err := w.Established(w.Arrived(t.Context()), request(maya, "owner"), access.Actor{Person: noor, Via: access.ViaSlack}); err == nil {
		t.Fatal("it is established although the directory kept silent")
	}
	before := w.asked
	w.person(noor)
	if w.asked == before {
		t.Error("what was known before is relied on without asking again")
	}
}
