package requests_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/requests"
)

func TestGivingBack(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.refused(w.Return(t.Context(), r.ID, by(maya)), access.Unknown)
	w.ok(w.answer(r, noor, true))
	w.added(r)
	w.refused(w.Return(t.Context(), r.ID, by(ines)), access.NotAllowed)
	w.ok(w.Return(t.Context(), r.ID, by(maya)))
	if g := w.grant(r); g.State != access.GrantEnding || g.End != access.EndReturned || len(w.tasks("grant.remove")) != 1 {
		t.Errorf("%+v, %v", g, w.tasks(""))
	}
	w.refused(w.Return(t.Context(), r.ID, by(maya)), access.TooLate)
}

func TestRevoking(t *testing.T) {
	w := newWorld(t)
	r := w.held("editor")
	w.refused(w.Revoke(t.Context(), r.ID, "No", by(maya)), access.NotAllowed)
	w.ok(w.Revoke(t.Context(), r.ID, "Changed teams", by(noor)))
	if g := w.grant(r); g.End != access.EndRevoked || g.EndedBy.Person != noor || w.last(r.ID).Reason != "Changed teams" {
		t.Errorf("%+v", g)
	}
}

func TestRevokingAllOrNothing(t *testing.T) {
	w := newWorld(t)
	a, b := w.held("editor"), w.held("root")
	w.refused(w.RevokeAll(t.Context(), []string{a.GrantID()}, "No", by(tom)), access.NotAllowed)
	w.refused(w.RevokeAll(t.Context(), []string{a.GrantID(), "G-GONE"}, "No", by(ines)), access.Unknown)
	if g := w.grant(a); g.State != access.GrantActive {
		t.Fatalf("half of it was done: %s", g.State)
	}
	w.ok(w.RevokeAll(t.Context(), []string{a.GrantID(), b.GrantID()}, "Changed teams", by(ines)))
	for _, r := range []access.Request{a, b} {
		if g := w.grant(r); g.State != access.GrantEnding {
			t.Errorf("%s is %s", g.Role, g.State)
		}
	}
}

// Whoever disposes of others' access was seen active a moment ago, and is suspended by
// now: they end nothing, and use no control. While nobody can be looked up, what is ended
// in an emergency doesn't wait.
func TestWhoeverWasJustSuspendedDisposesOfNothing(t *testing.T) {
	w := newWorld(t)
	r := w.held("editor")
	controls := requests.NewControls(requests.ControlsConfig{Units: w.units, Catalog: w.Catalog(), Authority: w.who})
	for handle, who := range map[string]access.PersonID{"noor": noor, "ines": ines} {
		seen := w.person(who)
		gone := seen
		gone.Standing = access.Suspended
		w.staff[peopletest.Address(handle)] = gone
		w.refused(w.Revoke(t.Context(), r.ID, "No", by(who)), access.NotAllowed)
		w.refused(w.RevokeAll(t.Context(), []string{r.GrantID()}, "No", by(who)), access.NotAllowed)
		_, err := controls.Pause(t.Context(), time.Hour, "No", by(who))
		w.refused(err, access.NotAllowed)
		_, err = controls.Offboard(t.Context(), maya, "No", by(who))
		w.refused(err, access.NotAllowed)
		w.staff[peopletest.Address(handle)] = seen
	}
	if g := w.grant(r); g.State != access.GrantActive {
		t.Errorf("it is %s", g.State)
	}
	w.pass(2 * time.Minute)
	w.broken = errors.New("no route to host")
	_, err := controls.Pause(t.Context(), time.Hour, "Somebody is in", by(ines))
	w.ok(err)
	w.ok(w.Revoke(t.Context(), r.ID, "Somebody is in", by(noor)))
}

