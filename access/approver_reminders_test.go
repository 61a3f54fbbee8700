package access_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
)

// waitsForNoor is a request that Noor was asked to decide at a moment.
func waitsForNoor(t testing.TB, wanted time.Duration, from time.Time) access.Request {
	t.Helper()
	r := requestIn(access.RequestPending)
	r.FollowUp, r.Wanted, r.Allowed, r.Lapses = access.FollowUp{}, wanted, wanted, time.Time{}
	e := r.Event(access.EventApproversAsked, access.System(), from)
	e.Approvers = []access.PersonID{"noor@acme.example"}
	r, _, err := r.Apply(e, from)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func nudge(r access.Request, by access.PersonID, now time.Time) (access.Request, error) {
	next, _, err := r.Apply(r.Event(access.EventNudged, access.Actor{Person: by, Via: access.ViaSlack}, now), now)
	return next, err
}

// TestANudgeTakesThePlaceOfAReminder: from an hour on, once in four, and not soon after
// they were told anyway.
func TestANudgeTakesThePlaceOfAReminder(t *testing.T) {
	r := waitsForNoor(t, 365*catalog.Day, at)
	refused := func(now time.Time, until string) {
		t.Helper()
		if _, err := nudge(r, r.Requester, now); err == nil || !strings.Contains(err.Error(), until) {
			t.Fatalf("%v, want it to be refused until %s", err, until)
		}
	}
	refused(at.Add(59*time.Minute), at.Add(time.Hour).Format("15:04 UTC"))
	first := at.Add(time.Hour)
	due := r.FollowUp.Next
	r, err := nudge(r, r.Requester, first)
	if err != nil || r.FollowUp.Told != 1 || !r.FollowUp.Next.After(due) {
		t.Fatalf("%v, %+v", err, r.FollowUp)
	}
	refused(first.Add(4*time.Hour-time.Minute), first.Add(4*time.Hour).Format("15:04 UTC"))
	if r, err = nudge(r, r.Requester, first.Add(4*time.Hour)); err != nil || r.FollowUp.Told != 2 {
		t.Fatalf("%v, %+v", err, r.FollowUp)
	}
	now := r.FollowUp.Next
	e := r.Event(r.NextTold(now), access.System(), now)
	if r, _, err = r.Apply(e, now); err != nil || e.Kind != access.EventAskedAgain {
		t.Fatalf("%s: %v", e.Kind, err)
	}
	if _, err := nudge(r, r.Requester, now.Add(3*time.Hour)); err == nil || !strings.Contains(err.Error(), "as often as anybody") {
		t.Errorf("a fourth time: %v", err)
	}
	if _, err := nudge(r, "noor@acme.example", now.Add(24*time.Hour)); err == nil {
		t.Error("who decides nudges themselves")
	}
}

// TestNobodyIsToldMoreThanThreeTimes of one request, whatever happens to it.
func TestNobodyIsToldMoreThanThreeTimes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		wanted := rapid.SampledFrom([]time.Duration{6 * time.Hour, 30 * catalog.Day, catalog.Forever}).Draw(rt, "wanted")
		r, now := waitsForNoor(t, wanted, at), at
		people := []access.PersonID{"noor@acme.example", "omar@acme.example", r.Requester}
		told := map[access.PersonID]int{}
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			var e access.Event
			switch kind := rapid.SampledFrom([]access.EventKind{"", access.EventNudged, access.EventQuestioned, access.EventReplied, access.EventApproversAsked, access.EventUnroutable}).Draw(rt, "what"); kind {
			case "":
				r.Look = time.Time{}
				if due := r.Due(); due.After(now) {
					now = due
				}
				e = r.Event(r.NextTold(now), access.System(), now)
			case access.EventApproversAsked:
				e = r.Event(kind, access.System(), now)
				e.Approvers = people[:rapid.IntRange(1, 2).Draw(rt, "how many")]
			default:
				now = now.Add(time.Duration(rapid.IntRange(0, 300).Draw(rt, "minutes")) * time.Minute)
				e = r.Event(kind, access.Actor{Person: rapid.SampledFrom(people).Draw(rt, "who"), Via: access.ViaSlack}, now)
				e.Approvers, e.Reason = people[:2], "For how long?"
			}
			mostly := r.Remindable()
			next, effs, err := r.Apply(e, now)
			if err != nil {
				continue
			}
			if slices.ContainsFunc(effs, func(eff access.Effect) bool { return eff.Kind == access.EffectRemind }) {
				for _, who := range mostly {
					told[who]++
				}
			}
			if r = next; e.Kind == access.EventNudged && r.Nudged.Times > 3 {
				rt.Fatal("nudged four times")
			}
		}
		for who, n := range told {
			if n > 3 {
				rt.Fatalf("%s was told %d times", who, n)
			}
		}
	})
}

// TestItIsNotWaitedForWhoeverWentOnLeave after they were asked: others are asked at once, and
// that is said once. While they are there, it takes its time.
func TestItIsNotWaitedForWhoeverWentOnLeave(t *testing.T) {
	r, now := waitsForNoor(t, 30*catalog.Day, at), at.Add(time.Hour)
	escalates := func(r access.Request, away time.Time) (access.Request, []access.Effect, error) {
		e := r.Event(access.EventEscalated, access.System(), now)
		e.Chase = &access.Chase{Hours: []access.Hours{{Away: away}}}
		return r.Apply(e, now)
	}
	if _, _, err := escalates(r, now); err == nil {
		t.Error("others are asked an hour after somebody was who is there")
	}
	next, effs, err := escalates(r, now.Add(catalog.Week))
	if err != nil || next.Stages[0].Escalated != 1 || next.PassesOn() {
		t.Fatalf("%v, %+v", err, next.Stages)
	}
	if !slices.ContainsFunc(effs, func(eff access.Effect) bool { return eff.Kind == access.EffectFindApprovers }) {
		t.Errorf("nobody is looked for: %v", effs)
	}
	if _, _, err := escalates(next, now.Add(catalog.Week)); err == nil {
		t.Error("others are asked twice at the same moment")
	}
}
