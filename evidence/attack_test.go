package evidence

import (
	"encoding/json"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/evidence/note/notetest"
)

// 20: every bit of state and page turned round. What is read all the same is what was
// signed, and it is in doubt.
func TestAttack20EveryBit(t *testing.T) {
	r := record(t)
	for name, text := range map[string]string{"state": r.record.State, "page": r.record.Pages[0]} {
		for i := range text {
			for bit := range 8 {
				changed := text[:i] + string([]byte{text[i] ^ 1<<bit}) + text[i+1:]
				in := access.IssueRecord{State: changed, Pages: r.record.Pages}
				if name == "page" {
					in = access.IssueRecord{State: r.record.State, Pages: []string{changed}}
				}
				c, err := r.read(r.issue, in)
				if err == nil && (c.Doubt == "" || name == "state") {
					t.Errorf("bit %d of byte %d of the %s makes no difference", bit, i, name)
				}
			}
		}
	}
}

// 63: an entry of a newer version, with a field and in a form that this one does not
// know, comes back from an issue as it was, and verifies.
func TestAttack63AnEntryOfANewerVersion(t *testing.T) {
	newer := access.Entry{ID: "01934a5e-7c00-7abc-8def-0123456789ab", Subject: access.RequestSubject("AR-1"), Schema: 99, Body: []byte(`{"At":"2030-01-01T00:00:00Z","Mood":1e400}`), Private: []byte(`[`), Salt: make([]byte, 16)}
	newer, err := newer.Chain(notetest.Log, 0, access.Hash{})
	if err != nil {
		t.Fatal(err)
	}
	newer.Place = 1
	pages, _, err := writePages([]access.Entry{newer})
	if err != nil {
		t.Fatal(err)
	}
	back, err := readPages(newer.Subject, pages)
	if err != nil || len(back) != 1 || back[0].Verify() != nil || back[0].Leaf != newer.Leaf {
		t.Errorf("%+v, %v", back, err)
	}
}

// 64: whatever people write is hashed as it is stored, and comes back from an issue
// with the same hash.
func TestAttack64OddTexts(t *testing.T) {
	r := record(t)
	words := []string{"1e400 and 0.1", "<script>&amp;", "a\u2028b\u2029c", "bad \xff\xfe bytes", strings.Repeat("密", 1000), "\u202eevil\u200b", "a\nb\tc\\u0041", "🗝️"}
	r.all = story(t, len(words), func(n int) string { return words[n] })
	r.record = r.write()
	raw, err := json.Marshal(r.record) // as Jira gives properties back
	if err != nil {
		t.Fatal(err)
	}
	var back access.IssueRecord
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	c, err := r.read(r.issue, back)
	if err != nil || c.Doubt != "" {
		t.Fatalf("%q, %v", c.Doubt, err)
	}
	for i, e := range c.Entries {
		if e.Leaf != r.all[i].Leaf || e.Verify() != nil {
			t.Errorf("%q has another hash", words[i])
		}
	}
}

// 65: an event whose private part was erased comes back with its hash, and says that it
// was erased.
func TestAttack65AnErasedEvent(t *testing.T) {
	r := record(t)
	r.all[2] = r.all[2].Erase()
	r.record = r.write()
	c, err := r.read(r.issue, r.record)
	if err != nil || !c.Story[2].Erased || c.Story[2].Reason != "" || c.Entries[2].Verify() != nil {
		t.Errorf("%+v, %v", c.Story[2], err)
	}
}