// An offboarding comes twice, the second time when the first was carried out: it is recorded
// once.
func TestAnOffboardingThatComesTwice(t *testing.T) {
	w := newWorld(t)
	w.held("editor")
	controls := requests.NewControls(requests.ControlsConfig{Units: w.units, Catalog: w.Catalog(), Authority: w.who})
	recorded := func() (n int) {
		w.Helper()
		w.ok(w.store.View(t.Context(), func(tx store.Tx) error {
			events, err := store.Story(tx, store.Filter{Subject: access.LogSubject()})
			for _, e := range events {
				if e.Kind == access.EventOffboarded {
					n++
				}
			}
			return err
		}))
		return n
	}
	for range 2 {
		_, err := controls.Offboard(t.Context(), maya, "Left today", by(ines))
		w.ok(err)
		w.ok(w.carryOut(requests.LeaveTask))
	}
	if n := recorded(); n != 1 {
		t.Errorf("it is recorded %d times", n)
	}
}

func TestTimeIsUp(t *testing.T) {
	w := newWorld(t)
	r := w.held("editor")
	w.pass(5 * time.Hour)
	w.ok(w.due("grant", r.GrantID()))
	if e := w.last(r.ID); e.Kind != access.EventReminded {
		t.Errorf("an hour before, %s", e.Kind)
	}
	w.pass(time.Hour)
	w.ok(w.due("grant", r.GrantID()))
	if g := w.grant(r); g.End != access.EndExpired || g.State != access.GrantEnding {
		t.Errorf("it is %s, because of %s", g.State, g.End)
	}
	for _, kind := range []string{"grant", "request"} {
		if err := w.due(kind, "GONE"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a %s that is gone: %v", kind, err)
		}
	}
}

func TestAManualChange(t *testing.T) {
	w := newWorld(t)
	sub := w.wanting("door")
	sub.App = "badge"
	r := w.submit(sub)
	w.issue(r.ID)
	if g := w.grant(r); g.State != access.GrantManual {
		t.Fatalf("the grant is %s", g.State)
	}
	for _, who := range []access.PersonID{maya, noor} {
		w.refused(w.Fulfil(t.Context(), r.ID, access.Granting, by(who)), access.NotAllowed)
	}
	w.ok(w.Fulfil(t.Context(), r.ID, access.Granting, by(tom)))
	w.ok(w.Return(t.Context(), r.ID, by(maya)))
	w.refused(w.Fulfil(t.Context(), r.ID, access.Granting, by(ines)), access.TooLate) // a click on the message of before
	w.ok(w.Fulfil(t.Context(), r.ID, access.Revoking, by(ines)))
	if g := w.grant(r); g.State != access.GrantEnded {
		t.Errorf("the grant is %s", g.State)
	}
}

