package access_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/catalog"
)

// tellings lets a grant wait for years, and returns how long after its beginning each
// telling came, and which ones IT heard of.
func tellings(t *testing.T, g access.Grant, n int) (after []time.Duration, kinds []access.EventKind) {
	t.Helper()
	from := g.FollowUp.Since
	for range n {
		now := g.Due()
		next, _, err := g.Apply(g.Event(g.NextTold(), access.System(), now), now)
		if err != nil {
			t.Fatal(err)
		}
		after, kinds = append(after, now.Sub(from)), append(kinds, g.NextTold())
		g = next
	}
	return after, kinds
}

// byHand is a grant that waits for somebody to make a change by hand.
func byHand(t *testing.T) access.Grant {
	t.Helper()
	g := grantIn(access.GrantWaiting, false)
	g.Manual, g.Entitlements = true, nil
	next, _, err := g.Apply(g.Event(access.EventRecorded, access.System(), at), at)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// TestWhatIsDoneByHandIsToldAgainThenToIT for giving and, from its own
// beginning, for taking.
func TestWhatIsDoneByHandIsToldAgainThenToIT(t *testing.T) {
	const h, d = time.Hour, catalog.Day
	again, it := access.EventFollowedUp, access.EventGrantEscalated
	g := byHand(t)
	check := func(g access.Grant) {
		t.Helper()
		after, kinds := tellings(t, g, 6)
		if want := []time.Duration{2 * h, d, 2 * d, 9 * d, 16 * d, 23 * d}; !slices.Equal(after, want) {
			t.Errorf("told after %v, want %v", after, want)
		}
		if want := []access.EventKind{again, again, it, it, it, it}; !slices.Equal(kinds, want) {
			t.Errorf("told by %v, want %v", kinds, want)
		}
	}
	check(g)
	done := g.Event(access.EventFulfilled, access.Actor{Person: "ines@acme.example"}, at.Add(h))
	g, _, err := g.Apply(done, at.Add(h))
	if err != nil || g.FollowUp.Open() {
		t.Fatalf("%v, %+v", err, g.FollowUp)
	}
	over := g.Event(access.EventEnding, access.System(), g.Ends)
	over.End = access.EndExpired
	if g, _, err = g.Apply(over, g.Ends); err != nil {
		t.Fatal(err)
	}
	check(g)
}

// TestDowntimeMakesOneReminderOfMany: what came due meanwhile goes out at once, and
// the next one keeps its distance.
func TestDowntimeMakesOneReminderOfMany(t *testing.T) {
	g := byHand(t)
	late := at.Add(7 * catalog.Day)
	g, _, err := g.Apply(g.Event(access.EventFollowedUp, access.System(), late), late)
	if err != nil || !g.Due().Equal(late.Add(22*time.Hour)) {
		t.Errorf("%v; after seven days without a word the next one comes %s", err, g.Due().Sub(late))
	}
	if _, _, err := g.Apply(g.Event(access.EventFollowedUp, access.System(), late), late); err == nil {
		t.Error("it was told twice")
	}
}

// TestStuckRemovalsAreToldWithoutEnd, all of them at the same moments.
func TestStuckRemovalsAreToldWithoutEnd(t *testing.T) {
	for _, began := range []time.Duration{0, 7 * time.Minute, 3 * time.Hour} {
		g := grantIn(access.GrantEnding, true)
		e := g.Event(access.EventStuck, access.System(), at.Add(began))
		e.Note = "a rule puts them back"
		g, _, err := g.Apply(e, at.Add(began))
		if err != nil {
			t.Fatal(err)
		}
		after, kinds := tellings(t, g, 100)
		if after[0] > 15*time.Minute || after[1] > 75*time.Minute || after[3]-after[2] != 4*time.Hour {
			t.Errorf("stuck since %s: told after %v", began, after[:4])
		}
		if last := at.Add(began + after[99]); !last.Equal(last.Truncate(4 * time.Hour)) {
			t.Errorf("stuck since %s: told in the end at %s, and others at another time", began, last)
		}
		if slices.Contains(kinds, access.EventGrantEscalated) {
			t.Errorf("stuck since %s: it comes to an end", began)
		}
	}
}

// TestAConfirmationSaysWhichWay: one that was made for giving confirms no taking.
func TestAConfirmationSaysWhichWay(t *testing.T) {
	for _, revoking := range []bool{false, true} {
		for _, said := range []access.Direction{access.Granting, access.Revoking, ""} {
			g := grantIn(access.GrantManual, revoking)
			e := g.Event(access.EventFulfilled, access.Actor{Person: "ines@acme.example"}, at)
			e.Direction = said
			_, _, err := g.Apply(e, at)
			if counts := said == "" || said == g.Direction(); (err == nil) != counts {
				t.Errorf("revoking %v, said %q: %v", revoking, said, err)
			}
		}
	}
}

// TestSomeoneIsWaitedFor tells again those who are asked, IT where nobody is, and
// the one who asked while a question is open.
func TestSomeoneIsWaitedFor(t *testing.T) {
	r := requestIn(access.RequestPending)
	r.FollowUp, r.Lapses, r.Wanted = access.FollowUp{}, time.Time{}, 30*catalog.Day
	now := at
	move := func(kind access.EventKind, by access.PersonID, eligible ...access.PersonID) {
		t.Helper()
		e := r.Event(kind, access.Actor{Person: by}, now)
		e.Approvers, e.Reason = eligible, "For how long?"
		next, _, err := r.Apply(e, now)
		if err != nil {
			t.Fatal(err)
		}
		r = next
	}
	expect := func(after time.Duration, kind access.EventKind) {
		t.Helper()
		r.Look = time.Time{} // that it is looked for others is another matter
		if due := r.Due(); due.Sub(now) != after || r.NextTold(due) != kind {
			t.Fatalf("%s comes after %s, want %s after %s", r.NextTold(due), due.Sub(now), kind, after)
		}
		now = r.Due()
		move(r.NextTold(now), "")
	}
	const noor = "noor@acme.example"
	move(access.EventUnroutable, "")
	expect(4*time.Hour, access.EventAskedAgain)
	move(access.EventApproversAsked, "", noor)
	expect(4*time.Hour, access.EventAskedAgain)
	expect(20*time.Hour, access.EventAskedAgain)
	move(access.EventApproversAsked, "", noor, "omar@acme.example") // the same stage: nothing begins anew
	expect(catalog.Day, access.EventEscalated)
	for range 3 { // once more for each of those who can be asked as well
		expect(2*catalog.Day, access.EventEscalated)
	}
	expect(catalog.Week, access.EventEscalated)
	move(access.EventQuestioned, noor, noor)
	if expect(4*time.Hour, access.EventAskedAgain); !r.Questioned {
		t.Error("the question is forgotten")
	}
	move(access.EventReplied, r.Requester)
	if expect(4*time.Hour, access.EventAskedAgain); r.Questioned {
		t.Error("the question is open although it was answered")
	}
	move(access.EventApproved, noor, noor)
	if r.Stage != 1 || r.FollowUp.Open() {
		t.Errorf("stage %d, %+v", r.Stage, r.FollowUp)
	}
}

// TestEveryGrantThatGivesAnythingEnds looks at every state that a grant of two
// groups can get into, whatever happens in whatever order: as soon as one of them
// was given, somebody looks at its end, and the end takes everything away.
func TestEveryGrantThatGivesAnythingEnds(t *testing.T) {
	first := grantIn(access.GrantWaiting, false)
	first.Entitlements = []access.Entitlement{{Group: group, State: access.EntitlementWanted}, {Group: other, State: access.EntitlementWanted}}
	seen, todo := map[string]bool{}, []access.Grant{first}
	for len(todo) > 0 {
		g := todo[0]
		todo = todo[1:]
		if key := fmt.Sprintf("%s %v %v %v %v", g.State, g.Revoking, g.Entitlements, g.Started.IsZero(), g.FollowUp.Told); seen[key] || g.FollowUp.Told > 5 {
			continue
		} else {
			seen[key] = true
		}
		mustEnd(t, g)
		for _, k := range grantKinds() {
			for _, ref := range []*catalog.GroupRef{&group, &other} {
				now := at.Add(time.Minute)
				if d := g.FollowUp.Next; k == access.EventFollowedUp || k == access.EventGrantEscalated {
					now = d
				}
				e := grantEvent(g, k)
				e.Group = ref
				if next, _, err := g.Apply(e, now); err == nil {
					todo = append(todo, next)
				}
			}
		}
	}
	if len(seen) < 50 {
		t.Errorf("only %d states were looked at", len(seen))
	}
}

// mustEnd ends a grant of which something is there when its time is up.
func mustEnd(t *testing.T, g access.Grant) {
	t.Helper()
	held := slices.ContainsFunc(g.Entitlements, func(e access.Entitlement) bool { return e.State == access.EntitlementHeld })
	if !held || g.Revoking {
		return
	}
	if g.Ends.IsZero() || g.Due().IsZero() || g.Due().After(g.Ends) {
		t.Fatalf("nobody looks at the end of %+v", g)
	}
	e := g.Event(access.EventEnding, access.System(), g.Ends)
	e.End = access.EndExpired
	next, effs, err := g.Apply(e, g.Ends)
	if err != nil || next.Live() {
		t.Fatalf("%s when its time is up: %v, %s", g.State, err, next.State)
	}
	for _, ent := range g.Entitlements {
		taken := slices.ContainsFunc(effs, func(eff access.Effect) bool {
			return eff.Kind == access.EffectRemoveMember && *eff.Group == ent.Group
		})
		if ent.State == access.EntitlementHeld && !taken {
			t.Fatalf("%s stays in %s", g.Person, ent.Group)
		}
	}
}

// TestWeekendsAreLeftOut, and nights: what is asked on a Friday afternoon is told of again
// on weekdays, from nine to five.
func TestWeekendsAreLeftOut(t *testing.T) {
	friday := time.Date(2026, 11, 27, 16, 0, 0, 0, time.UTC)
	for wanted, want := range map[time.Duration][]string{
		30 * catalog.Day:  {"Mon 12:00", "Mon 16:00", "Tue 16:00", "Thu 16:00"},
		365 * catalog.Day: {"Mon 12:00", "Mon 16:00", "Wed 16:00", "Thu 16:00", "Wed 16:00"},
		6 * time.Hour:     {"Fri 16:30", "Mon 10:00", "Mon 12:00", "Mon 16:00"},
	} {
		r := requestIn(access.RequestPending)
		r.FollowUp, r.Lapses, r.Wanted = access.FollowUp{}, time.Time{}, wanted
		now, office := friday, &access.Chase{Hours: []access.Hours{access.OfficeHours(time.UTC)}}
		asked := r.Event(access.EventApproversAsked, access.System(), now)
		asked.Approvers, asked.Chase = []access.PersonID{"noor@acme.example"}, office
		r, _, err := r.Apply(asked, now)
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for range want {
			r.Look = time.Time{}
			now = r.Due()
			e := r.Event(r.NextTold(now), access.System(), now)
			e.Approvers, e.Chase = []access.PersonID{"noor@acme.example"}, office
			if r, _, err = r.Apply(e, now); err != nil {
				t.Fatal(err)
			}
			told = append(told, now.Format("Mon 15:04"))
		}
		if !slices.Equal(told, want) {
			t.Errorf("wanted for %s, asked on Friday at 16:00: told again %q, want %q", wanted, told, want)
		}
	}
}

// TestAnEmergencyIsReviewedInWorkingHours: those who were skipped are asked again after
// half a day, one, and two, and then IT is told.
func TestAnEmergencyIsReviewedInWorkingHours(t *testing.T) {
	now := time.Date(2026, 11, 27, 16, 0, 0, 0, time.UTC) // a Friday
	r := requestIn(access.RequestApproved)
	r.BreakGlass = true
	office := &access.Chase{Hours: []access.Hours{access.OfficeHours(time.UTC)}}
	var told []string
	for range 5 {
		e := r.Event(access.EventReviewAsked, access.System(), now)
		if r.Review != nil {
			e.Kind = r.NextTold(now)
		}
		e.Approvers, e.Chase = []access.PersonID{"noor@acme.example"}, office
		next, _, err := r.Apply(e, now)
		if err != nil {
			t.Fatal(err)
		}
		r, now = next, next.Due()
		told = append(told, now.Format("Mon 2 15:04"))
	}
	if want := []string{"Mon 30 12:00", "Mon 30 16:00", "Tue 1 16:00", "Wed 2 16:00", "Wed 9 16:00"}; !slices.Equal(told, want) {
		t.Errorf("asked again at %q, want %q", told, want)
	}
}

// TestAStoryToldAgainWaitsForTheSame: hours, zones and timetables may be others by then, so
// what followed from an event is kept with it.
func TestAStoryToldAgainWaitsForTheSame(t *testing.T) {
	now := time.Date(2026, 11, 27, 16, 0, 0, 0, time.UTC) // a Friday
	office := &access.Chase{Hours: []access.Hours{access.OfficeHours(time.UTC)}, Tables: access.Timetables{
		Brief: access.Timetable{Remind: []time.Duration{time.Hour}, Escalate: 2 * time.Hour}, Ordinary: access.DefaultTimetables().Ordinary, Long: access.DefaultTimetables().Long,
	}}
	for _, emergency := range []bool{false, true} {
		r := requestIn(access.RequestPending)
		r.FollowUp, r.Lapses, r.Wanted, r.BreakGlass = access.FollowUp{}, time.Time{}, 6*time.Hour, emergency
		next := access.EventApproversAsked
		if emergency {
			r.State, next = access.RequestApproved, access.EventReviewAsked
		}
		again := r
		for range 8 {
			e := r.Event(next, access.System(), now)
			e.Approvers, e.Chase = []access.PersonID{"noor@acme.example"}, office
			var err error
			if r, _, err = r.Apply(e, now); err != nil {
				t.Fatal(err)
			}
			kept := e.Noting(access.Waits(r))
			kept.Chase, kept.N = nil, 1
			if again, _, err = again.Apply(kept, now); err != nil {
				t.Fatalf("%s, told again: %v", e.Kind, err)
			}
			if diff := cmp.Diff(r, again); diff != "" {
				t.Fatalf("%s, told again:\n%s", e.Kind, diff)
			}
			r.Look, again.Look = time.Time{}, time.Time{}
			now = r.Due()
			next = r.NextTold(now)
		}
	}
}
