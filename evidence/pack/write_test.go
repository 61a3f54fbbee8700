package pack_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/evidence/pack"
)

// given is where the auditor, who knows nothing of this package, finds a pack.
const given = "../auditor/testdata/pack"

// The pack of a known review is known to the byte: what is written does not change unseen, and
// the auditor is given what is written today.
func TestGolden(t *testing.T) {
	got := written(t, review(t))
	if *pack.Update {
		if err := os.RemoveAll(given); err != nil {
			t.Fatal(err)
		}
		if _, err := pack.Write(t.Context(), review(t), signer(t).Sign, pack.Folder(given)); err != nil {
			t.Fatal(err)
		}
	}
	for name, f := range got {
		want, err := os.ReadFile(filepath.Join(given, name))
		if err != nil || !bytes.Equal(want, f.text) {
			t.Errorf("%s is not the golden one (%v): look at it, then go test ./evidence/pack/write -run TestGolden -update", name, err)
		}
	}
	there, err := os.ReadDir(given)
	if err != nil || len(there) != len(got) {
		t.Errorf("the golden pack has %d files and a new one %d (%v)", len(there), len(got), err)
	}
}

func TestEqualInputGivesEqualBytes(t *testing.T) {
	one, two := written(t, review(t)), written(t, review(t))
	for name := range one {
		if !bytes.Equal(one[name].text, two[name].text) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestJSONKeepsToItsSchema(t *testing.T) {
	text := written(t, review(t))[pack.JSONFile].text
	if err := pack.ValidJSON(t, text); err != nil {
		t.Error(err)
	}
	if bytes.Contains(text, []byte("null")) {
		t.Error("null says neither that there is nothing nor that nobody looked")
	}
	bare := review(t) // of which next to nothing is known
	bare.Reviewers, bare.Leavers, bare.Exceptions, bare.Scope.Exclusions, bare.Scope.NotGoverned = nil, nil, nil, nil, nil
	bare.Rows = all([]pack.Row{{ID: "AR-1", Group: bare.Groups[0].Key, Outcome: pack.Outcome{Verdict: pack.Keep, How: pack.StillOpen}, Recommended: pack.Recommendation{Value: pack.Insufficient}}})
	text = written(t, bare)[pack.JSONFile].text
	if err := pack.ValidJSON(t, text); err != nil {
		t.Error(err)
	}
	if !bytes.Contains(text, []byte(`"peers":{"is":"not_recorded"}`)) || bytes.Contains(text, []byte("null")) {
		t.Errorf("%s", text)
	}
	wrong := bytes.Replace(text, []byte(`"not_recorded"`), []byte(`"perhaps"`), 1)
	if pack.ValidJSON(t, wrong) == nil {
		t.Error("the schema takes everything")
	}
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
			Notes []pack.Note
		}
	}
	if err := json.Unmarshal(written(t, review(t))[pack.JSONFile].text, &got); err != nil {
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
	if w := s.Timeliness; !w.LastDecision.Equal(at(12, 9, 29)) || !w.LastCheck.Equal(at(19, 10, 12)) || !w.InPeriod || w.Slowest.Row == "" {
		t.Errorf("%+v", w)
	}
	if p := s.Pace[0]; p.Name != "Tom Becker" || p.Answers != 11 || p.Bulk != 5 || p.Share != 0.455 || !p.PerMinute.Known() || p.Median.Value != 1.5 || p.PerMinute.Value != 5.1 || p.Quick != 0 {
		t.Errorf("%+v", p)
	}
	var kinds []pack.NoteKind
	for _, n := range s.Notes {
		kinds = append(kinds, n.Kind)
		if n.Words == "" || strings.Contains(n.Words, "%") {
			t.Errorf("%+v", n)
		}
	}
	want := []pack.NoteKind{pack.Accepted, pack.NoAnswerNote, pack.NoReviewNote, pack.RevokeReason, pack.NotGone, pack.RestoredNote, pack.LeaverNote, pack.NoTime, pack.ChangedNote}
	if !slices.Equal(kinds, want) {
		t.Errorf("%v, want %v", kinds, want)
	}
}

// What nobody may miss is noted, one thing at a time.
func TestNotes(t *testing.T) {
	for kind, spoil := range map[pack.NoteKind]func(*pack.Campaign, []pack.Row){
		pack.NotProven:     func(c *pack.Campaign, _ []pack.Row) { c.Groups[2].Population.Difference = nil },
		pack.RowsDiffer:    func(c *pack.Campaign, _ []pack.Row) { c.Groups[0].Population.Rows-- },
		pack.OwnAccess:     func(_ *pack.Campaign, r []pack.Row) { r[3].Answers[0].By.Person = r[3].Person.ID },
		pack.InConflict:    func(c *pack.Campaign, _ []pack.Row) { c.Reviewers[1].Conflicts.Value[0].Solved = "" },
		pack.NotLooked:     func(c *pack.Campaign, _ []pack.Row) { c.Reviewers[0].Conflicts = pack.Fact[[]pack.Conflict]{} },
		pack.OpenNote:      func(_ *pack.Campaign, r []pack.Row) { r[8].Outcome.How = pack.StillOpen },
		pack.Late:          func(_ *pack.Campaign, r []pack.Row) { r[3].Answers[0].At = at(17, 0, 0) },
		pack.PrivBulk:      func(_ *pack.Campaign, r []pack.Row) { r[9].Answers[0].Bulk = true },
		pack.PrivNoReason:  func(_ *pack.Campaign, r []pack.Row) { r[9].Answers[0].Reason = "" },
		pack.NoRemoval:     func(_ *pack.Campaign, r []pack.Row) { r[3].Removal = nil },
		pack.NotChecked:    func(_ *pack.Campaign, r []pack.Row) { r[3].Removal.Checked = pack.Lacks[time.Time](pack.Unknown, "") },
		pack.Quick:         func(_ *pack.Campaign, r []pack.Row) { r[3].Answers[0].Seconds = pack.Is(1.5) },
		pack.OutsidePeriod: func(c *pack.Campaign, _ []pack.Row) { c.Period.To = at(10, 0, 0) },
	} {
		t.Run(string(kind), func(t *testing.T) {
			c := review(t)
			rows := rowsOf(t, c)
			spoil(&c, rows)
			c.Rows = all(rows)
			text := string(written(t, c)[pack.JSONFile].text)
			if !strings.Contains(text, `"kind": "`+string(kind)+`"`) {
				t.Error("it is not noted")
			}
			if sound := string(written(t, review(t))[pack.JSONFile].text); strings.Contains(sound, `"kind": "`+string(kind)+`"`) {
				t.Error("it is noted of a review in which it is not so")
			}
		})
	}
}

func TestWhatNoPackIsMadeOf(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*pack.Campaign)
		says  string
	}{
		"no id":             {func(c *pack.Campaign) { c.ID = "" }, "no id"},
		"no snapshot":       {func(c *pack.Campaign) { c.Times.Snapshot = time.Time{} }, "as of which moment"},
		"all is covered":    {func(c *pack.Campaign) { c.Scope.Blind = nil }, "does not cover"},
		"one key twice":     {func(c *pack.Campaign) { c.Groups[1].Key = c.Groups[0].Key }, "its own"},
		"rows out of order": {func(c *pack.Campaign) { c.Groups[0], c.Groups[1] = c.Groups[1], c.Groups[0] }, "group by group"},
		"a row twice": {func(c *pack.Campaign) {
			c.Rows = all([]pack.Row{{ID: "AR-1", Group: c.Groups[0].Key}, {ID: "AR-1", Group: c.Groups[0].Key}})
		}, "comes twice"},
		"rows fail":   {func(c *pack.Campaign) { c.Rows = failing(errors.New("the disk is gone")) }, "the disk is gone"},
		"rows change": {func(c *pack.Campaign) { c.Rows = shrinking(c.Rows) }, "one view"},
		"no head":     {func(c *pack.Campaign) { c.Tool.Checkpoint = "northwind.test\nfive\n" }, "can't be read"},
		"another log": {func(c *pack.Campaign) { c.Tool.Log = "acme.test/latchkey/zzzz/1" }, "can't sign for the log"},
		"events fail": {func(c *pack.Campaign) {
			c.Events = func(y func(pack.Event, error) bool) { y(pack.Event{}, errors.New("no leaves")) }
		}, "no leaves"},
	} {
		t.Run(name, func(t *testing.T) {
			broken, out := review(t), kept{}
			c.spoil(&broken)
			_, err := pack.Write(t.Context(), broken, signer(t).Sign, out)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v", err)
			}
			if out[pack.ManifestFile] != nil {
				t.Error("there is a manifest all the same")
			}
		})
	}
}

