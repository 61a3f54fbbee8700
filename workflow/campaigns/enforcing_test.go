package campaigns_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

// revoked revokes somebody's row, and lets the time pass in which that can be taken back.
func (w *company) revoked(id, h, name string) int {
	w.Helper()
	row := w.number("rita", id, h, name)
	w.ok(w.says("rita", id, row, access.DecisionRevoke, "not needed"))
	w.later(10 * time.Minute)
	return row
}

func (w *company) became(id string, row int, want access.ReviewOutcome, cause string) {
	w.Helper()
	if i := w.item(id, row); i.Outcome != want || !strings.Contains(i.Cause, cause) {
		w.Errorf("row %d is %s, %q (%s); want %s, with %q", row, i.Outcome, i.Cause, i.State, want, cause)
	}
}

// TestASecondGrantSinceTheReviewWasRead keeps the membership: it was approved later than what the reviewer saw.
func TestASecondGrantSinceTheReviewWasRead(t *testing.T) {
	w := newCompany(t)
	w.holds("tom", "G-1", "editor", nil, "figma-editors")
	w.in("figma-editors", "noor")
	id := w.opens(review())
	w.clock.Advance(time.Minute)
	w.holds("tom", "G-2", "editor", func(g *access.Grant) { g.Created = w.clock.Now() }, "figma-editors")
	row := w.revoked(id, "tom", "figma-editors")
	if w.grant("G-1").State != access.GrantEnded || w.grant("G-2").State != access.GrantActive || !w.isIn("figma-editors", "tom") {
		t.Errorf("the grants are %s and %s, he is in: %v", w.grant("G-1").State, w.grant("G-2").State, w.isIn("figma-editors", "tom"))
	}
	w.became(id, row, access.OutcomeShared, "")
}

// TestAnApprovedRequestIsJustBeingProvisioned for the same role: that is a newer reason, so nothing is removed.
func TestAnApprovedRequestIsJustBeingProvisioned(t *testing.T) {
	w := newCompany(t)
	w.in("figma-editors", "tom", "noor")
	w.holds("tom", "G-1", "editor", func(g *access.Grant) {
		g.State = access.GrantProvisioning
		g.Entitlements[0].State = access.EntitlementWanted
	}, "figma-editors")
	id := w.opens(review())
	row := w.revoked(id, "tom", "figma-editors")
	if !w.isIn("figma-editors", "tom") || w.grant("G-1").End != "" {
		t.Error("it was taken away")
	}
	w.became(id, row, access.OutcomeShared, "AR-G-1")
}

// TestTheGroupBecameRuleDrivenMeanwhile, is protected, or its directory isn't there: a human has to do it, and IT is told why.
func TestTheGroupBecameRuleDrivenMeanwhile(t *testing.T) {
	w := newCompany(t, func(w *company) { w.protected = []catalog.GroupRef{group("figma-editors")} })
	w.holds("tom", "G-1", "editor", nil, "figma-editors")
	w.in("figma-editors", "noor")
	id := w.opens(review())
	row := w.revoked(id, "tom", "figma-editors")
	w.became(id, row, access.OutcomeManual, "protected")
	if g := w.grant("G-1"); g.State != access.GrantActive || !w.isIn("figma-editors", "tom") {
		t.Errorf("the grant is %s", g.State)
	}
	if len(w.notices) != 1 || !strings.Contains(w.notices[0], "Latchkey can't remove") {
		t.Errorf("IT is told %q", w.notices)
	}
	w.ok(w.says("rita", id, w.number("rita", id, "noor", "figma-editors"), access.DecisionKeep))
	w.later(10 * time.Minute)
	w.vendor.SetMember(w.groups["figma-editors"], w.accounts["tom"], false) // somebody does it by hand
	w.later(2 * time.Hour)
	w.became(id, row, access.OutcomeGone, "")
	if c := w.campaign(id); c.State != access.CampaignClosed || c.Progress.Gone != 1 {
		t.Errorf("the campaign is %s, %+v", c.State, c.Progress)
	}
}

