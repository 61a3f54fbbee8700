package campaigns_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/campaigns"
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
		w := newCompany(t)
		w.in("figma-editors", "tom", "rita")
		id := w.opens(review(func(r *catalog.Review) { r.Unanswered, r.Unreachable = c.unanswered, c.unreachable }))
		w.later(2 * catalog.Week)
		if w.campaign(id).State != access.CampaignOpen {
			t.Fatal("those who are late get no time")
		}
		w.later(4 * catalog.Day)
		at := w.campaign(id)
		if at.State != access.CampaignEnforcing {
			t.Fatalf("the campaign is %s", at.State)
		}
		rows := w.allRows(id)
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
		if w.list(id, 0, "rita").Left() != 0 {
			t.Error("something still waits for rita")
		}
		w.later(3 * time.Hour)
		w.later(3 * time.Hour)
		if w.isIn("figma-editors", "tom") != (c.asked == access.DecisionKeep) || w.campaign(id).State != access.CampaignClosed {
			t.Errorf("tom is in: %v; the campaign is %s", w.isIn("figma-editors", "tom"), w.campaign(id).State)
		}
	}
}

// allRows are all rows of a campaign, by whose they are, as everybody sees them who reads the whole.
func (w *company) allRows(id string) map[string]campaigns.Row {
	w.Helper()
	out := map[string]campaigns.Row{}
	for row, err := range w.Rowed(w.Context(), id) {
		w.ok(err)
		out[handle(row.Person)] = row
	}
	return out
}

// TestAnUnclearRecommendationIsNoAnswer: where silence means to do as the row recommends, and it recommends nothing clear, IT
// answers. The review waits for that, and IT is told again and again.
func TestAnUnclearRecommendationIsNoAnswer(t *testing.T) {
	w := newCompany(t)
	w.holds("tom", "G-1", "editor", nil, "figma-editors")
	w.in("figma-editors", "ivy")
	id := w.opens(review(func(r *catalog.Review) { r.Unanswered = catalog.Recommended }))
	w.later(2*catalog.Week + 4*catalog.Day)
	c := w.campaign(id)
	if c.State != access.CampaignOpen || c.ToIT != 1 || !c.Answers() {
		t.Fatalf("the campaign is %s, %d rows are left to IT", c.State, c.ToIT)
	}
	rows := w.allRows(id)
	if i := rows["tom"].Item; i.LeftToIT != access.BySilence || !slices.Equal(i.Reviewers, []access.PersonID{peopletest.ID("ivy")}) {
		t.Errorf("tom's row is %+v", i)
	}
	if i := rows["ivy"].Item; i.Decision != access.DecisionKeep || i.Grounds != access.BySilence { // IT is nobody else
		t.Errorf("ivy's row is %+v", i)
	}
	w.refused(w.says("rita", id, rows["tom"].Number, access.DecisionKeep), access.NotAllowed, "")
	w.told = nil
	for range 3 {
		w.later(catalog.Day)
	}
	if len(w.told) != 3 || w.told[0] != "ivy" {
		t.Errorf("told are %v", w.told)
	}
	w.ok(w.says("ivy", id, rows["tom"].Number, access.DecisionRevoke, "unused"))
	w.later(10 * time.Minute)
	if c := w.campaign(id); c.State != access.CampaignEnforcing {
		t.Errorf("the campaign is %s", c.State)
	}
	w.later(2 * time.Hour)
	w.became(id, rows["tom"].Number, access.OutcomeGone, "")
	if c := w.campaign(id); c.State != access.CampaignClosed {
		t.Errorf("the campaign is %s", c.State)
	}
}

