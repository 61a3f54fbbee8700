package deciding_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/workflow/campaigns/campaignstest"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"

	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
)

// TestAReviewFromItsFirstRowToItsClose: one row is kept, one whose access was asked for ends, and one that nobody asked for
// is removed once the issue says why. All of it is seen in the directory, and looked at once more before it closes.
func TestAReviewFromItsFirstRowToItsClose(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	w.In("figma-editors", "maya", "noor")
	id := w.Opens(campaignstest.Review())
	if !slices.Equal(w.Told, []string{"rita"}) {
		t.Errorf("at the start %v are told", w.Told)
	}
	p := w.Sees("rita", id, deciding.Filter{OnlyOpen: true})
	if len(p.Rows) != 3 || p.Worklist.Left() != 3 || p.More {
		t.Fatalf("rita sees %d rows, %d left", len(p.Rows), p.Worklist.Left())
	}
	tom, maya, noor := w.Number("rita", id, "tom", "figma-editors"), w.Number("rita", id, "maya", "figma-editors"), w.Number("rita", id, "noor", "figma-editors")
	w.OK(w.Says("rita", id, noor, access.DecisionKeep))
	w.OK(w.Says("rita", id, tom, access.DecisionRevoke, "left the project"))
	w.OK(w.Says("rita", id, maya, access.DecisionRevoke))
	if got := w.Worklist(id, 0, "rita"); got.Answered != 3 || got.Revoked != 2 || got.Left() != 0 || got.Took != 15*time.Second {
		t.Errorf("the worklist is %+v", got)
	}
	w.Falls()
	if w.Now(id).State != access.CampaignOpen || !w.IsIn("figma-editors", "tom") {
		t.Error("something happened while answers can be taken back")
	}
	w.Later(10 * time.Minute)
	for _, h := range []string{"tom", "maya"} {
		if w.IsIn("figma-editors", h) {
			t.Errorf("%s is still in the group", h)
		}
	}
	if g := w.Grant("G-1"); g.State != access.GrantEnded || g.End != access.EndReviewed || g.EndedBy.Person != peopletest.ID("rita") {
		t.Errorf("the grant is %+v", g)
	}
	if i := w.Item(id, tom); i.Outcome != access.OutcomeGone || i.ReadBack.IsZero() || i.Issue.Key == "" || !slices.Equal(i.Ends, []string{"G-1"}) {
		t.Errorf("tom's row is %+v", i)
	}
	if i := w.Item(id, maya); i.Outcome != access.OutcomeGone || len(i.Ends) != 1 {
		t.Errorf("maya's row is %+v", i)
	}
	if c := w.Now(id); c.State != access.CampaignEnforcing || c.Progress.Kept != 1 || c.Progress.Revoked != 2 {
		t.Errorf("the campaign is %s, %+v", c.State, c.Progress)
	}
	w.Later(2 * time.Hour)
	if c := w.Now(id); c.State != access.CampaignClosed || c.Progress.Gone != 2 || c.Progress.Open != 0 {
		t.Errorf("the campaign is %s, %+v", c.State, c.Progress)
	}
	if i := w.Item(id, tom); i.Rechecked.IsZero() || i.Back {
		t.Errorf("tom's row was not looked at again: %+v", i)
	}
	if len(w.Issues) != 3 || len(w.Comments) < 2 {
		t.Errorf("written are %d issues and %q", len(w.Issues), w.Comments)
	}
}

