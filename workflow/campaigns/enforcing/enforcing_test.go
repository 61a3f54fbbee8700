package enforcing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/workflow/campaigns/campaignstest"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/campaigns/enforcing"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// TestASecondGrantSinceTheReviewWasRead keeps the membership: it was approved later than what the reviewer saw.
func TestASecondGrantSinceTheReviewWasRead(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	w.In("figma-editors", "noor")
	id := w.Opens(campaignstest.Review())
	w.Clock.Advance(time.Minute)
	w.Holds("tom", "G-2", "editor", func(g *access.Grant) { g.Created = w.Clock.Now() }, "figma-editors")
	row := w.Revoked(id, "tom", "figma-editors")
	if w.Grant("G-1").State != access.GrantEnded || w.Grant("G-2").State != access.GrantActive || !w.IsIn("figma-editors", "tom") {
		t.Errorf("the grants are %s and %s, he is in: %v", w.Grant("G-1").State, w.Grant("G-2").State, w.IsIn("figma-editors", "tom"))
	}
	w.Became(id, row, access.OutcomeShared, "")
}

// TestASecondGrantWhileTheReviewWasRead is none that the reviewer saw: to read a big company takes hours.
func TestASecondGrantWhileTheReviewWasRead(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	id := w.Opens(campaignstest.Review())
	w.Clock.Advance(time.Hour)
	w.Holds("tom", "G-2", "editor", func(g *access.Grant) { g.Created = w.Clock.Now() }, "figma-editors")
	w.Clock.Advance(time.Hour)
	w.OK(w.Store.Update(t.Context(), func(tx store.Tx) error { // the last group was read only now
		c, err := store.Campaign(tx, id)
		if c.Read = w.Clock.Now(); err == nil {
			err = store.PutCampaign(tx, &c)
		}
		return err
	}))
	row := w.Revoked(id, "tom", "figma-editors")
	if w.Grant("G-1").State != access.GrantEnded || w.Grant("G-2").State != access.GrantActive || !w.IsIn("figma-editors", "tom") {
		t.Errorf("the grants are %s and %s, he is in: %v", w.Grant("G-1").State, w.Grant("G-2").State, w.IsIn("figma-editors", "tom"))
	}
	w.Became(id, row, access.OutcomeShared, "")
}

// TestAnApprovedRequestIsJustBeingProvisioned for the same role: that is a newer reason, so nothing is removed.
func TestAnApprovedRequestIsJustBeingProvisioned(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom", "noor")
	w.Holds("tom", "G-1", "editor", func(g *access.Grant) {
		g.State = access.GrantProvisioning
		g.Entitlements[0].State = access.EntitlementWanted
	}, "figma-editors")
	id := w.Opens(campaignstest.Review())
	row := w.Revoked(id, "tom", "figma-editors")
	if !w.IsIn("figma-editors", "tom") || w.Grant("G-1").End != "" {
		t.Error("it was taken away")
	}
	w.Became(id, row, access.OutcomeShared, "AR-G-1")
}

// TestTheGroupBecameRuleDrivenMeanwhile, is protected, or its directory isn't there: a human has to do it, and IT is told why.
func TestTheGroupBecameRuleDrivenMeanwhile(t *testing.T) {
	w := campaignstest.NewCompany(t, func(w *campaignstest.Company) { w.Protected = []catalog.GroupRef{campaignstest.Group("figma-editors")} })
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	w.In("figma-editors", "noor")
	id := w.Opens(campaignstest.Review())
	row := w.Revoked(id, "tom", "figma-editors")
	w.Became(id, row, access.OutcomeManual, "protected")
	if g := w.Grant("G-1"); g.State != access.GrantActive || !w.IsIn("figma-editors", "tom") {
		t.Errorf("the grant is %s", g.State)
	}
	if len(w.Notices) != 1 || !strings.Contains(w.Notices[0], "Latchkey can't remove") {
		t.Errorf("IT is told %q", w.Notices)
	}
	w.OK(w.Says("rita", id, w.Number("rita", id, "noor", "figma-editors"), access.DecisionKeep))
	w.Later(10 * time.Minute)
	w.Vendor.SetMember(w.Groups["figma-editors"], w.Accounts["tom"], false) // somebody does it by hand
	w.Later(2 * time.Hour)
	w.Became(id, row, access.OutcomeGone, "")
	if c := w.Now(id); c.State != access.CampaignClosed || c.Progress.Gone != 1 {
		t.Errorf("the campaign is %s, %+v", c.State, c.Progress)
	}
}

