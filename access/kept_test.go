package access_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// kept is the event that an answer is kept.
func kept(r access.Request, as access.EventKind, by access.PersonID) access.Event {
	e := answer(r, access.EventAnswerKept, by, nil)
	e.Answer = as
	return e
}

func move(t *testing.T, r access.Request, e access.Event) access.Request {
	t.Helper()
	next, _, err := r.Apply(e, at)
	if err != nil {
		t.Fatalf("%s: %v", e.Kind, err)
	}
	return next
}

func TestAKeptAnswerCountsForNothing(t *testing.T) {
	r, eligible := needing(catalog.Need{})
	r = move(t, r, kept(r, access.EventApproved, "noor@acme.example"))
	if r.State != access.RequestPending || len(r.Stages[0].Answers) != 0 {
		t.Fatalf("it counts: %+v", r)
	}
	if _, _, err := r.Apply(kept(r, access.EventApproved, "noor@acme.example"), at); err == nil {
		t.Error("it is kept twice")
	}
	r = move(t, r, kept(r, access.EventDenied, "noor@acme.example"))
	if k, ok := r.Kept("noor@acme.example"); !ok || k.As != access.EventDenied || len(r.Waiting) != 1 {
		t.Errorf("the second word doesn't take the place of the first: %+v", r.Waiting)
	}
	for _, who := range []access.PersonID{"", "maya@acme.example"} {
		if _, _, err := r.Apply(kept(r, access.EventApproved, who), at); err == nil {
			t.Errorf("an answer of %q is kept", who)
		}
	}
	if next := move(t, r, answer(r, access.EventApproved, "noor@acme.example", eligible)); len(next.Waiting) != 0 {
		t.Errorf("it counts and is kept all the same: %+v", next.Waiting)
	}
	if next := move(t, r, answer(r, access.EventAnswerDropped, "noor@acme.example", nil)); len(next.Waiting) != 0 || next.State != access.RequestPending {
		t.Errorf("dropped: %+v", next)
	}
}

// Others can settle the request meanwhile. What is kept is let go of all the same.
func TestAKeptAnswerOutlivesTheDecision(t *testing.T) {
	r, eligible := needing(catalog.Need{})
	r = move(t, r, kept(r, access.EventApproved, "noor@acme.example"))
	r = move(t, r, answer(r, access.EventDenied, "omar@acme.example", eligible))
	if _, ok := r.Kept("noor@acme.example"); !ok {
		t.Fatal("nobody would be told what became of it")
	}
	if r = move(t, r, answer(r, access.EventAnswerDropped, "noor@acme.example", nil)); r.State != access.RequestDenied || len(r.Waiting) > 0 {
		t.Errorf("%+v", r)
	}
}

func TestOnlyAnswersAreKept(t *testing.T) {
	r, _ := needing(catalog.Need{})
	for _, k := range []access.EventKind{access.EventCancelled, access.EventClaimed, access.EventBreakGlass, access.EventJustified, ""} {
		if _, _, err := r.Apply(kept(r, k, "noor@acme.example"), at); err == nil {
			t.Errorf("%q is kept", k)
		}
	}
	no := kept(r, access.EventDenied, "noor@acme.example")
	no.Reason = ""
	if _, _, err := r.Apply(no, at); err == nil {
		t.Error("a no without a reason is kept")
	}
}

// All have to agree, and somebody whom the sources name can't be found: the others
// alone are not all.
func TestAllCountsWhoCannotBeFound(t *testing.T) {
	r, _ := needing(catalog.Need{All: true})
	e := answer(r, access.EventApproved, "noor@acme.example", ids("noor"))
	e.Unfound = []string{"zoe@acme.example"}
	if r = move(t, r, e); r.State != access.RequestPending {
		t.Errorf("it is %s", r.State)
	}
}

func TestEarlierYes(t *testing.T) {
	r := requestIn(access.RequestPending)
	r.Stages[1].Need = catalog.Need{}
	r = move(t, r, answer(r, access.EventApproved, "noor@acme.example", ids("noor")))
	if got := r.Earlier(); len(got) != 1 || got[0].By.Person != "noor@acme.example" {
		t.Fatalf("earlier yes: %+v", got)
	}
	e := answer(r, access.EventApproved, "noor@acme.example", ids("noor"))
	e.Reused = true
	if next := move(t, r, e); next.State != access.RequestApproved || !next.Stages[1].Answers[0].Reused {
		t.Errorf("%+v", next)
	}
	r.Distinct = true
	if _, _, err := r.Apply(e, at); err == nil || len(r.Earlier()) != 0 {
		t.Error("one person stands in two places, and the route says that they are to be different")
	}
}

func TestApproversAreLookedForAgain(t *testing.T) {
	r, eligible := needing(catalog.Need{})
	r.Lapses, r.Wanted = at.Add(10*access.LookEvery), 30*catalog.Day // of a long one nobody is told again within the hour
	r = move(t, r, answer(r, access.EventApproversAsked, "", eligible))
	if want := at.Add(access.LookEvery); !r.Due().Equal(want) {
		t.Errorf("due %s, want %s", r.Due(), want)
	}
	if r.Lapses = at.Add(time.Minute); !r.Due().Equal(r.Lapses) {
		t.Errorf("due %s, and it lapses before", r.Due())
	}
}

// What may not be given any more isn't, whoever says yes.
func TestObjectionsToWhatWaits(t *testing.T) {
	c := testCatalog()
	r := requestIn(access.RequestPending)
	if err := r.Objection(c, someone("maya"), someone("maya"), access.Circumstances{}, access.Standings{}); err != nil {
		t.Error(err)
	}
	away := someone("maya")
	away.Standing = access.Suspended
	gone, retired := r, r
	gone.Role = "owner"
	retired.App, retired.Role = "oldapp", "user"
	for name, err := range map[string]error{
		"suspended": r.Objection(c, away, away, access.Circumstances{}, access.Standings{}), "no such role": gone.Objection(c, someone("maya"), someone("maya"), access.Circumstances{}, access.Standings{}),
		"app retired": retired.Objection(c, someone("maya"), someone("maya"), access.Circumstances{}, access.Standings{}),
	} {
		if _, refused := access.AsRefusal(err); !refused {
			t.Errorf("%s: %v", name, err)
		}
	}
	r.Unlisted = "Miro"
	if err := r.Objection(c, someone("maya"), someone("maya"), access.Circumstances{}, access.Standings{}); err != nil {
		t.Errorf("what isn't in the catalogue: %v", err)
	}
}

// What a rule refuses is refused by nobody, and says why.
func TestDeniedByARule(t *testing.T) {
	r, _ := needing(catalog.Need{})
	e := r.Event(access.EventDenied, access.System(), at)
	if _, _, err := r.Apply(e, at); err == nil {
		t.Error("it doesn't say why")
	}
	e.Reason = "It is only for Finance."
	if r = move(t, r, e); r.State != access.RequestDenied {
		t.Errorf("it is %s", r.State)
	}
	if a, ok := r.Decider(); !ok || a.Yes || a.By.Person != "" {
		t.Errorf("decided by %+v", a)
	}
}