// TestOnlyWhoIsAskedAnswers, and nobody about themselves.
func TestOnlyWhoIsAskedAnswers(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom", "rita")
	id := w.Opens(campaignstest.Review(func(r *catalog.Review) { r.Stages[0].Fallback = campaignstest.Named("bo") }))
	tom := w.Number("rita", id, "tom", "figma-editors")
	own := w.Number("bo", id, "rita", "figma-editors")
	w.Refused(w.Says("mel", id, tom, access.DecisionKeep), access.NotAllowed, "Somebody else reviews")
	w.Refused(w.Says("tom", id, tom, access.DecisionKeep), access.NotAllowed, "")
	w.Refused(w.Says("rita", id, own, access.DecisionKeep), access.NotAllowed, "")
	w.Refused(w.Says("rita", id, 4711, access.DecisionKeep), access.Unknown, "no row 4711")
	w.Leaves("rita")
	if err := w.Says("rita", id, tom, access.DecisionKeep); err == nil {
		t.Error("who has left answers")
	}
	if i := w.Item(id, tom); i.Version != 0 {
		t.Errorf("the row is %+v", i)
	}
	w.OK(w.Says("bo", id, own, access.DecisionKeep))
	if _, err := w.Deciding.Answer(t.Context(), campaignstest.By("bo"), "RV-NONE", nil); err != nil {
		t.Errorf("nothing said of nothing: %v", err)
	}
	_, err := w.Deciding.Answer(t.Context(), campaignstest.By("bo"), "RV-NONE", []deciding.Answer{{Row: 1, Decision: access.DecisionKeep}})
	w.Refused(err, access.Unknown, "isn't known")
}

// TestTwoAnswerTheSameRow: what comes of it is what the strategy says, and whoever needn't answer any more has less to do.
func TestTwoAnswerTheSameRow(t *testing.T) {
	for s, want := range map[catalog.ReviewStrategy]access.ReviewDecision{
		catalog.OneKeepKeeps: access.DecisionKeep, catalog.AllMustKeep: access.DecisionRevoke, catalog.OneRevokeRevokes: access.DecisionRevoke, catalog.KeptUnlessRevoke: access.DecisionRevoke,
	} {
		w := campaignstest.NewCompany(t)
		w.In("figma-editors", "tom")
		id := w.Opens(campaignstest.Review(func(r *catalog.Review) { r.Stages[0].Additional, r.Stages[0].Strategy = campaignstest.Named("bo"), s }))
		row := w.Number("rita", id, "tom", "figma-editors")
		w.OK(w.Says("rita", id, row, access.DecisionKeep))
		if decided := w.Item(id, row).State == access.ItemDecided; decided != (s == catalog.OneKeepKeeps) || decided != (w.Worklist(id, 0, "bo").Left() == 0) {
			t.Errorf("%s, one keep: decided %v, %d left for the other", s, decided, w.Worklist(id, 0, "bo").Left())
		}
		w.OK(w.Says("bo", id, row, access.DecisionRevoke))
		if i := w.Item(id, row); i.Decision != want {
			t.Errorf("%s: %s, want %s", s, i.Decision, want)
		}
		if len(w.Events(id, access.EventRowAnswered)) != 2 {
			t.Error("not every answer is written down")
		}
	}
}

// TestAnAnswerIsTakenBackUntilItIsCarriedOut, and changes nothing when it is given twice.
func TestAnAnswerIsTakenBackUntilItIsCarriedOut(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom", "noor")
	id := w.Opens(campaignstest.Review())
	row := w.Number("rita", id, "tom", "figma-editors")
	w.OK(w.Says("rita", id, row, access.DecisionRevoke, "gone"))
	w.OK(w.Says("rita", id, row, access.DecisionRevoke))
	if n := len(w.Events(id, access.EventRowAnswered)); n != 1 {
		t.Errorf("%d answers are written down", n)
	}
	w.Later(9 * time.Minute)
	w.OK(w.Says("rita", id, row, access.DecisionNone))
	w.Later(time.Hour)
	if i := w.Item(id, row); i.State != access.ItemOpen || !w.IsIn("figma-editors", "tom") || w.Worklist(id, 0, "rita").Left() != 2 {
		t.Errorf("taken back, the row is %+v", i)
	}
	w.OK(w.Says("rita", id, row, access.DecisionRevoke))
	w.Later(10 * time.Minute)
	w.Refused(w.Says("rita", id, row, access.DecisionNone), access.TooLate, "row is done")
	if w.IsIn("figma-editors", "tom") {
		t.Error("it isn't removed")
	}
}

