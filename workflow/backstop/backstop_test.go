package backstop_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/provision"
	"latchkey/workflow/provision/provisiontest"
)

// newExpiringWorld is a world whose directory ends memberships by itself.
func newExpiringWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, func(w *provisiontest.World, c *provision.Config) {
		c.Directories = people.Directories{w.Vendor.ExpiringDirectory()}
	})
}

// settle carries out what waits, and what follows from it.
func (w *world) settle() {
	w.Helper()
	for range 5 {
		w.Work()
	}
	if left := w.Tasks(); len(left) > 0 {
		w.Fatalf("%d tasks are left, the first is %s", len(left), left[0].ID)
	}
}

// given is a grant whose access is there, and of which the directory was told.
func (w *world) given(id string) access.Grant {
	w.Helper()
	g := w.Grant(id)
	w.settle()
	return w.Now(g.ID)
}

// extend gives a grant more time.
func (w *world) extend(id string, more time.Duration) {
	w.Helper()
	w.Do(func(u *engine.Unit) error {
		g, err := u.Grant(id)
		if err != nil {
			return err
		}
		e := g.Event(access.EventExtended, access.System(), u.At)
		e.Until = g.Ends.Add(more)
		_, err = u.MoveGrant(g, e)
		return err
	})
}

// ends is when the vendor ends Maya's membership by itself.
func (w *world) endsAt(want time.Time) {
	w.Helper()
	if got := w.Vendor.Expires(w.Group, w.Maya); got.IsZero() != want.IsZero() || got.Sub(want).Abs() > time.Second {
		w.Errorf("the directory ends it at %s, want %s", got, want)
	}
}

// said is what was written down last of what the directory does.
func (w *world) said(g string, until time.Time, words string) {
	w.Helper()
	e := w.Last(access.EventBackstop)
	if e.Grant != g || !e.Until.Equal(until) || !strings.Contains(e.Note, words) || e.Group == nil {
		w.Errorf("of %s it says: %s, until %s", e.Grant, e.Note, e.Until)
	}
}

// The directory is told to end it a little after the end, and of every later end; what has ended is told to nobody.
func TestADirectoryIsToldWhenToEndIt(t *testing.T) {
	w := newExpiringWorld(t)
	g := w.given("AR-1")
	until := g.Ends.Add(access.BackstopAfter)
	w.endsAt(until)
	w.said("G-AR-1", until, "Should Latchkey not do it, Okta ends this by itself on 16 November 2026 at 10:15 UTC")
	if ent := w.Entitlement("G-AR-1"); !ent.Backstop.Equal(until) {
		t.Errorf("the grant knows of %s", ent.Backstop)
	}
	w.extend("G-AR-1", 3*time.Hour)
	w.settle()
	w.endsAt(until.Add(3 * time.Hour))
	w.said("G-AR-1", until.Add(3*time.Hour), "at 13:15 UTC")
	w.End("G-AR-1")
	w.settle()
	if w.Vendor.IsMember(w.Group, w.Maya) || w.Last(access.EventMemberRemoved).Note != "" {
		t.Errorf("the end: %q", w.Last(access.EventMemberRemoved).Note)
	}
}

// Of several grants the last end counts, and none where one has no end; which of them began or ended last doesn't matter.
func TestTheLastEndOfSeveralCounts(t *testing.T) {
	w := newExpiringWorld(t)
	first := w.given("AR-1")
	w.Clock.Advance(30 * time.Minute)
	second := w.given("AR-2")
	w.endsAt(second.Ends.Add(access.BackstopAfter))
	w.said("G-AR-2", second.Ends.Add(access.BackstopAfter), "ends this by itself")
	w.Clock.Set(first.Ends)
	w.End("G-AR-1")
	w.settle()
	if g := w.Now("G-AR-1"); g.State != access.GrantEnded || g.Entitlements[0].State != access.EntitlementKept || !w.Vendor.IsMember(w.Group, w.Maya) {
		t.Errorf("%+v", g)
	}
	w.endsAt(second.Ends.Add(access.BackstopAfter))
	w.Do(func(u *engine.Unit) error { // a third one has no end
		g := access.Grant{ID: "G-AR-3", Person: provisiontest.Maya(), App: "figma", Role: "editor", State: access.GrantWaiting, Wanted: catalog.Forever, Created: u.At, Source: access.SourceRule,
			Entitlements: []access.Entitlement{{Group: provisiontest.Editors(), State: access.EntitlementWanted}}}
		if err := engine.Save(u, engine.Grants(), &g); err != nil {
			return err
		}
		_, err := u.MoveGrant(g, g.Event(access.EventRecorded, access.System(), u.At))
		return err
	})
	w.settle()
	w.endsAt(time.Time{})
	w.said("G-AR-3", time.Time{}, "Okta doesn't end this by itself any more")
	w.End("G-AR-3")
	w.settle()
	w.endsAt(second.Ends.Add(access.BackstopAfter))
}

