package access_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
)

// idleSeat is a question about a seat that nobody has used for 80 days, just asked: seven days to answer.
func idleSeat() access.Reclaim {
	return access.Reclaim{
		ID: "RC-1", Person: tom, App: "figma", Role: "editor", Grant: "G-1", Grants: []string{"G-1"}, Directory: "okta", Account: "00u1",
		Rule: access.ReclaimRule{Threshold: 60 * catalog.Day, Grace: 7 * catalog.Day, Postpone: 30 * catalog.Day, Postpones: 1, Restore: 30 * catalog.Day},
		Seen: unusedSince(at, at.Add(-80*catalog.Day)),
	}
}

// unusedSince is a reading that shows the last use at a moment.
func unusedSince(read, last time.Time) access.Idleness {
	return access.Idleness{Last: last, Source: "sign-ins in Okta", By: catalog.AppSignIn, Reach: read.Add(-90 * catalog.Day), Since: last.Add(-catalog.Day), Read: read, Complete: read}
}

func askedAbout(t interface{ Fatal(...any) }) access.Reclaim {
	r, e, _, err := access.AskAbout(idleSeat(), at)
	if err != nil || e.Kind != access.EventReclaimAsked {
		t.Fatal(err)
	}
	return r
}

func reclaimKinds() []access.EventKind {
	return []access.EventKind{
		access.EventReclaimAsked, access.EventReclaimPostponed, access.EventReclaimAskedNow, access.EventReclaimDue, access.EventReclaimUnread, access.EventReclaimAway, access.EventReclaimNeeded,
		access.EventReclaimReturned, access.EventReclaimUsed, access.EventReclaimExempted, access.EventReclaimCancelled, access.EventReclaimRemoving, access.EventReclaimSettled, access.EventReclaimIssue, access.EventReclaimAskable, access.EventReclaimRestored,
	}
}

func reclaimStates() []access.ReclaimState {
	return []access.ReclaimState{
		access.ReclaimAsked, access.ReclaimPostponed, access.ReclaimChecking, access.ReclaimRemoving, access.ReclaimReturning,
		access.ReclaimRemoved, access.ReclaimNeeded, access.ReclaimInUse, access.ReclaimExempt, access.ReclaimCancelled,
	}
}

// reclaimIn is a question in a state, and due in it where that is possible.
func reclaimIn(t interface{ Fatal(...any) }, s access.ReclaimState, now time.Time) access.Reclaim {
	r := askedAbout(t)
	r.State = s
	switch s {
	case access.ReclaimAsked:
		r.Until = now
	case access.ReclaimRemoved:
		r.Outcome, r.Settled, r.Ends, r.Until = access.ReclaimGone, now, []string{"G-1"}, time.Time{}
	default:
		r.Until = time.Time{}
	}
	return r
}

// reclaimEvent is an event that says all that any state needs of its kind.
func reclaimEvent(r access.Reclaim, k access.EventKind, now time.Time) access.Event {
	by := access.Actor{Person: tom, Via: access.ViaSlack}
	if k == access.EventReclaimExempted || k == access.EventReclaimAskable {
		by.Person = rita
	}
	e := r.Event(k, by, now)
	seen := unusedSince(now, r.Seen.Last)
	if k == access.EventReclaimUsed {
		seen.Last = now.Add(-time.Hour)
	}
	e.Reason, e.Note, e.Until, e.Issue = "Because", "It is so.", now.Add(catalog.Day), &access.Issue{ID: "1", Key: "IT-1"}
	e.Reclaim = &access.ReclaimDetails{Seen: &seen, Grants: []string{"GR-1"}, Ends: []string{"G-1"}, Outcome: access.ReclaimGone}
	return e
}

func TestReclaimMatrix(t *testing.T) {
	var b strings.Builder
	now := at.Add(10 * catalog.Day)
	for _, s := range reclaimStates() {
		for _, k := range reclaimKinds() {
			r := reclaimIn(t, s, now)
			next, effs, err := r.Apply(reclaimEvent(r, k, now), now)
			line(&b, string(s), string(k), string(next.State), effs, err)
		}
	}
	golden(t, "reclaim_matrix.golden", b.String())
}