// TestPrivilegedRowsAreAnsweredOneByOne, and to keep one needs a reason.
func TestPrivilegedRowsAreAnsweredOneByOne(t *testing.T) {
	w := campaignstest.NewCompany(t, func(w *campaignstest.Company) {
		w.Apps[0].Roles = w.Apps[0].Roles[:1]
		w.Apps[0].Roles[0].Privileged = true
	})
	w.In("figma-editors", "tom")
	id := w.Opens(campaignstest.Review())
	p := w.Sees("rita", id, deciding.Filter{})
	if len(p.Rows) != 1 || !p.Rows[0].Privileged || len(p.Groups) != 1 || p.Groups[0].Privileged != 1 {
		t.Fatalf("the row isn't privileged: %+v", p.Groups)
	}
	row := p.Rows[0].Number
	out, err := w.Deciding.Answer(t.Context(), campaignstest.By("rita"), id, []deciding.Answer{{Row: row, Decision: access.DecisionKeep, Bulk: true}})
	w.OK(err)
	w.Refused(out.Refused[row], access.NotAllowed, "row by row")
	w.OK(w.Says("rita", id, row, access.DecisionKeep))
	if w.Item(id, row).State != access.ItemOpen || w.Worklist(id, 0, "rita").Left() != 1 {
		t.Error("it is kept without a reason")
	}
	w.OK(w.Says("rita", id, row, access.DecisionKeep, "she runs it"))
	if w.Item(id, row).Decision != access.DecisionKeep || w.Worklist(id, 0, "rita").Left() != 0 {
		t.Error("it isn't kept with a reason")
	}
}

// TestWhatIsNotMineGoesToSomebodyElse: whom the stage names for that, or else IT.
func TestWhatIsNotMineGoesToSomebodyElse(t *testing.T) {
	for _, fallback := range []string{"grace", ""} {
		w := campaignstest.NewCompany(t)
		w.In("figma-editors", "tom", "noor")
		id := w.Opens(campaignstest.Review(func(r *catalog.Review) {
			if fallback != "" {
				r.Stages[0].Fallback = campaignstest.Named(fallback)
			}
		}))
		row := w.Number("rita", id, "tom", "figma-editors")
		w.Told = nil
		w.OK(w.Says("rita", id, row, access.DecisionNotMine))
		w.Work()
		next := fallback
		if next == "" {
			next = "ivy"
		}
		if i := w.Item(id, row); !slices.Equal(i.Reviewers, []access.PersonID{peopletest.ID(next)}) || !i.AnyOne {
			t.Errorf("it goes to %v", i.Reviewers)
		}
		if !slices.Equal(w.Told, []string{next}) || w.Worklist(id, 0, next).Left() != 1 || w.Worklist(id, 0, "rita").Rows != 1 {
			t.Errorf("told are %v; %+v; %+v", w.Told, w.Worklist(id, 0, next), w.Worklist(id, 0, "rita"))
		}
		w.Refused(w.Says("rita", id, row, access.DecisionKeep), access.NotAllowed, "Somebody else")
		if p := w.Sees(next, id, deciding.Filter{}); len(p.Rows) != 1 || p.Rows[0].Number != row {
			t.Errorf("%s sees %d rows", next, len(p.Rows))
		}
		w.OK(w.Says(next, id, row, access.DecisionKeep))
		if w.Item(id, row).Decision != access.DecisionKeep {
			t.Error("their answer doesn't determine it")
		}
	}
}