// TestWhatIsRemovedByHandHoldsItOpen for a week at the most: until somebody has done it, or IT closes it.
func TestWhatIsRemovedByHandHoldsItOpen(t *testing.T) {
	for name, c := range map[string]struct {
		then   func(w *campaignstest.Company, id string)
		closed bool
		gone   int
	}{
		"nobody does it":           {func(w *campaignstest.Company, _ string) { w.Later(6 * 24 * time.Hour) }, false, 0},
		"nobody does it in a week": {func(w *campaignstest.Company, _ string) { w.Later(6 * 24 * time.Hour); w.Later(48 * time.Hour) }, true, 0},
		"somebody does it": {func(w *campaignstest.Company, _ string) {
			w.Vendor.SetMember(w.Groups["figma-editors"], w.Accounts["tom"], false)
			w.Later(25 * time.Hour)
		}, true, 1},
		"the next run begins": {func(w *campaignstest.Company, _ string) {
			_, err := w.Begin(t.Context(), campaignstest.By("ivy"), campaignstest.Review(), "", "")
			w.OK(err)
		}, true, 0},
		"IT closes it": {func(w *campaignstest.Company, id string) {
			_, err := w.CloseNow(t.Context(), campaignstest.By("ivy"), id)
			w.OK(err)
		}, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := campaignstest.NewCompany(t, func(w *campaignstest.Company) { w.Protected = []catalog.GroupRef{campaignstest.Group("figma-editors")} })
			w.In("figma-editors", "tom")
			id := w.Opens(campaignstest.Review())
			row := w.Revoked(id, "tom", "figma-editors")
			w.Became(id, row, access.OutcomeManual, "protected")
			w.Later(2 * time.Hour)
			if is := w.Now(id); is.State != access.CampaignEnforcing || is.Recheckeds != 1 || is.RecheckAt.Sub(w.Clock.Now()) < 20*time.Hour {
				t.Fatalf("it is %s, looked at %d times, and next at %s", is.State, is.Recheckeds, is.RecheckAt)
			}
			c.then(w, id)
			is := w.Now(id)
			if closed := is.State == access.CampaignClosed; closed != c.closed || is.Progress.Gone != c.gone || is.Progress.Manual != 1-c.gone {
				t.Errorf("it is %s, %+v", is.State, is.Progress)
			}
			if _, err := w.CloseNow(t.Context(), campaignstest.By("ivy"), id); c.closed && err == nil {
				t.Error("it is closed twice")
			}
		})
	}
}

// TestTheDirectoryIsNotConfiguredAnyMore when something is to be removed there.
func TestTheDirectoryIsNotConfiguredAnyMore(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom")
	id := w.Opens(campaignstest.Review())
	row := w.Number("rita", id, "tom", "figma-editors")
	w.OK(w.Says("rita", id, row, access.DecisionRevoke))
	w.Clock.Advance(10 * time.Minute)
	without := campaigns.New(campaigns.Config{
		Units: w.Units, Store: w.Store, Catalog: func() *catalog.Catalog { return catalog.New(w.Apps, nil) }, Groups: w.People.Groups(), People: w.People, Reviewers: people.ReviewingOf(w.People), Authority: w.People,
	})
	item := access.ReviewItemID(id, row)
	w.Do(func(u *engine.Unit) error { return without.DueScans()[1].Do(u, item) })
	var task store.Task
	w.View(func(tx store.Tx) (err error) {
		task, err = tx.Task(enforcing.RevokeTask + "/" + item)
		return err
	})
	if task.Queue != engine.HouseQueue {
		t.Errorf("it waits in the queue %q, which nobody serves", task.Queue)
	}
	done, err := without.Handlers()[enforcing.RevokeTask].Do(t.Context(), task)
	w.OK(err)
	w.Do(done)
	w.Became(id, row, access.OutcomeManual, "isn't configured any more")
}

// TestWhatABirthrightGivesAndWhatIsInDoubt isn't ended by itself: the one would come again, and of the other it isn't known.
func TestWhatABirthrightGivesAndWhatIsInDoubt(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "editor", func(g *access.Grant) { g.Source, g.Birthright, g.Request = access.SourceBirthright, "designers", "" }, "figma-editors")
	w.Holds("noor", "G-2", "editor", func(g *access.Grant) { g.Disputed, g.Problem = true, "older" }, "figma-editors")
	id := w.Opens(campaignstest.Review())
	tom, noor := w.Revoked(id, "tom", "figma-editors"), w.Revoked(id, "noor", "figma-editors")
	w.Became(id, tom, access.OutcomeManual, "birthright designers")
	w.Became(id, noor, access.OutcomeManual, "isn't certain")
	if !w.IsIn("figma-editors", "tom") || !w.IsIn("figma-editors", "noor") {
		t.Error("they were taken out")
	}
	if len(w.Notices) != 1 { // not one by one
		t.Errorf("IT is told %q", w.Notices)
	}
}