// TestTheDirectoryIsNotConfiguredAnyMore when something is to be removed there.
func TestTheDirectoryIsNotConfiguredAnyMore(t *testing.T) {
	w := newCompany(t)
	w.in("figma-editors", "tom")
	id := w.opens(review())
	row := w.number("rita", id, "tom", "figma-editors")
	w.ok(w.says("rita", id, row, access.DecisionRevoke))
	w.clock.Advance(10 * time.Minute)
	without := campaigns.New(campaigns.Config{
		Units: w.units, Store: w.store, Catalog: func() *catalog.Catalog { return catalog.New(w.apps, nil) }, Groups: w.who.Groups(), People: w.who, Reviewers: people.ReviewingOf(w.who), Authority: w.who,
	})
	item := access.ReviewItemID(id, row)
	w.do(func(u *engine.Unit) error { return without.DueScans()[1].Do(u, item) })
	var task store.Task
	w.view(func(tx store.Tx) (err error) {
		task, err = tx.Task(campaigns.RevokeTask + "/" + item)
		return err
	})
	if task.Queue != engine.HouseQueue {
		t.Errorf("it waits in the queue %q, which nobody serves", task.Queue)
	}
	done, err := without.Handlers()[campaigns.RevokeTask].Do(t.Context(), task)
	w.ok(err)
	w.do(done)
	w.became(id, row, access.OutcomeManual, "isn't configured any more")
}

// TestWhatABirthrightGivesAndWhatIsInDoubt isn't ended by itself: the one would come again, and of the other it isn't known.
func TestWhatABirthrightGivesAndWhatIsInDoubt(t *testing.T) {
	w := newCompany(t)
	w.holds("tom", "G-1", "editor", func(g *access.Grant) { g.Source, g.Birthright, g.Request = access.SourceBirthright, "designers", "" }, "figma-editors")
	w.holds("noor", "G-2", "editor", func(g *access.Grant) { g.Disputed, g.Problem = true, "older" }, "figma-editors")
	id := w.opens(review())
	tom, noor := w.revoked(id, "tom", "figma-editors"), w.revoked(id, "noor", "figma-editors")
	w.became(id, tom, access.OutcomeManual, "birthright designers")
	w.became(id, noor, access.OutcomeManual, "isn't certain")
	if !w.isIn("figma-editors", "tom") || !w.isIn("figma-editors", "noor") {
		t.Error("they were taken out")
	}
	if len(w.notices) != 1 { // not one by one
		t.Errorf("IT is told %q", w.notices)
	}
}

// TestOneAccessOfTwoRows is kept where one of them is, and waits for its answer.
func TestOneAccessOfTwoRows(t *testing.T) {
	w := newCompany(t)
	w.holds("tom", "G-1", "both", nil, "figma-editors", "figma-admins")
	w.holds("noor", "G-2", "both", nil, "figma-editors", "figma-admins")
	id := w.opens(review())
	row := w.revoked(id, "tom", "figma-editors")
	if w.item(id, row).State != access.ItemRevoking || !w.isIn("figma-editors", "tom") {
		t.Error("it was removed before the other row of the same access was answered")
	}
	other := w.number("rita", id, "tom", "figma-admins")
	w.ok(w.says("rita", id, other, access.DecisionKeep, "he administers it"))
	w.later(10 * time.Minute)
	w.became(id, row, access.OutcomeShared, "keeps")
	if w.grant("G-1").State != access.GrantActive {
		t.Error("the access that is kept has ended")
	}
	first := w.number("rita", id, "noor", "figma-editors")
	w.ok(w.says("rita", id, first, access.DecisionRevoke))
	second := w.revoked(id, "noor", "figma-admins")
	w.later(10 * time.Minute)
	w.became(id, first, access.OutcomeGone, "")
	w.became(id, second, access.OutcomeGone, "")
	if w.isIn("figma-editors", "noor") || w.isIn("figma-admins", "noor") {
		t.Error("she is still in")
	}
}

// TestNothingIsRemovedWithoutARecord: what no grant explains waits until the issue says why. What a grant explains doesn't.
func TestNothingIsRemovedWithoutARecord(t *testing.T) {
	w := newCompany(t)
	w.holds("tom", "G-1", "editor", nil, "figma-editors")
	w.in("figma-editors", "noor", "maya")
	id := w.opens(review())
	w.jira = &access.Failure{Class: access.Transient, Sentence: "Jira is away"}
	tom, noor := w.revoked(id, "tom", "figma-editors"), w.revoked(id, "noor", "figma-editors")
	if w.isIn("figma-editors", "tom") || !w.isIn("figma-editors", "noor") {
		t.Errorf("tom is in: %v, noor is in: %v", w.isIn("figma-editors", "tom"), w.isIn("figma-editors", "noor"))
	}
	w.jira = nil
	w.later(10 * time.Minute)
	w.became(id, tom, access.OutcomeGone, "")
	w.became(id, noor, access.OutcomeGone, "")
	if w.isIn("figma-editors", "noor") {
		t.Error("she is still in, though the issue is there")
	}
	found := false
	for _, c := range w.comments {
		found = found || strings.Contains(c, "Gone: it was seen")
	}
	if !found {
		t.Errorf("the issues read %q", w.comments)
	}
}

