package stages_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/campaigns/campaignstest"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
)

// twoStages is a review that Bo looks at once more.
func twoStages(r *catalog.Review) {
	r.Stages = append(r.Stages, catalog.ReviewStage{Reviewers: campaignstest.Named("bo"), Strategy: catalog.AllMustKeep, Lasts: catalog.Week})
}

// managed notes whom somebody reports to.
func managed(w *campaignstest.Company, h, manager string) {
	w.Do(func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, peopletest.ID(h))
		if err != nil {
			return err
		}
		k.Manager = peopletest.ID(manager)
		return store.PutPerson(u.Tx, &k)
	})
}

// left has somebody leave who reported to Mel, as everything hears of it.
func left(w *campaignstest.Company, h string) {
	managed(w, h, "mel")
	w.Leaves(h)
	w.Do(func(u *engine.Unit) error { return w.ReviewerLeft(u, peopletest.ID(h)) })
}

// TestAReviewerWhoLeftBeforeTheirStage is asked by nothing: who managed them is, when it begins.
func TestAReviewerWhoLeftBeforeTheirStage(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom")
	c, err := w.Begin(t.Context(), campaignstest.By("ivy"), campaignstest.Review(twoStages), "", "")
	w.OK(err)
	w.Work()
	left(w, "rita") // between the reading and the start
	w.Told = nil
	_, _, err = w.Start(t.Context(), campaignstest.By("ivy"), c.ID)
	w.OK(err)
	w.Work()
	if !slices.Equal(w.Told, []string{"mel"}) {
		t.Errorf("at the start %v are told", w.Told)
	}
	left(w, "bo") // before the second stage
	w.OK(w.Says("mel", c.ID, w.Number("mel", c.ID, "tom", "figma-editors"), access.DecisionKeep))
	w.Told = nil
	w.Later(10 * time.Minute)
	if w.Now(c.ID).Stage != 1 || !slices.Equal(w.Told, []string{"mel"}) {
		t.Errorf("in stage %d %v are told", w.Now(c.ID).Stage, w.Told)
	}
	w.OK(w.Says("mel", c.ID, w.Number("mel", c.ID, "tom", "figma-editors"), access.DecisionKeep))
}

// TestWhatTheFirstStageRevokesIsRevoked under each strategy, also where it takes the silence of others until the end: nobody is
// asked about it again.
func TestWhatTheFirstStageRevokesIsRevoked(t *testing.T) {
	for _, s := range []catalog.ReviewStrategy{catalog.OneKeepKeeps, catalog.AllMustKeep, catalog.OneRevokeRevokes, catalog.KeptUnlessRevoke} {
		w := campaignstest.NewCompany(t)
		w.In("figma-editors", "tom", "noor", "maya")
		id := w.Opens(campaignstest.Review(twoStages, func(r *catalog.Review) {
			r.Stages[0].Strategy, r.Stages[0].Additional = s, campaignstest.Named("grace")
		}))
		tom, noor := w.Number("rita", id, "tom", "figma-editors"), w.Number("rita", id, "noor", "figma-editors")
		w.OK(w.Says("rita", id, tom, access.DecisionRevoke))
		w.OK(w.Says("rita", id, noor, access.DecisionKeep))
		w.Later(2*catalog.Week + 4*catalog.Day)
		if i := w.Item(id, tom); i.Decision != access.DecisionRevoke || i.Stage != 0 || i.Grounds != access.ByAnswers {
			t.Errorf("%s: revoked by one while the other is silent, it is %s by %s in stage %d", s, i.Decision, i.Grounds, i.Stage)
		}
		if l := w.Worklist(id, 1, "bo"); l.Left() != 2 {
			t.Errorf("%s: the second stage is asked about %d rows", s, l.Left())
		}
		w.Later(10 * time.Minute)
		w.Became(id, tom, access.OutcomeGone, "")
	}
}

// TestManyRowsThatTheFirstStageRevokes are determined also if the process is killed on the way.
func TestManyRowsThatTheFirstStageRevokes(t *testing.T) {
	w := campaignstest.NewCompany(t)
	for i := range 60 {
		w.Vendor.SetMember(w.Groups["figma-editors"], w.Vendor.AddPerson(campaignstest.PersonCalled("p"+string(rune('a'+i%26))+string(rune('a'+i/26)))), true)
	}
	id := w.Opens(campaignstest.Review(twoStages, func(r *catalog.Review) {
		r.Stages[0].Strategy, r.Stages[0].Additional = catalog.OneKeepKeeps, campaignstest.Named("grace")
	}))
	for n := 1; n <= 60; n++ {
		w.OK(w.Says("rita", id, n, access.DecisionRevoke))
	}
	w.Clock.Advance(2*catalog.Week + 4*catalog.Day)
	w.Do(func(u *engine.Unit) error { return w.DueScans()[0].Do(u, id) })
	w.Stopping = 4
	w.Work()
	w.Stopping = 0
	w.Falls()
	if n := len(w.Events(id, access.EventRowDecided)); n != 60 || w.Worklist(id, 1, "bo").Rows != 0 {
		t.Errorf("%d rows are determined; the second stage has %+v", n, w.Worklist(id, 1, "bo"))
	}
}

// TestARowAboutWhoIsAskedInstead goes to somebody else: managers of those who are late don't review themselves.
func TestARowAboutWhoIsAskedInstead(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "mel", "tom")
	id := w.Opens(campaignstest.Review())
	mels := w.Number("rita", id, "mel", "figma-editors")
	w.Later(2*catalog.Week + catalog.Day) // beside her: she still can
	if i := w.Item(id, mels); i.Version != 0 {
		t.Errorf("a day late, the row is for %v", i.Reviewers)
	}
	w.Later(2 * catalog.Day)
	if i := w.Item(id, mels); !slices.Equal(i.Reviewers, []access.PersonID{peopletest.ID("ivy")}) || !slices.Contains(w.Told, "ivy") {
		t.Errorf("three days late, the row is for %v; told are %v", i.Reviewers, w.Told)
	}
	if l := w.Worklist(id, 0, "rita"); l.Left() != 1 || !slices.Equal(l.AskedNow(), []access.PersonID{peopletest.ID("mel")}) {
		t.Errorf("mel is asked about %d rows: %v", l.Left(), l.AskedNow())
	}
	w.OK(w.Says("ivy", id, mels, access.DecisionKeep))
}

// TestTheManagerOfAReviewerWhoLeaves is asked although nothing had told until then who that is: it is looked up while the
// reviewer is there, for those of the next stage as well.
func TestTheManagerOfAReviewerWhoLeaves(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom")
	id := w.Opens(campaignstest.Review(twoStages))
	for _, h := range []string{"rita", "bo"} {
		w.Leaves(h)
		w.Do(func(u *engine.Unit) error { return w.ReviewerLeft(u, peopletest.ID(h)) })
	}
	w.Work()
	w.OK(w.Says("mel", id, w.Number("mel", id, "tom", "figma-editors"), access.DecisionKeep))
	w.Told = nil
	w.Later(10 * time.Minute)
	if w.Now(id).Stage != 1 || !slices.Equal(w.Told, []string{"mel"}) {
		t.Errorf("in stage %d %v are told", w.Now(id).Stage, w.Told)
	}
	w.OK(w.Says("mel", id, w.Number("mel", id, "tom", "figma-editors"), access.DecisionKeep))
}
