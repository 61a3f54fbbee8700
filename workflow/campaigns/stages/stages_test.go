package stages_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/workflow/campaigns/campaignstest"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"

	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/campaigns/stages"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
)

// TestWhatNobodyAnsweredBecomesWhatTheReviewSays, and that is another question than what nobody could be asked about.
func TestWhatNobodyAnsweredBecomesWhatTheReviewSays(t *testing.T) {
	for _, c := range []struct {
		unanswered, unreachable catalog.ReviewDefault
		asked, alone            access.ReviewDecision // of tom, whom rita is asked about, and of rita, about whom nobody is
		why, whyAlone           access.Grounds
	}{
		{catalog.KeepAccess, catalog.RevokeAccess, access.DecisionKeep, access.DecisionRevoke, access.BySilence, access.ByNobody},
		{catalog.RevokeAccess, catalog.KeepAccess, access.DecisionRevoke, access.DecisionKeep, access.BySilence, access.ByNobody},
	} {
		w := campaignstest.NewCompany(t)
		w.In("figma-editors", "tom", "rita")
		id := w.Opens(campaignstest.Review(func(r *catalog.Review) { r.Unanswered, r.Unreachable = c.unanswered, c.unreachable }))
		w.Later(2 * catalog.Week)
		if w.Now(id).State != access.CampaignOpen {
			t.Fatal("those who are late get no time")
		}
		w.Later(4 * catalog.Day)
		at := w.Now(id)
		if at.State != access.CampaignEnforcing {
			t.Fatalf("the campaign is %s", at.State)
		}
		rows := w.AllRows(id)
		for h, want := range map[string]struct {
			v access.ReviewDecision
			g access.Grounds
		}{"tom": {c.asked, c.why}, "rita": {c.alone, c.whyAlone}} {
			v, g := rows[h].Became(at)
			if v != want.v || g != want.g {
				t.Errorf("%s: %s by %s, want %s by %s", h, v, g, want.v, want.g)
			}
			if kept := rows[h].Item.Version == 0; kept != (want.v == access.DecisionKeep) {
				t.Errorf("%s has a record: %v", h, !kept)
			}
		}
		if w.Worklist(id, 0, "rita").Left() != 0 {
			t.Error("something still waits for rita")
		}
		w.Later(3 * time.Hour)
		w.Later(3 * time.Hour)
		if w.IsIn("figma-editors", "tom") != (c.asked == access.DecisionKeep) || w.Now(id).State != access.CampaignClosed {
			t.Errorf("tom is in: %v; the campaign is %s", w.IsIn("figma-editors", "tom"), w.Now(id).State)
		}
	}
}

// TestAnUnclearRecommendationIsNoAnswer: where silence means to do as the row recommends, and it recommends nothing clear, IT
// answers. The review waits for that, and IT is told again and again.
func TestAnUnclearRecommendationIsNoAnswer(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	w.In("figma-editors", "ivy")
	id := w.Opens(campaignstest.Review(func(r *catalog.Review) { r.Unanswered = catalog.Recommended }))
	w.Later(2*catalog.Week + 4*catalog.Day)
	c := w.Now(id)
	if c.State != access.CampaignOpen || c.ToIT != 1 || !c.Answers() {
		t.Fatalf("the campaign is %s, %d rows are left to IT", c.State, c.ToIT)
	}
	rows := w.AllRows(id)
	if i := rows["tom"].Item; i.LeftToIT != access.BySilence || !slices.Equal(i.Reviewers, []access.PersonID{peopletest.ID("ivy")}) {
		t.Errorf("tom's row is %+v", i)
	}
	if i := rows["ivy"].Item; i.Decision != access.DecisionKeep || i.Grounds != access.BySilence { // IT is nobody else
		t.Errorf("ivy's row is %+v", i)
	}
	w.Refused(w.Says("rita", id, rows["tom"].Number, access.DecisionKeep), access.NotAllowed, "")
	w.Told = nil
	for range 3 {
		w.Later(catalog.Day)
	}
	if len(w.Told) != 3 || w.Told[0] != "ivy" {
		t.Errorf("told are %v", w.Told)
	}
	w.OK(w.Says("ivy", id, rows["tom"].Number, access.DecisionRevoke, "unused"))
	w.Later(10 * time.Minute)
	if c := w.Now(id); c.State != access.CampaignEnforcing {
		t.Errorf("the campaign is %s", c.State)
	}
	w.Later(2 * time.Hour)
	w.Became(id, rows["tom"].Number, access.OutcomeGone, "")
	if c := w.Now(id); c.State != access.CampaignClosed {
		t.Errorf("the campaign is %s", c.State)
	}
}