// TestADelegateAnswersInAnothersPlace as long as that one may answer, and the record names both.
func TestADelegateAnswersInAnothersPlace(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom", "grace")
	id := w.Opens(campaignstest.Review())
	row, own := w.Number("rita", id, "tom", "figma-editors"), w.Number("rita", id, "grace", "figma-editors")
	w.Refused(w.Says("grace", id, row, access.DecisionKeep), access.NotAllowed, "")
	d, _, err := access.NewDelegation("D-1", campaignstest.By("rita"), peopletest.ID("grace"), w.Clock.Now(), w.Clock.Now().Add(catalog.Day), w.Clock.Now())
	w.OK(err)
	w.Do(func(u *engine.Unit) error { d := d; return store.PutDelegation(u.Tx, &d) })
	if p := w.Sees("grace", id, deciding.Filter{}); len(p.Rows) != 1 || p.Rows[0].Number != row || !slices.Contains(p.As, peopletest.ID("rita")) {
		t.Errorf("grace sees %d rows as %v", len(p.Rows), p.As)
	}
	w.Refused(w.Says("grace", id, own, access.DecisionKeep), access.NotAllowed, "")
	w.OK(w.Says("grace", id, row, access.DecisionRevoke))
	e := w.Events(id, access.EventRowAnswered)
	if len(e) != 1 || e[0].Actor.Person != peopletest.ID("grace") || e[0].For != peopletest.ID("rita") || len(e[0].Delegates) != 1 {
		t.Fatalf("written is %+v", e)
	}
	if l := w.Worklist(id, 0, "rita"); l.Answered != 1 || l.Revoked != 1 {
		t.Errorf("rita's list is %+v", l)
	}
	if a := w.Sees("rita", id, deciding.Filter{Row: row}).Rows[0].Mine; a.Decision != access.DecisionRevoke || a.By.Person != peopletest.ID("grace") {
		t.Errorf("rita reads %+v", a)
	}
	w.Leaves("rita")
	w.Refused(w.Says("grace", id, row, access.DecisionKeep), access.NotAllowed, "")
}

// TestIfAReviewerLeaves what waits for them is answered by who managed them, also if it was open on their screen; what is about
// that one, by somebody else.
func TestIfAReviewerLeaves(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom", "mel")
	w.Do(func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, peopletest.ID("rita"))
		if err != nil {
			return err
		}
		k.Manager = peopletest.ID("mel")
		return store.PutPerson(u.Tx, &k)
	})
	id := w.Opens(campaignstest.Review())
	row, mels := w.Number("rita", id, "tom", "figma-editors"), w.Number("rita", id, "mel", "figma-editors")
	w.Do(func(u *engine.Unit) error { return w.ReviewerLeft(u, peopletest.ID("rita")) })
	if len(w.Worklist(id, 0, "rita").Asked) > 0 {
		t.Error("who is here is replaced")
	}
	w.Leaves("rita")
	w.Told = nil
	for range 2 { // doing it again changes nothing more
		w.Do(func(u *engine.Unit) error { return w.ReviewerLeft(u, peopletest.ID("rita")) })
	}
	w.Work()
	if !slices.Equal(w.Told, []string{"mel", "ivy"}) || len(w.Events(id, access.EventReviewerMoved)) != 1 || len(w.Events(id, access.EventRowReassigned)) != 1 {
		t.Errorf("told are %v", w.Told)
	}
	if err := w.Says("rita", id, row, access.DecisionKeep); err == nil {
		t.Error("who has left answers")
	}
	w.OK(w.Says("mel", id, row, access.DecisionKeep))
	w.Refused(w.Says("mel", id, mels, access.DecisionKeep), access.NotAllowed, "")
	if n := w.Worklist(id, 0, "rita").Left(); n != 0 {
		t.Errorf("mel is asked about %d rows that she can't answer", n)
	}
	w.OK(w.Says("ivy", id, mels, access.DecisionKeep)) // what is about mel herself
	if i := w.Item(id, row); i.Decision != access.DecisionKeep || i.Answers[0].For != peopletest.ID("rita") {
		t.Errorf("the row is %+v", i)
	}
}