// TestReclaimTableIsClosed: every state is reached or final, and every kind of event has a line.
func TestReclaimTableIsClosed(t *testing.T) {
	moved := map[access.EventKind]bool{access.EventReclaimAsked: true, access.EventReclaimIssue: true}
	for _, m := range access.ReclaimRules() {
		moved[m.On] = true
		for _, s := range append(m.To, m.From) {
			if !slices.Contains(reclaimStates(), s) {
				t.Errorf("nobody knows the state %s", s)
			}
		}
	}
	for _, k := range reclaimKinds() {
		if !moved[k] {
			t.Errorf("nothing happens on %s", k)
		}
	}
	for _, s := range reclaimStates() {
		if s.Unmoved() == "" {
			t.Errorf("nothing is said of %s", s)
		}
	}
}

// TestNobodyIsAskedWithoutAReading that shows disuse: what isn't known is never idle.
func TestNobodyIsAskedWithoutAReading(t *testing.T) {
	for name, change := range map[string]func(*access.Reclaim){
		"nothing is known":          func(r *access.Reclaim) { r.Seen = access.Idleness{} },
		"it was used lately":        func(r *access.Reclaim) { r.Seen.Last = at.Add(-catalog.Day) },
		"access is young":           func(r *access.Reclaim) { r.Seen.Last, r.Seen.Since = time.Time{}, at.Add(-catalog.Day) },
		"records are too short":     func(r *access.Reclaim) { r.Seen.Reach = at.Add(-30 * catalog.Day) },
		"the reading is of before":  func(r *access.Reclaim) { r.Seen.Read = at.Add(-2 * time.Hour) },
		"the reading is of later":   func(r *access.Reclaim) { r.Seen.Read = at.Add(time.Minute) },
		"it isn't known since when": func(r *access.Reclaim) { r.Seen.Last, r.Seen.Since = time.Time{}, time.Time{} },
		"no grant holds it":         func(r *access.Reclaim) { r.Grants = nil },
		"nothing is reclaimed":      func(r *access.Reclaim) { r.Rule.Threshold = 0 },
	} {
		r := idleSeat()
		change(&r)
		if _, _, _, err := access.AskAbout(r, at); err == nil {
			t.Errorf("%s: somebody is asked", name)
		}
	}
}

// TestNothingEndsOnStaleData: neither by a reading of before, nor by one that doesn't show disuse, nor before the time is up.
func TestNothingEndsOnStaleData(t *testing.T) {
	now := at.Add(8 * catalog.Day)
	for name, change := range map[string]func(*access.Reclaim, *access.Event){
		"without a reading":                      func(_ *access.Reclaim, e *access.Event) { e.Reclaim.Seen = nil },
		"by one of before":                       func(_ *access.Reclaim, e *access.Event) { e.Reclaim.Seen.Read = now.Add(-2 * time.Hour) },
		"by records that may lack a use in time": func(r *access.Reclaim, e *access.Event) { r.Over, e.Reclaim.Seen.Complete = now, now.Add(-time.Hour) },
		"after a use":                            func(_ *access.Reclaim, e *access.Event) { e.Reclaim.Seen.Last = now.Add(-time.Hour) },
		"by what says nothing":                   func(_ *access.Reclaim, e *access.Event) { e.Reclaim.Seen.Source = "" },
		"before its time":                        func(r *access.Reclaim, _ *access.Event) { r.State, r.Until = access.ReclaimAsked, now.Add(time.Hour) },
		"of nothing":                             func(_ *access.Reclaim, e *access.Event) { e.Reclaim.Ends = nil },
	} {
		r := reclaimIn(t, access.ReclaimChecking, now)
		e := reclaimEvent(r, access.EventReclaimRemoving, now)
		change(&r, &e)
		if _, _, err := r.Apply(e, now); err == nil {
			t.Errorf("%s: access ends", name)
		}
	}
}