// TestTheSecondStageSeesWhatTheFirstKept, and what it says counts.
func TestTheSecondStageSeesWhatTheFirstKept(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom", "noor", "maya")
	two := func(r *catalog.Review) {
		r.Stages = append(r.Stages, catalog.ReviewStage{Reviewers: campaignstest.Named("bo"), Strategy: catalog.AllMustKeep, Lasts: catalog.Week})
	}
	id := w.Opens(campaignstest.Review(two))
	tom, noor, maya := w.Number("rita", id, "tom", "figma-editors"), w.Number("rita", id, "noor", "figma-editors"), w.Number("rita", id, "maya", "figma-editors")
	w.OK(w.Says("rita", id, tom, access.DecisionKeep))
	w.OK(w.Says("rita", id, noor, access.DecisionRevoke))
	w.Refused(w.Says("bo", id, tom, access.DecisionKeep), access.NotAllowed, "")
	w.Later(10 * time.Minute)
	if w.IsIn("figma-editors", "noor") {
		t.Error("what the first stage revokes waits for the second")
	}
	w.Told = nil
	w.Later(2*catalog.Week + 4*catalog.Day)
	c := w.Now(id)
	if c.Stage != 1 || !c.Answers() || !c.Due.Equal(w.Clock.Now().Add(catalog.Week)) {
		t.Fatalf("the campaign is in stage %d, due %s", c.Stage, c.Due)
	}
	if l := w.Worklist(id, 1, "bo"); l.Rows != 2 || l.Left() != 2 || !slices.Contains(w.Told, "bo") {
		t.Errorf("bo's list is %+v; told are %v", l, w.Told)
	}
	if got := w.Sees("bo", id, deciding.Filter{OnlyOpen: true}).Rows; len(got) != 2 {
		t.Errorf("bo sees %d rows", len(got))
	}
	w.Refused(w.Says("rita", id, tom, access.DecisionRevoke), access.NotAllowed, "")
	w.Refused(w.Says("bo", id, noor, access.DecisionKeep), access.NotAllowed, "")
	w.OK(w.Says("bo", id, tom, access.DecisionRevoke))
	w.OK(w.Says("bo", id, maya, access.DecisionKeep))
	if i := w.Item(id, tom); i.Stage != 1 || i.Decision != access.DecisionRevoke || len(i.Answers) != 2 {
		t.Errorf("tom's row is %+v", i)
	}
	for range 3 {
		w.Later(time.Hour)
	}
	if c := w.Now(id); c.State != access.CampaignClosed || c.Progress.Gone != 2 || c.Progress.Kept != 1 {
		t.Errorf("the campaign is %s, %+v", c.State, c.Progress)
	}
}

// TestThoseWhoAreLate are told, then their manager is asked as well, and then in their place.
func TestThoseWhoAreLate(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom", "noor")
	id := w.Opens(campaignstest.Review())
	tom, noor := w.Number("rita", id, "tom", "figma-editors"), w.Number("rita", id, "noor", "figma-editors")
	w.Told = nil
	var days []int
	for day := 1; day <= 14; day++ {
		before := len(w.Told)
		w.Later(catalog.Day)
		if len(w.Told) > before {
			days = append(days, day)
		}
	}
	if !slices.Equal(days, []int{7, 11, 13, 14}) {
		t.Errorf("rita is told on the days %v", days)
	}
	w.Refused(w.Says("mel", id, tom, access.DecisionKeep), access.NotAllowed, "")
	w.Told = nil
	w.Later(catalog.Day)
	if !slices.Equal(w.Told, []string{"mel"}) || !slices.Equal(w.Worklist(id, 0, "rita").AskedNow(), []access.PersonID{peopletest.ID("rita"), peopletest.ID("mel")}) {
		t.Errorf("a day late, told are %v, asked %v", w.Told, w.Worklist(id, 0, "rita").Asked)
	}
	w.OK(w.Says("rita", id, tom, access.DecisionKeep))
	w.OK(w.Says("mel", id, tom, access.DecisionRevoke)) // the later word for rita's part counts
	w.OK(w.Says("rita", id, tom, access.DecisionKeep))
	w.Later(2 * catalog.Day)
	if !slices.Equal(w.Worklist(id, 0, "rita").AskedNow(), []access.PersonID{peopletest.ID("mel")}) {
		t.Errorf("three days late, asked are %v", w.Worklist(id, 0, "rita").Asked)
	}
	w.Refused(w.Says("rita", id, noor, access.DecisionKeep), access.NotAllowed, "")
	w.OK(w.Says("mel", id, noor, access.DecisionKeep))
	w.Later(10 * time.Minute)
	if c := w.Now(id); c.State != access.CampaignEnforcing {
		t.Errorf("the campaign is %s", c.State)
	}
	if n := len(w.Events(id, access.EventReviewersLate)); n != 3 {
		t.Errorf("%d times it is written that somebody is late", n)
	}
}