// Who makes a change by hand takes it on, and says so where it can't be made: what was to be
// given is over, what was to be taken away is stuck until it is done.
func TestAManualChangeThatCantBeMade(t *testing.T) {
	w := newWorld(t)
	sub := w.wanting("door")
	sub.App = "badge"
	r := w.submit(sub)
	w.issue(r.ID)
	for _, who := range []access.PersonID{maya, noor} {
		w.refused(w.Take(t.Context(), r.ID, access.Granting, by(who)), access.NotAllowed)
		w.refused(w.CantFulfil(t.Context(), r.ID, access.Granting, "No", by(who)), access.NotAllowed)
	}
	w.ok(w.Take(t.Context(), r.ID, access.Granting, by(tom)))
	w.refused(w.Take(t.Context(), r.ID, access.Granting, by(tom)), access.Duplicate)
	w.ok(w.Take(t.Context(), r.ID, access.Granting, by(ines)))
	if g := w.grant(r); g.TakenBy != ines {
		t.Errorf("%s is on it", g.TakenBy)
	}
	w.refused(w.CantFulfil(t.Context(), r.ID, access.Granting, "", by(ines)), access.Invalid)
	w.refused(w.CantFulfil(t.Context(), r.ID, access.Revoking, "No", by(ines)), access.TooLate)
	w.ok(w.CantFulfil(t.Context(), r.ID, access.Granting, "No key is left", by(ines)))
	if g := w.grant(r); g.State != access.GrantEnded || g.End != access.EndUnfulfilled || !g.Started.IsZero() {
		t.Errorf("the grant is %+v", g)
	}

	sub.ID = "another"
	r = w.submit(sub)
	w.issue(r.ID)
	w.ok(w.Fulfil(t.Context(), r.ID, access.Granting, by(tom)))
	w.ok(w.Return(t.Context(), r.ID, by(maya)))
	w.ok(w.CantFulfil(t.Context(), r.ID, access.Revoking, "The door is stuck", by(tom)))
	if g := w.grant(r); g.State != access.GrantStuck || g.Problem != "The door is stuck" {
		t.Errorf("the grant is %+v", g)
	}
	w.ok(w.Retry(t.Context(), r.ID, by(ines)))
	if g := w.grant(r); g.State != access.GrantManual || !g.Revoking {
		t.Errorf("asked again, the grant is %+v", g)
	}
	w.ok(w.CantFulfil(t.Context(), r.ID, access.Revoking, "The door is stuck", by(tom)))
	w.ok(w.Fulfil(t.Context(), r.ID, access.Revoking, by(ines)))
	if g := w.grant(r); g.State != access.GrantEnded {
		t.Errorf("done, the grant is %s", g.State)
	}
}

// Everything that is stuck is tried again, whatever becomes of one of them.
func TestRetryingAll(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.ok(w.answer(r, noor, true))
	w.stuckGrant(r)
	w.park(store.Task{ID: "record/x", Queue: "jira", Kind: "issue.record", Subject: access.RequestSubject(r.ID)})
	w.park(store.Task{ID: "notice/x", Queue: "slack", Kind: "notice.show"})
	w.park(store.Task{ID: "record/y", Queue: "jira", Kind: "issue.record", Subject: access.RequestSubject("AR-OTHER")})
	if _, err := w.UnstickAll(t.Context(), by(maya)); err == nil {
		t.Error("anybody can have everything tried again")
	}
	all, err := w.UnstickAll(t.Context(), by(ines))
	w.ok(err)
	tried := map[string]bool{}
	for _, one := range all {
		tried[one.ID] = one.Err == nil
	}
	if len(all) != 4 || !tried[r.GrantID()] || !tried["record/x"] || !tried["notice/x"] {
		t.Errorf("tried: %v", tried)
	}
	if g := w.grant(r); g.State != access.GrantProvisioning {
		t.Errorf("the grant is %s", g.State)
	}
}

func TestRetrying(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.ok(w.answer(r, noor, true))
	w.refused(w.Retry(t.Context(), r.ID, by(ines)), access.TooLate)
	w.stuckGrant(r)
	w.refused(w.Retry(t.Context(), r.ID, by(noor)), access.NotAllowed)
	w.refused(w.Retry(t.Context(), "AR-GONE", by(ines)), access.Unknown)
	w.ok(w.Retry(t.Context(), r.ID, access.Actor{Via: access.ViaCLI}))
	if g := w.grant(r); g.State != access.GrantProvisioning {
		t.Errorf("the grant is %s", g.State)
	}
}

// Retry helps some times. From the fourth on the record says how often, and more than
// sixty in an hour are refused.
func TestRetryingAgainAndAgainIsBounded(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	for n := range 60 {
		w.park(store.Task{ID: fmt.Sprint("record/", n), Queue: "jira", Kind: "issue.record", Subject: access.RequestSubject(r.ID)})
		w.ok(w.Retry(t.Context(), r.ID, by(ines)))
		if note := w.last(r.ID).Note; (note != "") != (n >= 3) {
			t.Errorf("the time %d is noted as %q", n+1, note)
		}
	}
	w.park(store.Task{ID: "record/x", Queue: "jira", Kind: "issue.record", Subject: access.RequestSubject(r.ID)})
	w.refused(w.Retry(t.Context(), r.ID, by(ines)), access.NotAllowed)
	w.ok(w.Retry(t.Context(), r.ID, access.Actor{Via: access.ViaCLI, Account: "root"}))
	w.park(store.Task{ID: "record/y", Queue: "jira", Kind: "issue.record", Subject: access.RequestSubject(r.ID)})
	w.pass(time.Hour)
	w.ok(w.Retry(t.Context(), r.ID, by(ines)))
}