// A shorter grant beside a longer one moves nothing, and says when the directory ends it.
func TestAShorterGrantMovesNoEnd(t *testing.T) {
	w := newExpiringWorld(t)
	g := w.given("AR-1")
	w.extend("G-AR-1", 24*time.Hour)
	w.settle()
	until := g.Ends.Add(24*time.Hour + access.BackstopAfter)
	w.given("AR-2")
	w.endsAt(until)
	w.said("G-AR-2", until, "ends this by itself")
	w.End("G-AR-1") // revoked: the shorter one is left
	w.settle()
	w.endsAt(w.Now("G-AR-2").Ends.Add(access.BackstopAfter))
}

// Where the directory did it while Latchkey was down, the removal doesn't claim to have.
func TestARemovalThatComesAfterTheDirectory(t *testing.T) {
	w := newExpiringWorld(t)
	g := w.given("AR-1")
	w.Clock.Set(g.Ends.Add(time.Hour))
	if w.Vendor.IsMember(w.Group, w.Maya) {
		t.Fatal("the directory hasn't ended it")
	}
	w.End("G-AR-1")
	w.settle()
	if e := w.Last(access.EventMemberRemoved); w.Now("G-AR-1").State != access.GrantEnded || !strings.Contains(e.Note, "not in it any more when Latchkey came to remove them: Okta was told to end it by itself") {
		t.Errorf("it says %q", e.Note)
	}
	again := w.given("AR-2")
	w.Vendor.SetMember(w.Group, w.Maya, true)
	w.Clock.Set(again.Ends.Add(access.BackstopAfter - time.Second))
	w.End("G-AR-2")
	w.settle()
	if e := w.Last(access.EventMemberRemoved); e.Note != "" {
		t.Errorf("of its own removal it says %q", e.Note)
	}
}

// An edition without it stops nothing, and is said once of each grant.
func TestADirectoryThatDoesNotEndIt(t *testing.T) {
	w := newExpiringWorld(t)
	w.Vendor.Unable(true)
	if g := w.given("AR-1"); g.State != access.GrantActive {
		t.Fatalf("the grant is %s", g.State)
	}
	w.said("G-AR-1", time.Time{}, "Okta doesn't end this by itself, so Latchkey alone does")
	first := w.Last(access.EventBackstop)
	w.extend("G-AR-1", time.Hour)
	w.settle()
	if again := w.Last(access.EventBackstop); again.ID != first.ID {
		t.Error("it is said again")
	}
}