// TestTheSecondStageSeesWhatTheFirstKept, and what it says counts.
func TestTheSecondStageSeesWhatTheFirstKept(t *testing.T) {
	w := newCompany(t)
	w.in("figma-editors", "tom", "noor", "maya")
	two := func(r *catalog.Review) {
		r.Stages = append(r.Stages, catalog.ReviewStage{Reviewers: named("bo"), Strategy: catalog.AllMustKeep, Lasts: catalog.Week})
	}
	id := w.opens(review(two))
	tom, noor, maya := w.number("rita", id, "tom", "figma-editors"), w.number("rita", id, "noor", "figma-editors"), w.number("rita", id, "maya", "figma-editors")
	w.ok(w.says("rita", id, tom, access.DecisionKeep))
	w.ok(w.says("rita", id, noor, access.DecisionRevoke))
	w.refused(w.says("bo", id, tom, access.DecisionKeep), access.NotAllowed, "")
	w.later(10 * time.Minute)
	if w.isIn("figma-editors", "noor") {
		t.Error("what the first stage revokes waits for the second")
	}
	w.told = nil
	w.later(2*catalog.Week + 4*catalog.Day)
	c := w.campaign(id)
	if c.Stage != 1 || !c.Answers() || !c.Due.Equal(w.clock.Now().Add(catalog.Week)) {
		t.Fatalf("the campaign is in stage %d, due %s", c.Stage, c.Due)
	}
	if l := w.list(id, 1, "bo"); l.Rows != 2 || l.Left() != 2 || !slices.Contains(w.told, "bo") {
		t.Errorf("bo's list is %+v; told are %v", l, w.told)
	}
	if got := w.page("bo", id, campaigns.Filter{OnlyOpen: true}).Rows; len(got) != 2 {
		t.Errorf("bo sees %d rows", len(got))
	}
	w.refused(w.says("rita", id, tom, access.DecisionRevoke), access.NotAllowed, "")
	w.refused(w.says("bo", id, noor, access.DecisionKeep), access.NotAllowed, "")
	w.ok(w.says("bo", id, tom, access.DecisionRevoke))
	w.ok(w.says("bo", id, maya, access.DecisionKeep))
	if i := w.item(id, tom); i.Stage != 1 || i.Decision != access.DecisionRevoke || len(i.Answers) != 2 {
		t.Errorf("tom's row is %+v", i)
	}
	for range 3 {
		w.later(time.Hour)
	}
	if c := w.campaign(id); c.State != access.CampaignClosed || c.Progress.Gone != 2 || c.Progress.Kept != 1 {
		t.Errorf("the campaign is %s, %+v", c.State, c.Progress)
	}
}

// TestThoseWhoAreLate are told, then their manager is asked as well, and then in their place.
func TestThoseWhoAreLate(t *testing.T) {
	w := newCompany(t)
	w.in("figma-editors", "tom", "noor")
	id := w.opens(review())
	tom, noor := w.number("rita", id, "tom", "figma-editors"), w.number("rita", id, "noor", "figma-editors")
	w.told = nil
	var days []int
	for day := 1; day <= 14; day++ {
		before := len(w.told)
		w.later(catalog.Day)
		if len(w.told) > before {
			days = append(days, day)
		}
	}
	if !slices.Equal(days, []int{7, 11, 13, 14}) {
		t.Errorf("rita is told on the days %v", days)
	}
	w.refused(w.says("mel", id, tom, access.DecisionKeep), access.NotAllowed, "")
	w.told = nil
	w.later(catalog.Day)
	if !slices.Equal(w.told, []string{"mel"}) || !slices.Equal(w.list(id, 0, "rita").AskedNow(), []access.PersonID{peopletest.ID("rita"), peopletest.ID("mel")}) {
		t.Errorf("a day late, told are %v, asked %v", w.told, w.list(id, 0, "rita").Asked)
	}
	w.ok(w.says("rita", id, tom, access.DecisionKeep))
	w.ok(w.says("mel", id, tom, access.DecisionRevoke)) // the later word for rita's part counts
	w.ok(w.says("rita", id, tom, access.DecisionKeep))
	w.later(2 * catalog.Day)
	if !slices.Equal(w.list(id, 0, "rita").AskedNow(), []access.PersonID{peopletest.ID("mel")}) {
		t.Errorf("three days late, asked are %v", w.list(id, 0, "rita").Asked)
	}
	w.refused(w.says("rita", id, noor, access.DecisionKeep), access.NotAllowed, "")
	w.ok(w.says("mel", id, noor, access.DecisionKeep))
	w.later(10 * time.Minute)
	if c := w.campaign(id); c.State != access.CampaignEnforcing {
		t.Errorf("the campaign is %s", c.State)
	}
	if n := len(w.events(id, access.EventReviewersLate)); n != 3 {
		t.Errorf("%d times it is written that somebody is late", n)
	}
}

