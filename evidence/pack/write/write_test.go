package write_test

import (
	"bytes"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/evidence/pack"
	"latchkey/evidence/pack/packtest"
	"latchkey/evidence/pack/verify"
	"latchkey/evidence/pack/write"
)

// given is where the auditor, who knows nothing of this package, finds a pack.
const given = "../auditor/testdata/pack"

// The pack of a known review is known to the byte: what is written does not change unseen, and
// the auditor is given what is written today.
func TestGolden(t *testing.T) {
	got := packtest.Written(t, packtest.Review(t))
	if *write.Update {
		if err := os.RemoveAll(given); err != nil {
			t.Fatal(err)
		}
		if _, err := write.Pack(t.Context(), packtest.Review(t), packtest.Signer(t).Sign, write.Folder(given)); err != nil {
			t.Fatal(err)
		}
	}
	for name, f := range got {
		want, err := os.ReadFile(filepath.Join(given, name))
		if err != nil || !bytes.Equal(want, f.Text) {
			t.Errorf("%s is not the golden one (%v): look at it, then go test ./evidence/pack/write -run TestGolden -update", name, err)
		}
	}
	there, err := os.ReadDir(given)
	if err != nil || len(there) != len(got) {
		t.Errorf("the golden pack has %d files and a new one %d (%v)", len(there), len(got), err)
	}
}

func TestEqualInputGivesEqualBytes(t *testing.T) {
	one, two := packtest.Written(t, packtest.Review(t)), packtest.Written(t, packtest.Review(t))
	for name := range one {
		if !bytes.Equal(one[name].Text, two[name].Text) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestJSONKeepsToItsSchema(t *testing.T) {
	text := packtest.Written(t, packtest.Review(t))[pack.JSONFile].Text
	if err := write.ValidJSON(t, text); err != nil {
		t.Error(err)
	}
	if bytes.Contains(text, []byte("null")) {
		t.Error("null says neither that there is nothing nor that nobody looked")
	}
	bare := packtest.Review(t) // of which next to nothing is known
	bare.Reviewers, bare.Leavers, bare.Exceptions, bare.Scope.Exclusions, bare.Scope.NotGoverned = nil, nil, nil, nil, nil
	bare.Rows = packtest.All([]pack.Row{{ID: "AR-1", Group: bare.Groups[0].Key, Outcome: pack.Outcome{Verdict: pack.Keep, How: pack.StillOpen}, Recommended: pack.Recommendation{Value: pack.Insufficient}}})
	text = packtest.Written(t, bare)[pack.JSONFile].Text
	if err := write.ValidJSON(t, text); err != nil {
		t.Error(err)
	}
	if !bytes.Contains(text, []byte(`"peers":{"is":"not_recorded"}`)) || bytes.Contains(text, []byte("null")) {
		t.Errorf("%s", text)
	}
	wrong := bytes.Replace(text, []byte(`"not_recorded"`), []byte(`"perhaps"`), 1)
	if write.ValidJSON(t, wrong) == nil {
		t.Error("the schema takes everything")
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
			c.Rows = packtest.All([]pack.Row{{ID: "AR-1", Group: c.Groups[0].Key}, {ID: "AR-1", Group: c.Groups[0].Key}})
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
			broken, out := packtest.Review(t), packtest.Kept{}
			c.spoil(&broken)
			_, err := write.Pack(t.Context(), broken, packtest.Signer(t).Sign, out)
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

// Pages of rows are vouched for like every other file.
func TestPagesAreSealed(t *testing.T) {
	out := packtest.Kept{}
	if err := write.PackLimited(t.Context(), packtest.Many(t, 110), packtest.Signer(t).Sign, out, 50, 50); err != nil {
		t.Fatal(err)
	}
	if v, err := verify.Pack(packtest.On(out), packtest.Trust(t)); err != nil || !v.Whole() || out["rows-0003.html"] == nil {
		t.Errorf("%v, %v", v.Broken, err)
	}
}