// TestOneAccessOfTwoRows is kept where one of them is, and waits for its answer.
func TestOneAccessOfTwoRows(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "both", nil, "figma-editors", "figma-admins")
	w.Holds("noor", "G-2", "both", nil, "figma-editors", "figma-admins")
	id := w.Opens(campaignstest.Review())
	row := w.Revoked(id, "tom", "figma-editors")
	if w.Item(id, row).State != access.ItemRevoking || !w.IsIn("figma-editors", "tom") {
		t.Error("it was removed before the other row of the same access was answered")
	}
	other := w.Number("rita", id, "tom", "figma-admins")
	w.OK(w.Says("rita", id, other, access.DecisionKeep, "he administers it"))
	w.Later(10 * time.Minute)
	w.Became(id, row, access.OutcomeShared, "keeps")
	if w.Grant("G-1").State != access.GrantActive {
		t.Error("the access that is kept has ended")
	}
	first := w.Number("rita", id, "noor", "figma-editors")
	w.OK(w.Says("rita", id, first, access.DecisionRevoke))
	second := w.Revoked(id, "noor", "figma-admins")
	w.Later(10 * time.Minute)
	w.Became(id, first, access.OutcomeGone, "")
	w.Became(id, second, access.OutcomeGone, "")
	if w.IsIn("figma-editors", "noor") || w.IsIn("figma-admins", "noor") {
		t.Error("she is still in")
	}
}

// TestNothingIsRemovedWithoutARecord: what no grant explains waits until the issue says why. What a grant explains doesn't.
func TestNothingIsRemovedWithoutARecord(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	w.In("figma-editors", "noor", "maya")
	id := w.Opens(campaignstest.Review())
	w.Jira = &access.Failure{Class: access.Transient, Sentence: "Jira is away"}
	tom, noor := w.Revoked(id, "tom", "figma-editors"), w.Revoked(id, "noor", "figma-editors")
	if w.IsIn("figma-editors", "tom") || !w.IsIn("figma-editors", "noor") {
		t.Errorf("tom is in: %v, noor is in: %v", w.IsIn("figma-editors", "tom"), w.IsIn("figma-editors", "noor"))
	}
	w.Jira = nil
	w.Later(10 * time.Minute)
	w.Became(id, tom, access.OutcomeGone, "")
	w.Became(id, noor, access.OutcomeGone, "")
	if w.IsIn("figma-editors", "noor") {
		t.Error("she is still in, though the issue is there")
	}
	found := false
	for _, c := range w.Comments {
		found = found || strings.Contains(c, "Gone: it was seen")
	}
	if !found {
		t.Errorf("the issues read %q", w.Comments)
	}
}

// TestARemovalThatIsStuck doesn't keep the campaign from closing, and is told; once the cause is gone it is done after all.
func TestARemovalThatIsStuck(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	id := w.Opens(campaignstest.Review())
	row := w.Number("rita", id, "tom", "figma-editors")
	w.OK(w.Says("rita", id, row, access.DecisionRevoke))
	w.Vendor.Stick(w.Groups["figma-editors"])
	w.Later(10 * time.Minute)
	if w.Item(id, row).State != access.ItemRevoking {
		t.Fatalf("the row is %s", w.Item(id, row).State)
	}
	w.Later(3 * time.Hour)
	if w.Now(id).State != access.CampaignEnforcing {
		t.Errorf("the campaign is %s while a removal is on its way", w.Now(id).State)
	}
	w.Do(func(u *engine.Unit) error { // as the worker does when the attempts are used up
		g, err := u.Grant("G-1")
		if err != nil {
			return err
		}
		e := g.Event(access.EventStuck, access.System(), u.At)
		e.Note = "They are still in the group."
		_, err = u.MoveGrant(g, e)
		return err
	})
	w.Became(id, row, access.OutcomeFailed, "still in the group")
	w.Later(3 * time.Hour)
	if c := w.Now(id); c.State != access.CampaignClosed || c.Progress.Failed != 1 {
		t.Errorf("the campaign is %s, %+v", c.State, c.Progress)
	}
	w.Do(func(u *engine.Unit) error {
		g, err := u.Grant("G-1")
		if err != nil {
			return err
		}
		e := g.Event(access.EventMemberRemoved, access.System(), u.At)
		e.Group = &g.Entitlements[0].Group
		_, err = u.MoveGrant(g, e)
		return err
	})
	w.Became(id, row, access.OutcomeGone, "")
}

