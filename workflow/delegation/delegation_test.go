package delegation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
)

// TestADelegationFromTheFirstWordToTheLast: both hear of each step, the record has it, and the
// delegator is away for as long as it counts.
func TestADelegationFromTheFirstWordToTheLast(t *testing.T) {
	w := newWorld(t)
	d := w.set(catalog.Day, 2*catalog.Day)
	span := "from Tuesday, 17 November 2026 09:00 UTC until Thursday, 19 November 2026 09:00 UTC"
	told := w.told()
	if len(told) != 2 || !strings.HasPrefix(told[0], "grace: You decide for Noor "+span) || !strings.HasPrefix(told[1], "noor: Grace decides for you "+span) {
		t.Errorf("when it is set: %q", told)
	}
	opened := w.reported()
	if len(opened) != 1 || !strings.HasPrefix(opened[0], "grace@acme.example decides for noor@acme.example while they are away | From 17 Nov 2026 09:00 UTC") {
		t.Errorf("the issue begins with %q", opened)
	}
	if w.read(d.ID).State != access.DelegationPlanned || !w.away(noor).IsZero() || len(w.forgotten) > 0 {
		t.Error("it counts before it begins")
	}

	w.clock.Advance(catalog.Day)
	w.fallDue()
	if got := w.read(d.ID); got.State != access.DelegationRunning || !w.away(noor).Equal(d.Until) || !slices.Equal(w.forgotten, []access.PersonID{noor}) {
		t.Errorf("at its beginning it is %s, she is away until %s, forgotten are %v", got.State, w.away(noor), w.forgotten)
	}
	w.equal("closed, at the beginning", w.closed())
	w.equal("on the issue, at the beginning", w.written(), "IT-1: grace@acme.example decides for noor@acme.example from now on. | Until 19 Nov 2026 09:00 UTC.")
	if told := w.told(); len(told) != 2 || !strings.HasPrefix(told[1], "noor: Grace decides for you until Thursday, 19 November 2026 09:00 UTC |") {
		t.Errorf("at the beginning: %q", told)
	}

	w.clock.Advance(2 * catalog.Day)
	w.fallDue()
	if got := w.read(d.ID); got.State != access.DelegationEnded || !w.away(noor).IsZero() {
		t.Errorf("at its end it is %s, and she is away until %s", got.State, w.away(noor))
	}
	w.equal("at the end", w.told(), "grace: You don't decide for Noor any more | The time is up.", "noor: Grace doesn't decide for you any more | The time is up.")
	w.equal("on the issue, at the end", w.written(), "IT-1: grace@acme.example doesn't decide for noor@acme.example any more. | The time is up.")
	w.equal("closed, at the end", w.closed(), "IT-1")
}

// TestEitherOfTheTwoEndsIt, and nobody else; an end is told by whose it was.
func TestEitherOfTheTwoEndsIt(t *testing.T) {
	for who, want := range map[access.PersonID][]string{
		noor:  {"grace: You don't decide for Noor any more | Noor ended it.", "noor: Grace doesn't decide for you any more | You ended it."},
		grace: {"grace: You don't decide for Noor any more | You ended it.", "noor: Grace doesn't decide for you any more | Grace ended it."},
	} {
		w := newWorld(t)
		d := w.set(0, catalog.Day)
		if !w.away(noor).Equal(d.Until) || d.State != access.DelegationRunning {
			t.Errorf("what begins at once is %s, and she is away until %s", d.State, w.away(noor))
		}
		w.reported()
		w.told()
		_, err := w.End(t.Context(), d.ID, by(omar))
		w.refused(err, access.NotAllowed, "Only the two")
		if _, err := w.End(t.Context(), d.ID, by(who)); err != nil {
			t.Fatal(err)
		}
		w.equal("at the end", w.told(), want...)
		w.equal("on the issue", w.written(), "IT-1: grace@acme.example doesn't decide for noor@acme.example any more. | Ended by "+string(map[access.PersonID]access.Email{noor: peopletest.Address("noor"), grace: peopletest.Address("grace")}[who])+".")
		_, err = w.End(t.Context(), d.ID, by(who))
		w.refused(err, access.TooLate, "ended already")
	}
	w := newWorld(t)
	_, err := w.End(t.Context(), "D-NOTHING", by(noor))
	w.refused(err, access.Unknown, "any more")
}

// TestAnEndBeforeItsIssueIsWrittenOnceThatIsThere: nothing of it is lost.
func TestAnEndBeforeItsIssueIsWrittenOnceThatIsThere(t *testing.T) {
	w := newWorld(t)
	d := w.set(catalog.Day, catalog.Day)
	_, err := w.End(t.Context(), d.ID, by(noor))
	w.ok(err)
	w.equal("without an issue", w.written())
	if len(w.reported()) != 1 || w.read(d.ID).Issue.Key != "IT-1" {
		t.Error("it isn't written down")
	}
	w.equal("once it is there", w.written(), "IT-1: grace@acme.example doesn't decide for noor@acme.example any more. | Ended by noor@acme.example.")
	w.equal("closed, though it was over before", w.closed(), "IT-1")
	if len(w.forgotten) > 0 || !w.away(noor).IsZero() {
		t.Error("what never began changed something")
	}
}

