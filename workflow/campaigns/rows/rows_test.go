package rows_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/campaignstest"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

func opener(w *campaignstest.Company) *rows.Opener {
	return rows.NewOpener(w.Units, func() *catalog.Catalog { return catalog.New(w.Apps, nil) })
}

// opened does something with a campaign that is open, in a unit of work.
func opened(w *campaignstest.Company, id string, do func(*engine.Unit, rows.Opened) error) {
	w.Helper()
	all := opener(w)
	w.Do(func(u *engine.Unit) error {
		c, err := all.InUnit(u, id)
		if err != nil {
			return err
		}
		return do(u, c)
	})
}

// TestRowsAreFound by number, by who is asked, and by whose they are; each with what was said about it.
func TestRowsAreFound(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	w.In("figma-editors", "maya")
	w.In("figma-admins", "maya")
	id := w.Opens(campaignstest.Review())
	tom := w.Number("rita", id, "tom", "figma-editors")
	w.OK(w.Says("rita", id, tom, access.DecisionKeep, "needed"))
	opened(w, id, func(_ *engine.Unit, c rows.Opened) error {
		row, err := c.Rows.Row(tom)
		if err != nil || row.Person != peopletest.ID("tom") || row.Grant != "G-1" || row.Source != catalog.BySomeRequest || row.AppName != "Figma" || row.RoleName != "Editor" || row.Item.Answers[0].Reason != "needed" {
			t.Errorf("tom's row: %+v, %v", row, err)
		}
		for _, n := range []int{0, 99} {
			if _, err := c.Rows.Row(n); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("row %d: %v", n, err)
			}
		}
		refused := rows.UnlessKnown(store.ErrNotFound, 99)
		if r, is := access.AsRefusal(refused); !is || r.Reason != access.Unknown {
			t.Errorf("row 99 is refused with %v", refused)
		}
		count := func(all func(func(rows.Row, error) bool)) (n int) {
			for _, err := range all {
				w.OK(err)
				n++
			}
			return n
		}
		if n := count(c.Rows.All(0)); n != 3 {
			t.Errorf("there are %d rows", n)
		}
		if n := count(c.Rows.All(2)); n != 1 {
			t.Errorf("behind the second are %d", n)
		}
		if n := count(c.Rows.Of(peopletest.ID("rita"), 0, 0)); n != 3 {
			t.Errorf("rita is asked about %d", n)
		}
		if n := count(c.Rows.Of(peopletest.ID("bo"), 0, 0)); n != 0 {
			t.Errorf("bo is asked about %d", n)
		}
		if n := count(c.Rows.About(peopletest.ID("maya"))); n != 2 {
			t.Errorf("maya has %d", n)
		}
		return nil
	})
}

// TestWhatCantBeOpened: a campaign that isn't there, and one that wasn't read yet.
func TestWhatCantBeOpened(t *testing.T) {
	w := campaignstest.NewCompany(t)
	c, err := w.Begin(t.Context(), campaignstest.By("ivy"), campaignstest.Review(), "", "")
	w.OK(err)
	w.View(func(tx store.Tx) error {
		if _, err := opener(w).In(tx, c.ID); !errors.Is(err, snapshot.ErrUnfinished) {
			t.Errorf("one that wasn't read: %v", err)
		}
		if _, err := rows.Of(tx, c, catalog.New(nil, nil)); !errors.Is(err, snapshot.ErrUnfinished) {
			t.Errorf("its rows: %v", err)
		}
		_, err := opener(w).In(tx, "RV-NONE")
		w.Refused(err, access.Unknown, "isn't known")
		return nil
	})
	if _, err := opener(w).Load(t.Context(), "RV-NONE"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("loaded: %v", err)
	}
}

// TestARowInTheSecondStage: what the first determined stands, what was revoked stays where it was, and the rest is open anew.
func TestARowInTheSecondStage(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom", "maya", "noor")
	id := w.Opens(campaignstest.Review(func(r *catalog.Review) {
		r.Stages = append(r.Stages, catalog.ReviewStage{Reviewers: campaignstest.Named("bo"), Strategy: catalog.AllMustKeep, Lasts: catalog.Week})
	}))
	tom, maya, noor := w.Number("rita", id, "tom", "figma-editors"), w.Number("rita", id, "maya", "figma-editors"), w.Number("rita", id, "noor", "figma-editors")
	w.OK(w.Says("rita", id, tom, access.DecisionKeep))
	w.OK(w.Says("rita", id, maya, access.DecisionRevoke))
	w.Later(2*catalog.Week + 4*catalog.Day)
	if w.Now(id).Stage != 1 {
		t.Fatalf("it is in stage %d", w.Now(id).Stage)
	}
	opened(w, id, func(u *engine.Unit, c rows.Opened) error {
		stands := func(n int) access.ReviewItem {
			row, err := c.Rows.Row(n)
			w.OK(err)
			return c.AsItStands(row)
		}
		if i := stands(tom); i.Stage != 1 || i.Decision != access.DecisionNone || !slices.Equal(i.Reviewers, []access.PersonID{peopletest.ID("bo")}) {
			t.Errorf("what was kept stands as %+v", i)
		}
		if i := stands(maya); i.Decision != access.DecisionRevoke {
			t.Errorf("what was revoked stands as %+v", i)
		}
		if i := stands(noor); i.Stage != 1 || !slices.Equal(i.Reviewers, []access.PersonID{peopletest.ID("bo")}) {
			t.Errorf("what nobody answered stands as %+v", i)
		}
		row, err := c.Rows.Row(tom)
		w.OK(err)
		i, kept, err := c.Item(u, row)
		if err != nil || !kept || i.Stage != 0 {
			t.Errorf("kept %v: %+v, %v", kept, i, err)
		}
		if i, err = c.InStage(u, row, i); err != nil || i.Stage != 1 || i.State != access.ItemOpen {
			t.Errorf("brought to the stage: %+v, %v", i, err)
		}
		if row, err = c.Rows.Row(noor); err != nil {
			return err
		}
		if _, kept, err := c.Item(u, row); kept || err != nil {
			t.Errorf("noor's row has a record: %v", err)
		}
		return nil
	})
}