// TestARemovalThatIsStuck doesn't keep the campaign from closing, and is told; once the cause is gone it is done after all.
func TestARemovalThatIsStuck(t *testing.T) {
	w := newCompany(t)
	w.holds("tom", "G-1", "editor", nil, "figma-editors")
	id := w.opens(review())
	row := w.number("rita", id, "tom", "figma-editors")
	w.ok(w.says("rita", id, row, access.DecisionRevoke))
	w.vendor.Stick(w.groups["figma-editors"])
	w.later(10 * time.Minute)
	if w.item(id, row).State != access.ItemRevoking {
		t.Fatalf("the row is %s", w.item(id, row).State)
	}
	w.later(3 * time.Hour)
	if w.campaign(id).State != access.CampaignEnforcing {
		t.Errorf("the campaign is %s while a removal is on its way", w.campaign(id).State)
	}
	w.do(func(u *engine.Unit) error { // as the worker does when the attempts are used up
		g, err := u.Grant("G-1")
		if err != nil {
			return err
		}
		e := g.Event(access.EventStuck, access.System(), u.At)
		e.Note = "They are still in the group."
		_, err = u.MoveGrant(g, e)
		return err
	})
	w.became(id, row, access.OutcomeFailed, "still in the group")
	w.later(3 * time.Hour)
	if c := w.campaign(id); c.State != access.CampaignClosed || c.Progress.Failed != 1 {
		t.Errorf("the campaign is %s, %+v", c.State, c.Progress)
	}
	w.do(func(u *engine.Unit) error {
		g, err := u.Grant("G-1")
		if err != nil {
			return err
		}
		e := g.Event(access.EventMemberRemoved, access.System(), u.At)
		e.Group = &g.Entitlements[0].Group
		_, err = u.MoveGrant(g, e)
		return err
	})
	w.became(id, row, access.OutcomeGone, "")
}

// TestWhatIsThereAgainIsFound when everything is looked at once more, and IT is told.
func TestWhatIsThereAgainIsFound(t *testing.T) {
	w := newCompany(t)
	w.holds("tom", "G-1", "editor", nil, "figma-editors")
	w.in("figma-editors", "noor")
	id := w.opens(review())
	w.ok(w.says("rita", id, w.number("rita", id, "noor", "figma-editors"), access.DecisionKeep))
	row := w.revoked(id, "tom", "figma-editors")
	w.became(id, row, access.OutcomeGone, "")
	w.in("figma-editors", "tom") // past Latchkey
	w.later(2 * time.Hour)
	if i := w.item(id, row); !i.Back || w.campaign(id).State != access.CampaignClosed {
		t.Errorf("the row is %+v, the campaign %s", i, w.campaign(id).State)
	}
	if len(w.notices) != 1 || !strings.Contains(w.notices[0], "there again") {
		t.Errorf("IT is told %q", w.notices)
	}
}

// TestWhatWasGoneAnyway is said so: the group, or the place in it.
func TestWhatWasGoneAnyway(t *testing.T) {
	w := newCompany(t)
	w.in("figma-editors", "tom")
	w.holds("noor", "G-1", "editor", nil, "figma-editors")
	id := w.opens(review())
	tom, noor := w.number("rita", id, "tom", "figma-editors"), w.number("rita", id, "noor", "figma-editors")
	w.ok(w.says("rita", id, tom, access.DecisionRevoke))
	w.vendor.SetMember(w.groups["figma-editors"], w.accounts["tom"], false)
	w.later(10 * time.Minute)
	w.became(id, tom, access.OutcomeEnded, "wasn't there any more")
	w.ok(w.says("rita", id, noor, access.DecisionRevoke))
	w.do(func(u *engine.Unit) error { // it ends for another reason, at the same time
		g, err := u.Grant("G-1")
		if err != nil {
			return err
		}
		e := g.Event(access.EventEnding, by("noor"), u.At)
		e.End = access.EndReturned
		_, err = u.MoveGrant(g, e)
		return err
	})
	w.later(10 * time.Minute)
	w.later(10 * time.Minute)
	if i := w.item(id, noor); i.Outcome != access.OutcomeEnded && i.Outcome != access.OutcomeGone {
		t.Errorf("noor's row is %+v", i)
	}
}