// TestWhoIsAwayLongerStaysAway: what somebody said themselves of their leave counts more.
func TestWhoIsAwayLongerStaysAway(t *testing.T) {
	w := newWorld(t)
	longer := w.clock.Now().Add(30 * catalog.Day)
	w.edit(noor, func(k *store.Known) { k.AwayUntil = longer })
	d := w.set(0, catalog.Day)
	_, err := w.End(t.Context(), d.ID, by(noor))
	w.ok(err)
	if !w.away(noor).Equal(longer) {
		t.Errorf("she is away until %s", w.away(noor))
	}
}

// TestOnePersonDecidesForSomebodyAtATime, and nobody for too many.
func TestOnePersonDecidesForSomebodyAtATime(t *testing.T) {
	w := newWorld(t)
	d := w.set(catalog.Day, catalog.Day)
	at := w.clock.Now()
	_, err := w.Set(t.Context(), by(noor), omar, at, at.Add(catalog.Day))
	w.refused(err, access.Duplicate, "Home tab")
	_, err = w.End(t.Context(), d.ID, by(noor))
	w.ok(err)
	for i := range 20 {
		handle := "lead" + string(rune('a'+i))
		peopletest.Remember(t, w.store, nil, handle)
		_, err := w.Set(t.Context(), by(peopletest.ID(handle)), grace, at, at.Add(catalog.Day))
		w.ok(err)
	}
	_, err = w.Set(t.Context(), by(noor), grace, at, at.Add(catalog.Day))
	w.refused(err, access.NotAllowed, "many people already")
	if all, err := w.Of(t.Context(), grace); len(all) != 20 || err != nil {
		t.Errorf("she decides for %d, %v", len(all), err)
	}
}

// TestOnlyWhoMayActDecidesForAnybody, at the moment at which it is set.
func TestOnlyWhoMayActDecidesForAnybody(t *testing.T) {
	w := newWorld(t)
	at := w.clock.Now()
	_, err := w.Set(t.Context(), by(noor), "", at, at.Add(catalog.Day))
	w.refused(err, access.Invalid, "choose who")
	_, err = w.Set(t.Context(), by(noor), noor, at, at.Add(catalog.Day))
	w.refused(err, access.Invalid, "somebody else")
	w.left(grace)
	_, err = w.Set(t.Context(), by(noor), grace, at, at.Add(catalog.Day))
	w.refused(err, access.NotAllowed, "Grace can't decide")
	_, err = w.Set(t.Context(), by(grace), noor, at, at.Add(catalog.Day))
	if _, is := access.AsRefusal(err); !is || strings.Contains(err.Error(), "choose somebody else") {
		t.Errorf("who has left sets: %v", err)
	}
	if all, err := w.Of(t.Context(), noor); len(all) != 0 || err != nil {
		t.Errorf("there is %+v, %v", all, err)
	}
}

// TestADelegationOfSomebodyWhoLeftNeverBegins; one that runs ends with their leaving.
func TestADelegationOfSomebodyWhoLeftNeverBegins(t *testing.T) {
	w := newWorld(t)
	d := w.set(catalog.Day, catalog.Day)
	w.left(grace)
	w.told()
	w.clock.Advance(catalog.Day)
	w.fallDue()
	if got := w.read(d.ID); got.State != access.DelegationEnded || got.Why == "" {
		t.Errorf("it is %+v", got)
	}
	if told := w.told(); len(told) != 2 || !strings.Contains(told[1], "The account of one of the two isn't in use any more") {
		t.Errorf("told: %q", told)
	}
}

// TestWithWhoLeavesTheirDelegationsEnd, whichever of the two they were; with whoever may still act nothing does.
func TestWithWhoLeavesTheirDelegationsEnd(t *testing.T) {
	w := newWorld(t)
	d := w.set(0, catalog.Day)
	other, err := w.Set(t.Context(), by(omar), noor, w.clock.Now(), w.clock.Now().Add(catalog.Day))
	w.ok(err)
	w.do(func(u *engine.Unit) error { return w.EndAllOf(u, noor) })
	if !w.read(d.ID).Open() || !w.read(other.ID).Open() {
		t.Error("it ended though both may act")
	}
	w.left(noor)
	for range 2 { // doing it again changes nothing more
		w.do(func(u *engine.Unit) error { return w.EndAllOf(u, noor) })
	}
	if w.read(d.ID).Open() || w.read(other.ID).Open() {
		t.Error("it goes on though one of the two has left")
	}
}

// TestADelegationIsOverThoughNobodyLookedInTime: what was down at its beginning and end does nothing but end it.
func TestADelegationIsOverThoughNobodyLookedInTime(t *testing.T) {
	w := newWorld(t)
	d := w.set(catalog.Day, catalog.Day)
	w.clock.Advance(3 * catalog.Day)
	w.fallDue()
	if got := w.read(d.ID); got.State != access.DelegationEnded || got.Why != "" || !w.away(noor).IsZero() {
		t.Errorf("it is %+v, she is away until %s", got, w.away(noor))
	}
}

// TestDelegationsAreListedAsTheyBegin, those of both kinds together.
func TestDelegationsAreListedAsTheyBegin(t *testing.T) {
	w := newWorld(t)
	later := w.set(2*catalog.Day, catalog.Day)
	sooner, err := w.Set(t.Context(), by(omar), noor, w.clock.Now(), w.clock.Now().Add(time.Hour))
	w.ok(err)
	all, err := w.Of(t.Context(), noor)
	if err != nil || len(all) != 2 || all[0].ID != sooner.ID || all[1].ID != later.ID {
		t.Errorf("got %+v, %v", all, err)
	}
}