// TestTheOwnerIsAskedWhereTheReviewSaysSo: of what isn't whoever's was asked, and of what waits for somebody who has left and
// had no manager. Whoever is asked beside them stays.
func TestTheOwnerIsAskedWhereTheReviewSaysSo(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom", "noor", "bo")
	w.In("figma-admins", "maya")
	id := w.Opens(campaignstest.Review(func(r *catalog.Review) {
		r.Stages[0].Fallback = []catalog.Approver{{Kind: catalog.Owner}, {Kind: catalog.Security}}
	}))
	tom, noor, own, maya := w.Number("rita", id, "tom", "figma-editors"), w.Number("rita", id, "noor", "figma-editors"), w.Number("rita", id, "bo", "figma-editors"), w.Number("rita", id, "maya", "figma-admins")
	w.OK(w.Says("rita", id, tom, access.DecisionNotMine))
	w.OK(w.Deciding.Reassign(t.Context(), campaignstest.By("ivy"), id, []int{maya}, peopletest.ID("grace"), "she knows her"))
	asked := func(row int, want ...string) {
		t.Helper()
		var got []string
		for _, who := range w.Item(id, row).Reviewers {
			got = append(got, campaignstest.Handle(who))
		}
		if !slices.Equal(got, want) {
			t.Errorf("row %d is for %q, want %q", row, got, want)
		}
	}
	asked(tom, "bo")
	w.Leaves("rita")
	w.Do(func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, peopletest.ID("rita"))
		if err != nil {
			return err
		}
		k.Manager = "" // nobody is known to have managed her
		return store.PutPerson(u.Tx, &k)
	})
	for range 2 { // doing it again changes nothing more
		w.Do(func(u *engine.Unit) error { return w.ReviewerLeft(u, peopletest.ID("rita")) })
		if failed := w.Work(); len(failed) > 0 {
			t.Fatal(failed)
		}
	}
	asked(noor, "bo")
	asked(own, "ivy") // nobody reviews their own
	asked(maya, "grace")
	if w.Worklist(id, 0, "rita").Left() != 0 || w.Worklist(id, 0, "bo").Left() != 2 || w.Worklist(id, 0, "ivy").Left() != 1 {
		t.Errorf("left are %d, %d, %d", w.Worklist(id, 0, "rita").Left(), w.Worklist(id, 0, "bo").Left(), w.Worklist(id, 0, "ivy").Left())
	}
	if n := len(w.Events(id, access.EventRowReassigned)); n != 4 {
		t.Errorf("%d rows were given on", n)
	}
	w.OK(w.Says("bo", id, noor, access.DecisionKeep))
}

// TestITHasOthersAnswer some rows, or all that waits for somebody; nobody else does.
func TestITHasOthersAnswer(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom", "noor", "maya")
	id := w.Opens(campaignstest.Review())
	tom, noor := w.Number("rita", id, "tom", "figma-editors"), w.Number("rita", id, "noor", "figma-editors")
	w.Refused(w.Deciding.Reassign(t.Context(), campaignstest.By("rita"), id, []int{tom}, peopletest.ID("bo"), "busy"), access.NotAllowed, "Only IT")
	w.Refused(w.Deciding.Reassign(t.Context(), campaignstest.By("ivy"), id, []int{tom}, peopletest.ID("tom"), "busy"), access.Invalid, "nobody reviews their own")
	w.Refused(w.Deciding.Reassign(t.Context(), campaignstest.By("ivy"), id, []int{tom}, "", "busy"), access.Invalid, "who answers")
	w.Refused(w.Deciding.Reassign(t.Context(), campaignstest.By("ivy"), id, []int{99}, peopletest.ID("bo"), "busy"), access.Unknown, "no row 99")
	w.OK(w.Deciding.Reassign(t.Context(), campaignstest.By("ivy"), id, []int{tom}, peopletest.ID("bo"), "busy"))
	w.OK(w.Says("bo", id, tom, access.DecisionKeep))
	if w.Worklist(id, 0, "rita").Rows != 2 || w.Worklist(id, 0, "bo").Answered != 1 {
		t.Errorf("rita has %+v, bo %+v", w.Worklist(id, 0, "rita"), w.Worklist(id, 0, "bo"))
	}
	w.Refused(w.Deciding.MoveReviewer(t.Context(), campaignstest.By("ivy"), id, peopletest.ID("grace"), peopletest.ID("bo"), ""), access.Unknown, "Nothing")
	w.Refused(w.Deciding.MoveReviewer(t.Context(), campaignstest.By("ivy"), "RV-NONE", peopletest.ID("rita"), peopletest.ID("bo"), ""), access.Unknown, "isn't known")
	w.OK(w.Deciding.MoveReviewer(t.Context(), campaignstest.By("ivy"), id, peopletest.ID("rita"), peopletest.ID("grace"), "on leave"))
	w.Refused(w.Says("rita", id, noor, access.DecisionKeep), access.NotAllowed, "")
	w.OK(w.Says("grace", id, noor, access.DecisionKeep))
	w.Leaves("bo")
	w.Refused(w.Deciding.MoveReviewer(t.Context(), campaignstest.By("ivy"), id, peopletest.ID("grace"), peopletest.ID("bo"), ""), access.NotAllowed, "can't answer")
}