// TestACancelledReviewRemovesNothingMore than what was carried out by then.
func TestACancelledReviewRemovesNothingMore(t *testing.T) {
	w := newCompany(t)
	w.in("figma-editors", "tom", "noor", "maya")
	id := w.opens(review())
	tom := w.revoked(id, "tom", "figma-editors")
	noor := w.number("rita", id, "noor", "figma-editors")
	w.ok(w.says("rita", id, noor, access.DecisionRevoke))
	_, err := w.Cancel(t.Context(), by("ivy"), id, "begun by mistake")
	w.ok(err)
	w.later(time.Hour)
	w.became(id, tom, access.OutcomeGone, "")
	w.became(id, noor, access.OutcomeVoid, "cancelled")
	if !w.isIn("figma-editors", "noor") {
		t.Error("she was taken out")
	}
	w.refused(w.says("rita", id, noor, access.DecisionKeep), access.TooLate, "cancelled")
}

// TestKilledWhileDeciding: at whichever unit of work the process is killed, what was acknowledged is there, and what
// wasn't is not half there.
func TestKilledWhileDeciding(t *testing.T) {
	for after := 1; after <= 4; after++ {
		w := newCompany(t)
		w.in("figma-editors", "tom", "noor")
		id := w.opens(review())
		acknowledged := 0
		w.stopping = after
		for _, h := range []string{"tom", "noor"} {
			w.view(func(store.Tx) error { return nil })
			if w.says("rita", id, w.rowOf(id, h), access.DecisionKeep) == nil {
				acknowledged++
			}
		}
		w.stopping = 0
		l := w.list(id, 0, "rita")
		if n := len(w.events(id, access.EventRowAnswered)); n != acknowledged || l.Answered != acknowledged || l.Left() != 2-acknowledged {
			t.Errorf("killed after %d: %d acknowledged, %d written, %+v", after, acknowledged, n, l)
		}
	}
}

// rowOf is the number of somebody's row, found without writing anything.
func (w *company) rowOf(id, h string) int {
	w.Helper()
	for n := 1; n < 10; n++ {
		p, err := w.Rows(w.Context(), peopletest.ID("rita"), id, []int{n})
		w.ok(err)
		if len(p.Rows) == 1 && p.Rows[0].Person == peopletest.ID(h) {
			return n
		}
	}
	return 0
}

// TestKilledWhileEnforcing: at whichever unit of work the process is killed between the answer and the close, it goes on
// from there, and nobody loses anything twice.
func TestKilledWhileEnforcing(t *testing.T) {
	for after := 1; after <= 30; after++ {
		w := newCompany(t)
		w.holds("tom", "G-1", "editor", nil, "figma-editors")
		w.in("figma-editors", "noor", "maya")
		id := w.opens(review(func(r *catalog.Review) { r.Unanswered = catalog.RevokeAccess }))
		w.ok(w.says("rita", id, w.number("rita", id, "tom", "figma-editors"), access.DecisionRevoke))
		w.ok(w.says("rita", id, w.number("rita", id, "noor", "figma-editors"), access.DecisionKeep))
		_, err := w.CloseNow(t.Context(), by("ivy"), id)
		w.ok(err)
		w.stopping = after
		killed := w.untilKilled()
		w.stopping = 0
		for range 4 {
			w.later(time.Hour)
		}
		c := w.campaign(id)
		if c.State != access.CampaignClosed || c.Progress.Gone != 2 || w.isIn("figma-editors", "tom") || w.isIn("figma-editors", "maya") || !w.isIn("figma-editors", "noor") {
			t.Fatalf("killed after %d: the campaign is %s, %+v", after, c.State, c.Progress)
		}
		for _, kind := range []access.EventKind{access.EventCampaignClosed, access.EventDecidingOver} {
			if n := len(w.events(id, kind)); n != 1 {
				t.Errorf("killed after %d: %s is written %d times", after, kind, n)
			}
		}
		if n := len(w.events(id, access.EventRowSettled)); n != 2 {
			t.Errorf("killed after %d: %d rows are settled", after, n)
		}
		if !killed {
			return // it was done before
		}
	}
	t.Error("it is never done")
}

// untilKilled works until a unit of work breaks off, and tells whether one did.
func (w *company) untilKilled() bool {
	for range 3 {
		for range 200 {
			t, err := w.next(nil)
			w.ok(err)
			if t.ID == "" {
				break
			}
			if err := w.attempt(t); errors.Is(err, errKilled) {
				return true
			}
		}
		w.clock.Advance(time.Hour)
		for _, scan := range w.DueScans() {
			var ids []string
			w.view(func(tx store.Tx) error {
				rows, err := tx.Due(scan.Kind, w.clock.Now(), 100)
				for _, r := range rows {
					ids = append(ids, r.ID)
				}
				return err
			})
			for _, id := range ids {
				if err := w.units.Update(w.Context(), func(u *engine.Unit) error { return scan.Do(u, id) }); errors.Is(err, errKilled) {
					return true
				}
			}
		}
	}
	return false
}