// TestNobodyIsToldTwice of one time, also if the telling broke off and began anew.
func TestNobodyIsToldTwice(t *testing.T) {
	w := newCompany(t)
	w.in("figma-editors", "tom")
	id := w.opens(review())
	w.told = nil
	w.clock.Advance(catalog.Week)
	w.do(func(u *engine.Unit) error { return w.DueScans()[0].Do(u, id) })
	var task store.Task
	w.view(func(tx store.Tx) error {
		all, err := tx.Tasks("", 0, 100)
		for _, t := range all {
			if t.Kind == campaigns.TellTask {
				task = t
			}
		}
		return err
	})
	for range 2 {
		_, err := w.Handlers()[campaigns.TellTask].Do(t.Context(), task)
		w.ok(err)
		w.work()
	}
	if !slices.Equal(w.told, []string{"rita"}) {
		t.Errorf("told are %v", w.told)
	}
	if l := w.list(id, 0, "rita"); l.Told != 2 {
		t.Errorf("counted is %d", l.Told)
	}
}

// TestITEndsAReviewEarly: what nobody answered becomes what the review says, with no further stage; others can't.
func TestITEndsAReviewEarly(t *testing.T) {
	w := newCompany(t)
	w.in("figma-editors", "tom", "noor")
	id := w.opens(review(func(r *catalog.Review) {
		r.Unanswered = catalog.EscalateReview
		r.Stages = append(r.Stages, catalog.ReviewStage{Reviewers: named("bo"), Strategy: catalog.AllMustKeep, Lasts: catalog.Week})
	}))
	_, err := w.CloseNow(t.Context(), by("rita"), id)
	w.refused(err, access.NotAllowed, "Only IT")
	tom := w.number("rita", id, "tom", "figma-editors")
	w.ok(w.says("rita", id, tom, access.DecisionRevoke))
	_, err = w.CloseNow(t.Context(), by("ivy"), id)
	w.ok(err)
	w.refused(w.says("rita", id, tom, access.DecisionNone), access.TooLate, "over")
	_, err = w.CloseNow(t.Context(), by("ivy"), id)
	w.refused(err, access.Duplicate, "over already")
	w.work()
	c := w.campaign(id)
	if c.Stage != 0 || c.ToIT != 1 || !strings.Contains(strings.Join(w.notices, "\n"), "1 row is left to IT") {
		t.Fatalf("stage %d, left to IT %d, told %q", c.Stage, c.ToIT, w.notices)
	}
	_, err = w.CloseNow(t.Context(), by("ivy"), id) // without an answer of IT: it stays
	w.ok(err)
	for range 4 {
		w.later(time.Hour)
	}
	c = w.campaign(id)
	if noor := w.allRows(id)["noor"].Item; c.State != access.CampaignClosed || noor.Decision != access.DecisionKeep || noor.Grounds != access.BySilence {
		t.Errorf("the campaign is %s, noor's row %+v", c.State, noor)
	}
	_, err = w.CloseNow(t.Context(), by("ivy"), id)
	w.refused(err, access.TooLate, "closed")
}

// TestManyRowsThatNobodyAnswered are dealt with a few at a time, and so that a process that is killed on the way goes on.
func TestManyRowsThatNobodyAnswered(t *testing.T) {
	w := newCompany(t)
	for i := range 130 {
		h := "p" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + string(rune('a'+i/26))
		w.vendor.SetMember(w.groups["figma-editors"], w.vendor.AddPerson(personCalled(h)), true)
	}
	id := w.opens(review(func(r *catalog.Review) { r.Unanswered = catalog.EscalateReview }))
	_, err := w.CloseNow(t.Context(), by("ivy"), id)
	w.ok(err)
	w.stopping = 4
	w.work()
	w.stopping = 0
	w.work()
	c := w.campaign(id)
	if c.ToIT != 130 || w.list(id, access.StageIT, "ivy").Left() != 130 {
		t.Errorf("left to IT are %d, in the list %+v", c.ToIT, w.list(id, access.StageIT, "ivy"))
	}
	if n := len(w.events(id, access.EventRowReassigned)); n != 130 {
		t.Errorf("%d rows are given to IT", n)
	}
}