// TestAnswersNeedWords, and somebody who gives them.
func TestAnswersNeedWords(t *testing.T) {
	r := askedAbout(t)
	for name, change := range map[string]func(*access.Event){
		"still needed without a reason":    func(e *access.Event) { e.Kind, e.Reason = access.EventReclaimNeeded, " " },
		"still needed by nobody":           func(e *access.Event) { e.Kind, e.Actor = access.EventReclaimNeeded, access.Actor{} },
		"left out without a reason":        func(e *access.Event) { e.Kind, e.Actor.Person, e.Reason = access.EventReclaimExempted, rita, "" },
		"left out until a day that's past": func(e *access.Event) { e.Kind, e.Actor.Person, e.Until = access.EventReclaimExempted, rita, at },
		"left out by its holder":           func(e *access.Event) { e.Kind, e.Actor.Person = access.EventReclaimExempted, tom },
		"cancelled without a word":         func(e *access.Event) { e.Kind, e.Note = access.EventReclaimCancelled, "" },
		"put off to the past":              func(e *access.Event) { e.Kind, e.Until = access.EventReclaimPostponed, at },
	} {
		e := reclaimEvent(r, access.EventReclaimNeeded, at)
		change(&e)
		if next, _, err := r.Apply(e, at); err == nil {
			t.Errorf("%s: it is %s", name, next.State)
		}
	}
}

// TestLeaveIsWaitedFor: whoever is away when the time is up has all of it once they are back.
func TestLeaveIsWaitedFor(t *testing.T) {
	now := at.Add(7 * catalog.Day)
	r := reclaimIn(t, access.ReclaimChecking, now)
	e := r.Event(access.EventReclaimAway, access.System(), now)
	e.Until = now.Add(20 * catalog.Day)
	next, _, err := r.Apply(e, now)
	if err != nil || next.State != access.ReclaimAsked || !next.DueAt().Equal(now.Add(27*catalog.Day)) {
		t.Errorf("it is %s until %s, %v", next.State, next.DueAt(), err)
	}
}

// TestReclaimKeepsItsPromises over anything that can happen in any order: nothing ends without silence, a whole grace and a
// fresh reading without a use; it is put off as often as allowed and no more; what is final stays, but for giving back once.
func TestReclaimKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r, now := askedAbout(rt), at
		lastUse := r.Seen.Last
		answered := false
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			now = now.Add(rapid.SampledFrom([]time.Duration{0, time.Hour, 25 * time.Hour, 8 * catalog.Day, 31 * catalog.Day}).Draw(rt, "passes"))
			if rapid.IntRange(0, 9).Draw(rt, "uses") == 0 {
				lastUse = now
			}
			e := reclaimEvent(r, rapid.SampledFrom(reclaimKinds()[1:]).Draw(rt, "what"), now)
			seen := unusedSince(now.Add(-rapid.SampledFrom([]time.Duration{0, time.Minute, 5 * time.Hour}).Draw(rt, "old")), lastUse)
			if seen.Last.After(seen.Read) {
				seen.Last = r.Seen.Last // it was read before that use
			}
			e.Reclaim.Seen = &seen
			before := r
			next, _, err := r.Apply(e, now)
			if err != nil {
				if fmt.Sprint(next) != fmt.Sprint(before) {
					rt.Fatalf("refused, and yet it is %+v", next)
				}
				continue
			}
			r = next
			answered = answered || r.State == access.ReclaimReturning
			switch {
			case r.Postponed > r.Rule.Postpones:
				rt.Fatalf("put off %d times", r.Postponed)
			case r.State == access.ReclaimRemoving && before.State != access.ReclaimRemoving && (before.State != access.ReclaimChecking || now.Sub(before.Asked) < before.Rule.Grace || lastUse.After(before.Asked) && !seen.Read.Before(lastUse)):
				rt.Fatalf("it ends %s after it was asked, last use %s, from %s", now.Sub(before.Asked), lastUse, before.State)
			case r.State == access.ReclaimRemoving && before.State != access.ReclaimRemoving && now.Sub(r.Seen.Read) > time.Hour:
				rt.Fatalf("it ends by a reading of %s ago", now.Sub(r.Seen.Read))
			case r.State == access.ReclaimRemoved && len(r.Ends) == 0:
				rt.Fatal("nothing ended, and yet it is gone")
			case !before.Open() && r.State != before.State:
				rt.Fatalf("it was %s and is %s", before.State, r.State)
			case !before.Restored.IsZero() && e.Kind == access.EventReclaimRestored:
				rt.Fatal("it was given back twice")
			case r.State != access.ReclaimAsked && r.State != access.ReclaimPostponed && !r.DueAt().IsZero():
				rt.Fatalf("%s is due", r.State)
			}
		}
	})
}