// What can't be moved in time takes away nothing for long: it is told, and put right as soon as the directory answers.
func TestAnEndThatCouldNotBeMovedIsPutRight(t *testing.T) {
	for name, broken := range map[string]func(*world) (heal func()){
		"an outage":            func(w *world) func() { w.Vendor.Fail(idptest.Outage); return w.Vendor.Heal },
		"an edition that went": func(w *world) func() { w.Vendor.Unable(true); return func() {} },
	} {
		t.Run(name, func(t *testing.T) {
			w := newExpiringWorld(t)
			g := w.given("AR-1")
			heal := broken(w)
			w.extend("G-AR-1", 24*time.Hour)
			waiting := w.Tasks()
			if len(waiting) != 1 || waiting[0].Priority != store.Removals {
				t.Fatalf("%+v", waiting)
			}
			if err := w.Attempt(waiting[0]); err == nil || access.Classify(err).Class == access.Limited {
				t.Errorf("nobody would hear of it: %v", err)
			}
			w.Clock.Set(g.Ends.Add(access.BackstopAfter + time.Minute))
			if w.Vendor.IsMember(w.Group, w.Maya) {
				t.Fatal("the directory hasn't ended it")
			}
			w.Do(func(u *engine.Unit) error { // a reconciliation saw it first
				g, err := u.Grant("G-AR-1")
				if err != nil {
					return err
				}
				ref, e := provisiontest.Editors(), g.Event(access.EventMemberMissing, access.System(), u.At)
				e.Group = &ref
				_, err = u.MoveGrant(g, e)
				return err
			})
			heal()
			w.settle()
			if !w.Vendor.IsMember(w.Group, w.Maya) || w.Entitlement("G-AR-1").Missing {
				t.Error("it is gone")
			}
			if e := w.Last(access.EventBackstop); !strings.Contains(e.Note, "before it could be told of the later end; that was put right") {
				t.Errorf("it says %q", e.Note)
			}
		})
	}
}

// Whoever somebody else took out isn't put back, and nothing is told of them.
func TestWhomSomebodyElseTookOutStaysOut(t *testing.T) {
	w := newExpiringWorld(t)
	w.given("AR-1")
	w.Vendor.SetMember(w.Group, w.Maya, false)
	w.extend("G-AR-1", time.Hour)
	task := w.Tasks()[0]
	for range 4 {
		if err := w.Attempt(task); access.Classify(err).Class != access.Transient {
			t.Fatalf("%v", err)
		}
		task.Attempts++
	}
	if err := w.Attempt(task); err != nil || w.Vendor.IsMember(w.Group, w.Maya) {
		t.Errorf("%v", err)
	}
}

// A directory without it is told nothing, and nothing is said.
func TestADirectoryThatHasNoEndsIsToldNothing(t *testing.T) {
	w := newWorld(t)
	w.given("AR-1")
	w.extend("G-AR-1", time.Hour)
	w.settle()
	if e := w.Last(access.EventBackstop); e.ID != "" {
		t.Errorf("%+v", e)
	}
}

// An end that moved while the directory was being told is told once more.
func TestAnEndThatMovesMeanwhileIsToldAgain(t *testing.T) {
	w := newExpiringWorld(t)
	w.Grant("AR-1")
	w.Work()
	task := w.Tasks()[0]
	outcome, err := w.Handlers()[task.Kind].Do(t.Context(), task)
	if err != nil {
		t.Fatal(err)
	}
	w.extend("G-AR-1", 3*time.Hour)
	if err := w.Units.Update(t.Context(), outcome); access.Classify(err).Class != access.Limited {
		t.Errorf("%v", err)
	}
	w.settle()
	w.endsAt(w.Now("G-AR-1").Ends.Add(access.BackstopAfter))
}

// What only Jira knows of may be needed for ever, so the directory ends nothing.
func TestWhatJiraAloneKnowsOfHasNoEnd(t *testing.T) {
	w := newExpiringWorld(t)
	g := w.given("AR-1")
	ent := w.Entitlement(g.ID)
	w.Do(func(u *engine.Unit) error {
		return store.PutAhead(u.Tx, store.Ahead{Subject: access.RequestSubject("AR-9"), N: 5, Needs: []access.Entitlement{{Group: provisiontest.Editors(), State: access.EntitlementHeld, Account: ent.Account, GroupID: ent.GroupID}}})
	})
	w.extend("G-AR-1", time.Hour)
	w.settle()
	w.endsAt(time.Time{})
	w.said("G-AR-1", time.Time{}, "doesn't end this by itself any more")
}

// Of a removal where the directory was told nothing, nothing is said of it.
func TestARemovalThatTheDirectoryHadNoPartIn(t *testing.T) {
	w := newWorld(t)
	w.given("AR-1")
	w.Vendor.SetMember(w.Group, w.Maya, false)
	w.End("G-AR-1")
	w.settle()
	if e := w.Last(access.EventMemberRemoved); e.ID == "" || e.Note != "" {
		t.Errorf("it says %q", e.Note)
	}
}