// Each pause opens an issue and is announced.
func TestPausingAgainAndAgainIsBounded(t *testing.T) {
	w := newWorld(t)
	controls := requests.NewControls(requests.ControlsConfig{Units: w.units, Catalog: w.Catalog(), Authority: w.who})
	for range 10 {
		_, err := controls.Pause(t.Context(), time.Minute, "Again", by(ines))
		w.ok(err)
		_, err = controls.Resume(t.Context(), by(ines))
		w.ok(err)
		w.pass(time.Minute)
	}
	_, err := controls.Pause(t.Context(), time.Minute, "Again", by(ines))
	w.refused(err, access.NotAllowed)
	_, err = controls.Pause(t.Context(), time.Minute, "An incident", access.Actor{Via: access.ViaCLI, Account: "root"})
	w.ok(err)
}

// park lets a task be stuck.
func (w *world) park(t store.Task) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		if _, err := u.Enqueue(t); err != nil {
			return err
		}
		t, err := u.Tx.Task(t.ID)
		if err != nil {
			return err
		}
		t.State, t.Problem, t.Attempts = store.Stuck, "It is broken", 8
		return u.Tx.Requeue(t)
	})
}

func TestRetryingTasks(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.park(store.Task{ID: "record/x", Queue: "jira", Kind: "issue.record", Subject: access.RequestSubject(r.ID)})
	w.park(store.Task{ID: "record/y", Queue: "jira", Kind: "issue.record", Subject: access.RequestSubject("AR-OTHER")})
	found, err := w.Unstick(t.Context(), r.Issue.Key, by(ines))
	if err != nil || found.Request != r.ID {
		t.Fatalf("got %+v, %v", found, err)
	}
	w.view(func(tx store.Tx) error {
		mine, err := tx.Task("record/x")
		w.ok(err)
		other, err := tx.Task("record/y")
		if mine.State != store.Ready || mine.Attempts != 0 || other.State != store.Stuck {
			t.Errorf("%+v, %+v", mine, other)
		}
		return err
	})
	if w.last(r.ID).Kind != access.EventTaskResumed {
		t.Errorf("the story ends with %s", w.last(r.ID).Kind)
	}
}

func TestRetryingWhatBelongsToNoRequest(t *testing.T) {
	w := newWorld(t)
	_, err := w.Unstick(t.Context(), "nothing", by(ines))
	w.refused(err, access.Unknown)
	w.park(store.Task{ID: "notice/x", Queue: "slack", Kind: "notice.show"})
	_, err = w.Unstick(t.Context(), "notice/x", by(maya))
	w.refused(err, access.NotAllowed)
	_, err = w.Unstick(t.Context(), "notice/x", by(ines))
	w.ok(err)
	w.do(func(u *engine.Unit) error {
		g := access.Grant{ID: "GF-1", Person: maya, App: "figma", Role: "editor", State: access.GrantStuck, Revoking: true, Problem: "Denied"}
		return engine.Save(u, engine.Grants(), &g)
	})
	_, err = w.Unstick(t.Context(), "GF-1", by(ines))
	w.ok(err)
	w.view(func(tx store.Tx) error {
		g, err := store.Grant(tx, "GF-1")
		if g.State != access.GrantEnding {
			t.Errorf("the grant is %s", g.State)
		}
		return err
	})
}