// TestTheFateOfRows: by the answers, else by what the review says of silence and of nobody to ask.
func TestTheFateOfRows(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.In("figma-editors", "tom", "noor", "rita")
	id := w.Opens(campaignstest.Review(func(r *catalog.Review) { r.Unanswered, r.Unreachable = catalog.RevokeAccess, catalog.EscalateReview }))
	tom := w.Number("rita", id, "tom", "figma-editors")
	w.OK(w.Says("rita", id, tom, access.DecisionKeep))
	fates := map[string]rows.Fate{}
	w.OK(opener(w).Pages(t.Context(), id, func(c rows.Opened, page []rows.Row) error {
		for _, row := range page {
			fates[campaignstest.Handle(row.Person)] = c.Fate(row)
			if v, by := row.Became(c.Campaign); row.Item.Version == 0 && (v != access.DecisionNone || by != "") {
				t.Errorf("while people answer row %d became %s by %s", row.Number, v, by)
			}
		}
		return nil
	}))
	if f := fates["noor"]; f.Decision != access.DecisionRevoke || f.Grounds != access.BySilence || !f.Todo || f.Escalate {
		t.Errorf("silence: %+v", f)
	}
	if f := fates["rita"]; !f.Escalate || f.Grounds != access.ByNobody {
		t.Errorf("nobody to ask: %+v", f)
	}
	if f := fates["tom"]; f.Todo && f.Decision != access.DecisionKeep {
		t.Errorf("an answer: %+v", f)
	}
	left := rows.Row{Excluded: "reviewed elsewhere"}
	if v, by := left.Became(access.Campaign{State: access.CampaignClosed}); v != access.DecisionNone || by != "" {
		t.Errorf("what is left out became %s by %s", v, by)
	}
}

// TestWhatHasChangedSince: access that ended, and a person who left.
func TestWhatHasChangedSince(t *testing.T) {
	w := campaignstest.NewCompany(t)
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	w.In("figma-editors", "maya", "noor")
	id := w.Opens(campaignstest.Review())
	w.Do(func(u *engine.Unit) error {
		g, err := u.Grant("G-1")
		g.State = access.GrantEnded
		return errors.Join(err, engine.Save(u, engine.Grants(), &g), people.MarkLeft(u, peopletest.ID("maya")))
	})
	want := map[string]string{"tom": "It has ended since.", "maya": "They have left since.", "noor": ""}
	opened(w, id, func(_ *engine.Unit, c rows.Opened) error {
		for row, err := range c.Rows.All(0) {
			w.OK(err)
			if said, err := c.Changed(row); err != nil || said != want[campaignstest.Handle(row.Person)] {
				t.Errorf("%s: %q, %v", campaignstest.Handle(row.Person), said, err)
			}
		}
		return nil
	})
}

// TestATaskThatWaitsIsDoneSoon instead of a second time.
func TestATaskThatWaitsIsDoneSoon(t *testing.T) {
	w := campaignstest.NewCompany(t)
	for range 2 {
		w.Do(func(u *engine.Unit) error {
			return rows.Enqueue(u, "review.tell", "RV-1/0", engine.HouseQueue, store.Notices, rows.About{Campaign: "RV-1"})
		})
	}
	w.View(func(tx store.Tx) error {
		all, err := tx.Tasks("", 0, 10)
		if len(all) != 1 || all[0].Subject != access.CampaignSubject("RV-1") {
			t.Errorf("there are %d tasks: %+v", len(all), all)
		}
		return err
	})
	if h := rows.Long(nil); h.Timeout < time.Minute || !h.Restarts {
		t.Errorf("a long task has %v", h.Timeout)
	}
	if rows.ListOf(access.Campaign{Stage: 1}) != 1 || rows.ListOf(access.Campaign{Stage: 1, ToIT: 3}) != access.StageIT {
		t.Error("what is left to IT is in the list of a stage")
	}
}