// TestWhatIsThereAgainIsFound when everything is looked at once more, and IT is told.
func TestWhatIsThereAgainIsFound(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	w.In("figma-editors", "noor")
	id := w.Opens(campaignstest.Review())
	w.OK(w.Says("rita", id, w.Number("rita", id, "noor", "figma-editors"), access.DecisionKeep))
	row := w.Revoked(id, "tom", "figma-editors")
	w.Became(id, row, access.OutcomeGone, "")
	w.In("figma-editors", "tom") // past Latchkey
	w.Later(2 * time.Hour)
	if i := w.Item(id, row); !i.Back || w.Now(id).State != access.CampaignClosed {
		t.Errorf("the row is %+v, the campaign %s", i, w.Now(id).State)
	}
	if len(w.Notices) != 1 || !strings.Contains(w.Notices[0], "there again") {
		t.Errorf("IT is told %q", w.Notices)
	}
	if !slices.ContainsFunc(w.Stand, stuckIssue) {
		t.Errorf("nobody finds its issue among what is to be done: %q", w.Stand)
	}
}

// stuckIssue tells whether an issue stands among what somebody has to see to.
func stuckIssue(stands string) bool { return strings.HasSuffix(stands, ": "+string(access.IssueStuck)) }

// TestWhatWasApprovedAnewIsNoAlarm: it is there again for a reason, and the issue and the row say which.
func TestWhatWasApprovedAnewIsNoAlarm(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	id := w.Opens(campaignstest.Review())
	row := w.Revoked(id, "tom", "figma-editors")
	w.Became(id, row, access.OutcomeGone, "")
	w.Holds("tom", "G-2", "editor", func(g *access.Grant) { g.Created = w.Clock.Now() }, "figma-editors")
	w.Later(2 * time.Hour)
	if i := w.Item(id, row); i.Back || i.Again != "It is there by the request AR-G-2." || w.Now(id).State != access.CampaignClosed {
		t.Errorf("back: %v, again %q, the campaign is %s", i.Back, i.Again, w.Now(id).State)
	}
	if len(w.Notices) > 0 || slices.ContainsFunc(w.Stand, stuckIssue) {
		t.Errorf("IT is told %q; the issues stand as %q", w.Notices, w.Stand)
	}
	if !strings.Contains(strings.Join(w.Written, "\n"), "It is there again: that was seen when it was looked at once more.\nIt is there by the request AR-G-2.") {
		t.Errorf("written is %q", w.Written)
	}
}

// TestADamagedRowHidesNoOther: all that can be read is looked at once more, however many pages that are.
func TestADamagedRowHidesNoOther(t *testing.T) {
	w := campaignstest.NewCompany(t)
	for i := range 60 {
		w.Vendor.SetMember(w.Groups["figma-editors"], w.Vendor.AddPerson(campaignstest.PersonCalled("p"+string(rune('a'+i%26))+string(rune('a'+i/26)))), true)
	}
	id := w.Opens(campaignstest.Review())
	for n := 1; n <= 60; n++ {
		w.OK(w.Says("rita", id, n, access.DecisionRevoke))
		if n%20 == 0 {
			w.Later(10 * time.Minute)
		}
	}
	w.OK(w.Store.Update(t.Context(), func(tx store.Tx) error {
		r, err := tx.Get("review_item", access.ReviewItemID(id, 3))
		if err == nil {
			r.Body = []byte("{damaged")
			_, err = tx.Put(r)
		}
		return err
	}))
	w.Later(2 * time.Hour)
	if i := w.Item(id, 60); i.Rechecked.IsZero() || w.Now(id).State != access.CampaignClosed {
		t.Errorf("the last row was looked at %v; the campaign is %s", i.Rechecked, w.Now(id).State)
	}
}

// TestWhatWasGoneAnyway is said so: the group, or the place in it.
func TestWhatWasGoneAnyway(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom")
	w.Holds("noor", "G-1", "editor", nil, "figma-editors")
	id := w.Opens(campaignstest.Review())
	tom, noor := w.Number("rita", id, "tom", "figma-editors"), w.Number("rita", id, "noor", "figma-editors")
	w.OK(w.Says("rita", id, tom, access.DecisionRevoke))
	w.Vendor.SetMember(w.Groups["figma-editors"], w.Accounts["tom"], false)
	w.Later(10 * time.Minute)
	w.Became(id, tom, access.OutcomeEnded, "wasn't there any more")
	w.View(func(tx store.Tx) error {
		p, err := store.ReviewProgress(tx, id)
		if p.Ended != 1 || p.Gone != 0 || p.Open != 0 {
			t.Errorf("the review is said to have removed it: %+v", p)
		}
		return err
	})
	w.OK(w.Says("rita", id, noor, access.DecisionRevoke))
	w.Do(func(u *engine.Unit) error { // it ends for another reason, at the same time
		g, err := u.Grant("G-1")
		if err != nil {
			return err
		}
		e := g.Event(access.EventEnding, campaignstest.By("noor"), u.At)
		e.End = access.EndReturned
		_, err = u.MoveGrant(g, e)
		return err
	})
	w.Later(10 * time.Minute)
	w.Later(10 * time.Minute)
	if i := w.Item(id, noor); i.Outcome != access.OutcomeEnded && i.Outcome != access.OutcomeGone {
		t.Errorf("noor's row is %+v", i)
	}
}