// TestNobodyIsToldTwice of one time, also if the telling broke off and began anew.
func TestNobodyIsToldTwice(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom")
	id := w.Opens(campaignstest.Review())
	w.Told = nil
	w.Clock.Advance(catalog.Week)
	w.Do(func(u *engine.Unit) error { return w.DueScans()[0].Do(u, id) })
	var task store.Task
	w.View(func(tx store.Tx) error {
		all, err := tx.Tasks("", 0, 100)
		for _, t := range all {
			if t.Kind == stages.TellTask {
				task = t
			}
		}
		return err
	})
	for range 2 {
		_, err := w.Handlers()[stages.TellTask].Do(t.Context(), task)
		w.OK(err)
		w.Work()
	}
	if !slices.Equal(w.Told, []string{"rita"}) {
		t.Errorf("told are %v", w.Told)
	}
	if l := w.Worklist(id, 0, "rita"); l.Told != 2 {
		t.Errorf("counted is %d", l.Told)
	}
}

// TestITEndsAReviewEarly: what nobody answered becomes what the review says, with no further stage; others can't.
func TestITEndsAReviewEarly(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom", "noor")
	id := w.Opens(campaignstest.Review(func(r *catalog.Review) {
		r.Unanswered = catalog.EscalateReview
		r.Stages = append(r.Stages, catalog.ReviewStage{Reviewers: campaignstest.Named("bo"), Strategy: catalog.AllMustKeep, Lasts: catalog.Week})
	}))
	_, err := w.CloseNow(t.Context(), campaignstest.By("rita"), id)
	w.Refused(err, access.NotAllowed, "Only IT")
	tom := w.Number("rita", id, "tom", "figma-editors")
	w.OK(w.Says("rita", id, tom, access.DecisionRevoke))
	_, err = w.CloseNow(t.Context(), campaignstest.By("ivy"), id)
	w.OK(err)
	w.Refused(w.Says("rita", id, tom, access.DecisionNone), access.TooLate, "over")
	_, err = w.CloseNow(t.Context(), campaignstest.By("ivy"), id)
	w.Refused(err, access.Duplicate, "over already")
	w.Work()
	c := w.Now(id)
	if c.Stage != 0 || c.ToIT != 1 || !strings.Contains(strings.Join(w.Notices, "\n"), "1 row is left to IT") {
		t.Fatalf("stage %d, left to IT %d, told %q", c.Stage, c.ToIT, w.Notices)
	}
	_, err = w.CloseNow(t.Context(), campaignstest.By("ivy"), id) // without an answer of IT: it stays
	w.OK(err)
	for range 4 {
		w.Later(time.Hour)
	}
	c = w.Now(id)
	if noor := w.AllRows(id)["noor"].Item; c.State != access.CampaignClosed || noor.Decision != access.DecisionKeep || noor.Grounds != access.BySilence {
		t.Errorf("the campaign is %s, noor's row %+v", c.State, noor)
	}
	_, err = w.CloseNow(t.Context(), campaignstest.By("ivy"), id)
	w.Refused(err, access.TooLate, "closed")
}

// TestManyRowsThatNobodyAnswered are dealt with a few at a time, and so that a process that is killed on the way goes on.
func TestManyRowsThatNobodyAnswered(t *testing.T) {
	w := campaignstest.NewCompany(t)
	for i := range 130 {
		h := "p" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + string(rune('a'+i/26))
		w.Vendor.SetMember(w.Groups["figma-editors"], w.Vendor.AddPerson(campaignstest.PersonCalled(h)), true)
	}
	id := w.Opens(campaignstest.Review(func(r *catalog.Review) { r.Unanswered = catalog.EscalateReview }))
	_, err := w.CloseNow(t.Context(), campaignstest.By("ivy"), id)
	w.OK(err)
	w.Stopping = 4
	w.Work()
	w.Stopping = 0
	w.Work()
	c := w.Now(id)
	if c.ToIT != 130 || w.Worklist(id, access.StageIT, "ivy").Left() != 130 {
		t.Errorf("left to IT are %d, in the list %+v", c.ToIT, w.Worklist(id, access.StageIT, "ivy"))
	}
	if n := len(w.Events(id, access.EventRowReassigned)); n != 130 {
		t.Errorf("%d rows are given to IT", n)
	}
}