// TestEveryEndSettlesItsSeat, whatever the reason.
func TestEveryEndSettlesItsSeat(t *testing.T) {
	ref := catalog.GroupRef{Directory: "okta", Group: "g"}
	settles := func(effs []access.Effect) bool {
		return slices.ContainsFunc(effs, func(f access.Effect) bool { return f.Kind == access.EffectSettleReclaim })
	}
	for _, end := range []access.End{access.EndReclaimed, access.EndLeft, access.EndReturned} {
		g := access.Grant{ID: "G-1", State: access.GrantActive, Entitlements: []access.Entitlement{{Group: ref, State: access.EntitlementHeld}}}
		e := g.Event(access.EventEnding, access.System(), at)
		e.End = end
		g, effs, err := g.Apply(e, at)
		if err != nil || !settles(effs) {
			t.Errorf("%s begins: %v, %v", end, effs, err)
		}
		e = g.Event(access.EventMemberRemoved, access.System(), at)
		e.Group = &ref
		if _, effs, err = g.Apply(e, at); err != nil || !settles(effs) {
			t.Errorf("%s is done: %v, %v", end, effs, err)
		}
	}
}

// TestDowngrade: a lower role for as long as was left, for whoever may have it.
func TestDowngrade(t *testing.T) {
	app := catalog.App{ID: "figma", Status: catalog.Approved}
	role := catalog.Role{ID: "viewer", Groups: []catalog.GroupRef{other}}
	was := access.Grant{ID: "G-1", Person: tom, App: "figma", Role: "editor", State: access.GrantActive, Ends: at.Add(time.Hour)}
	g, e, err := access.Downgrade(access.Downgraded{ID: "GL-1", Was: was, Role: role}, app, at)
	if err != nil || g.State != access.GrantWaiting || g.Wanted != time.Hour || g.Role != "viewer" || !g.Recorded() || e.Kind != access.EventGrantStarted {
		t.Errorf("it is %+v, %v", g, err)
	}
	for name, change := range map[string]func(*access.Downgraded, *catalog.App){
		"the higher one has ended": func(d *access.Downgraded, _ *catalog.App) { d.Was.State = access.GrantEnded },
		"its time is up":           func(d *access.Downgraded, _ *catalog.App) { d.Was.Ends = at },
		"it is the same":           func(d *access.Downgraded, _ *catalog.App) { d.Role.ID = "editor" },
		"it opens nothing":         func(d *access.Downgraded, _ *catalog.App) { d.Role.Groups = nil },
		"the app isn't offered":    func(_ *access.Downgraded, a *catalog.App) { a.Status = catalog.Retired },
		"it isn't for its holder": func(d *access.Downgraded, _ *catalog.App) {
			d.Role.For = catalog.Audience{Departments: []string{"Sales"}}
		},
	} {
		d, a := access.Downgraded{ID: "GL-1", Was: was, Role: role}, app
		change(&d, &a)
		if _, _, err := access.Downgrade(d, a, at); err == nil {
			t.Errorf("%s: it is given", name)
		}
	}
}