// TestACancelledReviewRemovesNothingMore than what was carried out by then.
func TestACancelledReviewRemovesNothingMore(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom", "noor", "maya")
	id := w.Opens(campaignstest.Review())
	tom := w.Revoked(id, "tom", "figma-editors")
	noor := w.Number("rita", id, "noor", "figma-editors")
	w.OK(w.Says("rita", id, noor, access.DecisionRevoke))
	_, err := w.Cancel(t.Context(), campaignstest.By("ivy"), id, "begun by mistake")
	w.OK(err)
	w.Later(time.Hour)
	w.Became(id, tom, access.OutcomeGone, "")
	w.Became(id, noor, access.OutcomeVoid, "cancelled")
	if !w.IsIn("figma-editors", "noor") {
		t.Error("she was taken out")
	}
	w.Refused(w.Says("rita", id, noor, access.DecisionKeep), access.TooLate, "cancelled")
}

// TestKilledWhileDeciding: at whichever unit of work the process is killed, what was acknowledged is there, and what
// wasn't is not half there.
func TestKilledWhileDeciding(t *testing.T) {
	for after := 1; after <= 4; after++ {
		w := campaignstest.NewCompany(t)
		w.In("figma-editors", "tom", "noor")
		id := w.Opens(campaignstest.Review())
		acknowledged := 0
		w.Stopping = after
		for _, h := range []string{"tom", "noor"} {
			w.View(func(store.Tx) error { return nil })
			if w.Says("rita", id, w.RowOf(id, h), access.DecisionKeep) == nil {
				acknowledged++
			}
		}
		w.Stopping = 0
		l := w.Worklist(id, 0, "rita")
		if n := len(w.Events(id, access.EventRowAnswered)); n != acknowledged || l.Answered != acknowledged || l.Left() != 2-acknowledged {
			t.Errorf("killed after %d: %d acknowledged, %d written, %+v", after, acknowledged, n, l)
		}
	}
}

// TestKilledWhileEnforcing: at whichever unit of work the process is killed between the answer and the close, it goes on
// from there, and nobody loses anything twice.
func TestKilledWhileEnforcing(t *testing.T) {
	for after := 1; after <= 40; after++ {
		w := campaignstest.NewCompany(t)
		w.Holds("tom", "G-1", "editor", nil, "figma-editors")
		w.In("figma-editors", "noor", "maya")
		id := w.Opens(campaignstest.Review(func(r *catalog.Review) { r.Unanswered = catalog.RevokeAccess }))
		w.OK(w.Says("rita", id, w.Number("rita", id, "tom", "figma-editors"), access.DecisionRevoke))
		w.OK(w.Says("rita", id, w.Number("rita", id, "noor", "figma-editors"), access.DecisionKeep))
		_, err := w.CloseNow(t.Context(), campaignstest.By("ivy"), id)
		w.OK(err)
		w.Stopping = after
		killed := w.UntilKilled()
		w.Stopping = 0
		for range 4 {
			w.Later(time.Hour)
		}
		c := w.Now(id)
		if c.State != access.CampaignClosed || c.Progress.Gone != 2 || w.IsIn("figma-editors", "tom") || w.IsIn("figma-editors", "maya") || !w.IsIn("figma-editors", "noor") {
			t.Fatalf("killed after %d: the campaign is %s, %+v", after, c.State, c.Progress)
		}
		for _, kind := range []access.EventKind{access.EventCampaignClosed, access.EventDecidingOver} {
			if n := len(w.Events(id, kind)); n != 1 {
				t.Errorf("killed after %d: %s is written %d times", after, kind, n)
			}
		}
		if n := len(w.Events(id, access.EventRowSettled)); n != 2 {
			t.Errorf("killed after %d: %d rows are settled", after, n)
		}
		if !killed {
			return // it was done before
		}
	}
	t.Error("it is never done")
}
