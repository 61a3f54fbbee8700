package summary_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/evidence/pack"
	"latchkey/evidence/pack/packtest"
	"latchkey/evidence/pack/summary"
)

func counted(t *testing.T, c pack.Campaign) *summary.Review {
	t.Helper()
	r, err := summary.Count(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The summary, counted by hand from the rows of the fixture.
func TestSummary(t *testing.T) {
	var got struct {
		Summary struct {
			Rows, Privileged, Restored int
			Outcomes, Answers          map[string]int
			Removals                   map[string]int
			Timeliness                 struct {
				LastDecision time.Time            `json:"last_decision"`
				LastCheck    time.Time            `json:"last_recheck"`
				InPeriod     bool                 `json:"in_period"`
				Slowest      struct{ Row string } `json:"slowest_removal"`
			}
			Pace []struct {
				Name      string
				Answers   int
				Bulk      int
				Quick     int
				Share     float64            `json:"bulk_share"`
				PerMinute pack.Fact[float64] `json:"rows_per_minute"`
				Median    pack.Fact[float64] `json:"median_seconds"`
			}
			Notes []summary.Note
		}
	}
	text, err := json.Marshal(map[string]any{"summary": counted(t, packtest.Review(t)).Summary})
	if err == nil {
		err = json.Unmarshal(text, &got)
	}
	if err != nil {
		t.Fatal(err)
	}
	s := got.Summary
	if s.Rows != 20 || s.Privileged != 5 || s.Restored != 1 {
		t.Errorf("%d rows, %d privileged, %d restored", s.Rows, s.Privileged, s.Restored)
	}
	for name, want := range map[string]map[string]int{
		"outcomes": {"kept": 11, "revoked": 6, "no_answer": 1, "no_reviewer": 1, "gone": 1, "open": 0},
		"answers":  {"all": 22, "bulk": 5, "undone": 1},
		"removals": {"gone": 4, "manual": 1, "failed": 1, "kept": 1},
	} {
		if have := map[string]map[string]int{"outcomes": s.Outcomes, "answers": s.Answers, "removals": s.Removals}[name]; !maps.Equal(have, want) {
			t.Errorf("%s: %v, want %v", name, have, want)
		}
	}
	if w := s.Timeliness; !w.LastDecision.Equal(packtest.At(12, 9, 29)) || !w.LastCheck.Equal(packtest.At(19, 10, 12)) || !w.InPeriod || w.Slowest.Row == "" {
		t.Errorf("%+v", w)
	}
	if p := s.Pace[0]; p.Name != "Tom Becker" || p.Answers != 11 || p.Bulk != 5 || p.Share != 0.455 || !p.PerMinute.Known() || p.Median.Value != 1.5 || p.PerMinute.Value != 5.1 || p.Quick != 0 {
		t.Errorf("%+v", p)
	}
	var kinds []summary.NoteKind
	for _, n := range s.Notes {
		kinds = append(kinds, n.Kind)
		if n.Words == "" || strings.Contains(n.Words, "%") {
			t.Errorf("%+v", n)
		}
	}
	want := []summary.NoteKind{summary.Accepted, summary.NoAnswerNote, summary.NoReviewNote, summary.RevokeReason, summary.NotGone, summary.RestoredNote, summary.LeaverNote, summary.NoTime, summary.ChangedNote}
	if !slices.Equal(kinds, want) {
		t.Errorf("%v, want %v", kinds, want)
	}
}

// What nobody may miss is noted, one thing at a time.
func TestNotes(t *testing.T) {
	for kind, spoil := range map[summary.NoteKind]func(*pack.Campaign, []pack.Row){
		summary.NotProven:     func(c *pack.Campaign, _ []pack.Row) { c.Groups[2].Population.Difference = nil },
		summary.RowsDiffer:    func(c *pack.Campaign, _ []pack.Row) { c.Groups[0].Population.Rows-- },
		summary.OwnAccess:     func(_ *pack.Campaign, r []pack.Row) { r[3].Answers[0].By.Person = r[3].Person.ID },
		summary.InConflict:    func(c *pack.Campaign, _ []pack.Row) { c.Reviewers[1].Conflicts.Value[0].Solved = "" },
		summary.NotLooked:     func(c *pack.Campaign, _ []pack.Row) { c.Reviewers[0].Conflicts = pack.Fact[[]pack.Conflict]{} },
		summary.OpenNote:      func(_ *pack.Campaign, r []pack.Row) { r[8].Outcome.How = pack.StillOpen },
		summary.Late:          func(_ *pack.Campaign, r []pack.Row) { r[3].Answers[0].At = packtest.At(17, 0, 0) },
		summary.PrivBulk:      func(_ *pack.Campaign, r []pack.Row) { r[9].Answers[0].Bulk = true },
		summary.PrivNoReason:  func(_ *pack.Campaign, r []pack.Row) { r[9].Answers[0].Reason = "" },
		summary.NoRemoval:     func(_ *pack.Campaign, r []pack.Row) { r[3].Removal = nil },
		summary.NotChecked:    func(_ *pack.Campaign, r []pack.Row) { r[3].Removal.Checked = pack.Lacks[time.Time](pack.Unknown, "") },
		summary.Quick:         func(_ *pack.Campaign, r []pack.Row) { r[3].Answers[0].Seconds = pack.Is(1.5) },
		summary.OutsidePeriod: func(c *pack.Campaign, _ []pack.Row) { c.Period.To = packtest.At(10, 0, 0) },
	} {
		t.Run(string(kind), func(t *testing.T) {
			c := packtest.Review(t)
			rows := packtest.RowsOf(t, c)
			spoil(&c, rows)
			c.Rows = packtest.All(rows)
			noted := func(n summary.Note) bool { return n.Kind == kind }
			if !slices.ContainsFunc(counted(t, c).Summary.Notes, noted) {
				t.Error("it is not noted")
			}
			if slices.ContainsFunc(counted(t, packtest.Review(t)).Summary.Notes, noted) {
				t.Error("it is noted of a review in which it is not so")
			}
		})
	}
}

// What stands at the top says it in a few words, and doesn't call what is late in time.
func TestHeadlines(t *testing.T) {
	c := packtest.Review(t)
	said := func(r *summary.Review, what string) string {
		for _, d := range r.Dates() {
			if d.What == what {
				return d.At + ": " + d.Said
			}
		}
		return "nothing of it"
	}
	r := counted(t, c)
	if got := said(r, "Due"); !strings.HasSuffix(got, ": the last answer came in time") {
		t.Error(got)
	}
	if got := r.Results(); !slices.Equal(got, []string{"4 gone", "1 kept", "1 manual", "1 failed"}) {
		t.Errorf("%q", got)
	}
	bad := 0
	for _, f := range r.Figures() {
		if f.Bad {
			bad++
		}
	}
	if bad != 3 { // nobody answered, no reviewer found, removals not done
		t.Errorf("%d of the figures are bad: %+v", bad, r.Figures())
	}
	c.Times.Due, c.Period.To = packtest.At(5, 0, 0), packtest.At(10, 0, 0)
	late := counted(t, c)
	if got := said(late, "Due"); !strings.HasSuffix(got, "answers came later") {
		t.Error(got)
	}
	if got := said(late, "Closed"); !strings.Contains(got, "9 whole days after the end of the period under review (10 Nov 2026)") {
		t.Error(got)
	}
}

// Rows that are others than those that were counted are no rows of this review.
func TestRowsThatChange(t *testing.T) {
	c := packtest.Review(t)
	r := counted(t, c)
	r.Campaign.Rows = packtest.All(packtest.RowsOf(t, c)[1:])
	if err := r.Each(t.Context(), func(pack.Row) error { return nil }); err == nil || !strings.Contains(err.Error(), "one view") {
		t.Errorf("%v", err)
	}
}