func failing(err error) iter.Seq2[pack.Row, error] {
	return func(yield func(pack.Row, error) bool) { yield(pack.Row{}, err) }
}

// shrinking has a row less each time.
func shrinking(rows iter.Seq2[pack.Row, error]) iter.Seq2[pack.Row, error] {
	walks := 0
	return func(yield func(pack.Row, error) bool) {
		walks++
		left := 22 - walks
		for r, err := range rows {
			if left--; left == 0 || !yield(r, err) {
				return
			}
		}
	}
}

// Every row of the CSVs says what the row says, under a header that stays.
func TestTables(t *testing.T) {
	out := written(t, review(t))
	for name, want := range map[string]int{pack.DecisionsFile: 20, pack.PopulationFile: 3, pack.RemovalsFile: 7} {
		text := string(out[name].text)
		if !strings.HasPrefix(text, "\ufeff") || strings.Count(text, "\r\n") != strings.Count(text, "\n") {
			t.Errorf("%s is not as Excel reads it", name)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != want+1 {
			t.Errorf("%s has %d lines, %v", name, len(rows), err)
		}
	}
	text := string(out[pack.DecisionsFile].text)
	for _, want := range []string{
		"[none]", "[unknown: Okta did not answer]", "[not asked: usage is switched off for the ERP]", "[not recorded]",
		"stage 1: revoke by Tom Becker, 3 Nov 2026 10:08 UTC, slack, 2.1 s: slipped (taken back by Tom Becker, 3 Nov 2026 10:09 UTC: wrong row)",
		"3 rows at once", "IT-142 https://northwind.test/browse/IT-142",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("decisions.csv doesn't say %q", want)
		}
	}
}

// Pages of rows are vouched for like every other file.
func TestPagesAreSealed(t *testing.T) {
	out := kept{}
	if err := pack.WriteLimited(t.Context(), many(t, 110), signer(t).Sign, out, 50, 50); err != nil {
		t.Fatal(err)
	}
	if v, err := pack.Verify(on(out), trust(t)); err != nil || !v.Whole() || out["rows-0003.html"] == nil {
		t.Errorf("%v, %v", v.Broken, err)
	}
}