// TestRowsAreInAnOrderThatNothingSlipsThrough: leavers first, then by how long they were idle, and pages go on behind a row
// however much was answered meanwhile.
func TestRowsAreInAnOrderThatNothingSlipsThrough(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom", "noor", "maya", "grace")
	w.Vendor.SetStatus(w.Accounts["maya"], idp.Left)
	id := w.Opens(campaignstest.Review())
	all := w.Sees("rita", id, deciding.Filter{}).Rows
	if len(all) != 4 {
		t.Fatalf("there are %d rows", len(all))
	}
	var seen []int
	for after, more := 0, true; more; {
		p, err := w.Deciding.Page(t.Context(), peopletest.ID("rita"), id, deciding.Filter{OnlyOpen: true}, after, 1)
		w.OK(err)
		for _, r := range p.Rows {
			seen = append(seen, r.Number)
			w.OK(w.Says("rita", id, r.Number, access.DecisionKeep))
		}
		after, more = p.After, p.More
	}
	var want []int
	for _, r := range all {
		want = append(want, r.Number)
	}
	if !slices.Equal(seen, want) {
		t.Errorf("page by page it is %v, at once %v", seen, want)
	}
	p, err := w.Deciding.Rows(t.Context(), peopletest.ID("rita"), id, []int{want[2], 99, want[0]})
	w.OK(err)
	if len(p.Rows) != 2 || p.Rows[0].Number != want[2] || p.Rows[0].Mine.Decision != access.DecisionKeep {
		t.Errorf("by number: %+v", p.Rows)
	}
	if p, err := w.Deciding.Rows(t.Context(), peopletest.ID("tom"), id, want); err != nil || len(p.Rows) > 0 {
		t.Errorf("somebody else reads %d rows, %v", len(p.Rows), err)
	}
	if w.Worklist(id, 0, "rita").Opened.IsZero() {
		t.Error("it isn't noted when they looked at it first")
	}
}

// TestWhatChangedIsSaid of a row since it was read.
func TestWhatChangedIsSaid(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	w.In("figma-editors", "noor")
	id := w.Opens(campaignstest.Review())
	tom, noor := w.Number("rita", id, "tom", "figma-editors"), w.Number("rita", id, "noor", "figma-editors")
	said := func(row int) string { return w.Sees("rita", id, deciding.Filter{Row: row}).Rows[0].Changed }
	if said(tom) != "" || said(noor) != "" {
		t.Error("something changed though nothing did")
	}
	w.Do(func(u *engine.Unit) error {
		g, err := u.Grant("G-1")
		if err != nil {
			return err
		}
		e := g.Event(access.EventEnding, campaignstest.By("ivy"), u.At)
		e.End = access.EndRevoked
		_, err = u.MoveGrant(g, e)
		return err
	})
	if said(tom) != "It is being removed already." {
		t.Errorf("it says %q", said(tom))
	}
	w.Work()
	w.Leaves("noor")
	if said(tom) != "It has ended since." || said(noor) != "They have left since." {
		t.Errorf("it says %q, %q", said(tom), said(noor))
	}
}
