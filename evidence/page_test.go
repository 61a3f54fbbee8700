package evidence

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
)

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// story is a request that is asked for and then talked about, event by event.
func story(t testing.TB, events int, words func(n int) string) []access.Entry {
	t.Helper()
	r := access.Request{ID: "AR-1", Requester: "maya@acme.example", Beneficiary: "maya@acme.example", App: "figma", Role: "editor", State: access.RequestPending,
		Wanted: time.Hour, Stages: []access.Stage{{}}}
	var out []access.Entry
	for n := range events {
		kind := access.EventReplied
		if n == 0 {
			kind = access.EventSubmitted
		}
		e := r.Event(kind, access.Actor{Person: "maya@acme.example", Via: access.ViaSlack, Account: "U1"}, noon().Add(time.Duration(n)*time.Minute))
		e.Reason = words(n)
		out = link1(t, out, e, byte(n))
	}
	return out
}

func link1(t testing.TB, chain []access.Entry, e access.Event, chance byte) []access.Entry {
	t.Helper()
	entry, err := e.Encode(access.Seed{chance, 20: chance})
	if err != nil {
		t.Fatal(err)
	}
	var last access.Entry
	if len(chain) > 0 {
		last = chain[len(chain)-1]
	}
	if entry, err = entry.Chain("acme.test/latchkey/7f3k9q2m/1", last.N, last.Leaf); err != nil {
		t.Fatal(err)
	}
	entry.Place = last.Place + 3
	return append(chain, entry)
}

func plainly(n int) string { return fmt.Sprintf("as agreed in call number %d", n) }

// noise are words that don't deflate.
func noise(n int) string {
	random := rand.New(rand.NewPCG(uint64(n), 1))
	var b strings.Builder
	for range 1000 {
		b.WriteRune(rune(0x4e00 + random.IntN(20000)))
	}
	return b.String()
}

func TestPagesGiveTheEntriesBack(t *testing.T) {
	for _, c := range []struct {
		name  string
		all   []access.Entry
		pages int
	}{
		{"one", story(t, 1, plainly), 1},
		{"hundred", story(t, 100, plainly), 1},
		{"noise", story(t, 60, noise), 6},
	} {
		c.all[0] = c.all[0].Erase()
		pages, full, err := writePages(c.all)
		if err != nil || !full || len(pages) != c.pages {
			t.Fatalf("%s: %d pages, want %d, %v, %v", c.name, len(pages), c.pages, full, err)
		}
		for i, p := range pages {
			if len(p) > pageLimit {
				t.Errorf("%s: page %d has %d characters", c.name, i+1, len(p))
			}
		}
		back, err := readPages(access.RequestSubject("AR-1"), pages)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.all, back); diff != "" {
			t.Errorf("%s: it came back differently:\n%s", c.name, diff)
		}
	}
}

// An ordinary story of three hundred events is on one page, and a page that is
// full stays as it is when more happens.
func TestWhatAPageHolds(t *testing.T) {
	all := story(t, 2000, plainly)
	pages, _, err := writePages(all)
	if err != nil || len(pages) < 2 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	first, err := readPages(access.RequestSubject("AR-1"), pages[:1])
	if err != nil || len(first) < 200 {
		t.Errorf("%d events on a page, %v", len(first), err)
	}
	again, _, err := writePages(all[:len(first)+1])
	if err != nil || again[0] != pages[0] {
		t.Errorf("the first page changed with what comes after it, %v", err)
	}
}

// What no page can hold ends the pages; nobody waits for it for ever.
func TestEventThatNoPageHolds(t *testing.T) {
	all := story(t, 3, func(n int) string {
		if n == 1 {
			return strings.Repeat(noise(1)+noise(2)+noise(3)+noise(4), 1) + noise(5) + noise(6) + noise(7) + noise(8) + noise(9) + noise(10) + noise(11) + noise(12)
		}
		return "short"
	})
	pages, full, err := writePages(all)
	if err != nil || full || len(pages) != 1 {
		t.Fatalf("%d pages, %v, %v", len(pages), full, err)
	}
	if back, err := readPages(access.RequestSubject("AR-1"), pages); err != nil || len(back) != 1 {
		t.Errorf("%d events came back, %v", len(back), err)
	}
}

// A page is what anybody can write into an issue: whatever it is, it is read
// within bounds or refused.
func TestPagesThatAreRefused(t *testing.T) {
	pack := func(text []byte) string {
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, flate.BestCompression)
		_, _ = w.Write(text)
		_ = w.Close()
		return base64.StdEncoding.EncodeToString(b.Bytes())
	}
	id := "01934a5e-7c00-7abc-8def-0123456789ab"
	for name, page := range map[string]string{
		"a bomb": pack(make([]byte, 1<<26)), "no base64": "äöü", "no deflate": "YWFhYWFhYWFhYWFhYWFhYQ==",
		"no line": pack([]byte("log a")), "no log": pack([]byte(id + " 1 1 2 0 -\n{}\n")),
		"too few fields": pack([]byte("log a\n" + id + " 1 1 2 0\n{}\n")), "no number": pack([]byte("log a\n" + id + " 1 x 2 0 -\n{}\n")),
		"too long": pack([]byte("log a\n" + id + " 1 1 999 0 -\n{}\n")), "enormous": pack([]byte("log a\n" + id + " 1 1 18446744073709551615 2 AAAA\n{}\n")),
		"no end": pack([]byte("log a\n" + id + " 1 1 1 0 -\n{}\n")), "no salt": pack([]byte("log a\n" + id + " 1 1 2 0 %\n{}\n")),
		"log twice": pack([]byte("log a\nlog b\n" + id + " 1 1 2 0 -\n{}\n")),
	} {
		if back, err := readPages(access.RequestSubject("AR-1"), []string{page}); err == nil {
			t.Errorf("%s passes as %+v", name, back)
		}
	}
}

func FuzzReadPages(f *testing.F) {
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, flate.BestSpeed)
		_, _ = w.Write([]byte(text))
		_ = w.Close()
		back, err := readPages(access.RequestSubject("AR-1"), []string{base64.StdEncoding.EncodeToString(b.Bytes())})
		if err != nil {
			return
		}
		pages, _, err := writePages(back)
		if err != nil {
			t.Fatal(err)
		}
		again, err := readPages(access.RequestSubject("AR-1"), pages)
		if diff := cmp.Diff(back, again); err != nil || diff != "" {
			t.Errorf("written again it reads differently: %v\n%s", err, diff)
		}
	})
}

// recorded is an issue that carries a story.
type recorded struct {
	*testing.T
	keys   note.Keys
	issue  access.Issue
	record access.IssueRecord
	all    []access.Entry
}

func record(t *testing.T, change ...func(*Writing)) recorded {
	t.Helper()
	r := recorded{
		T: t, keys: notetest.Keys(notetest.Log), all: story(t, 5, plainly),
		issue: access.Issue{ID: "10400", Key: "IT-7", URL: "https://jira/IT-7", Creator: "acc-bot"},
	}
	r.record = r.write(change...)
	return r
}

// write makes what the issue carries.
func (r recorded) write(change ...func(*Writing)) access.IssueRecord {
	r.Helper()
	w := Writing{
		Log: notetest.Log, Site: "cloud-1", Instance: 3, Issue: r.issue, Entries: r.all, At: noon(),
		Case: access.Case{Request: access.Request{ID: "AR-1", State: access.RequestPending, Allowed: time.Hour}},
	}
	for _, f := range change {
		f(&w)
	}
	out, err := WriteIssue(context.Background(), r.keys.Signer.Sign, w)
	if err != nil {
		r.Fatal(err)
	}
	return out
}

func (r recorded) read(is access.Issue, in access.IssueRecord) (access.RecoveredCase, error) {
	return Reading{Trust: r.keys.Trust, Site: "cloud-1"}.ReadIssue(is, in)
}

func TestIssueGivesTheCaseBack(t *testing.T) {
	r := record(t)
	c, err := r.read(r.issue, r.record)
	if err != nil || c.Doubt != "" || c.Instance != 3 {
		t.Fatalf("%+v, %v", c, err)
	}
	if diff := cmp.Diff(r.all, c.Entries); diff != "" {
		t.Errorf("the entries came back differently:\n%s", diff)
	}
	again, g, err := c.Replay()
	if err != nil || g != nil || again.Issue != r.issue || again.Requester != "maya@acme.example" || again.Wanted != time.Hour {
		t.Errorf("it is told again as %+v, %+v, %v", again, g, err)
	}
}

// What is newer than the state was not signed. It is left, and said.
func TestPageNewerThanTheState(t *testing.T) {
	r := record(t)
	newer := link1(t, r.all, access.Event{At: noon(), Kind: access.EventNote, Request: "AR-1"}, 99)
	pages, _, err := writePages(newer)
	if err != nil {
		t.Fatal(err)
	}
	r.record.Pages = pages
	if c, err := r.read(r.issue, r.record); err != nil || len(c.Entries) != len(r.all) || !strings.Contains(c.Doubt, "not those that were signed") {
		t.Errorf("%d entries, %q, %v", len(c.Entries), c.Doubt, err)
	}
}

// Nothing is written that could be taken for a record and counts for nothing.
func TestNothingIsWrittenUnsigned(t *testing.T) {
	r := record(t)
	broken := func(context.Context, string, note.Kind, string) (string, error) { return "", errors.New("no key") }
	out, err := WriteIssue(context.Background(), broken, Writing{Log: notetest.Log, Issue: r.issue, Entries: r.all, Case: access.Case{Request: access.Request{ID: "AR-1"}}})
	if err == nil || out.State != "" {
		t.Errorf("%+v, %v", out, err)
	}
}

// Many groups don't fit into what can be signed: they stand beside it, and their sum
// in it.
func TestGroupsBesideTheState(t *testing.T) {
	g := access.Grant{State: access.GrantActive}
	for i := range 60 {
		g.Entitlements = append(g.Entitlements, access.Entitlement{
			Group: catalog.GroupRef{Directory: "okta", Group: fmt.Sprintf("a-group-with-a-name-%d", i)}, State: access.EntitlementHeld,
			Account: fmt.Sprintf("00uaccount%d", i), GroupID: fmt.Sprintf("00ggroup%d", i),
		})
	}
	r := record(t)
	r.record = r.write(func(w *Writing) { w.Case.Grant = &g })
	c, err := r.read(r.issue, r.record)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(g.Entitlements, c.Was.Groups); diff != "" {
		t.Errorf("they came back differently:\n%s", diff)
	}
	signed, groups, _ := strings.Cut(r.record.State, "\n"+groupsMark)
	for name, state := range map[string]string{
		"taken off": signed + "\n", "changed": signed + "\n" + groupsMark + "A" + groups[1:], "put on": record(t).record.State + groupsMark + groups,
	} {
		if _, err := r.read(r.issue, access.IssueRecord{State: state, Pages: r.record.Pages}); err == nil {
			t.Errorf("groups %s were not noticed", name)
		}
	}
}

func TestIssuesThatAreRefused(t *testing.T) {
	r := record(t)
	older, err := os.ReadFile("testdata/state-before-v1.json")
	if err != nil {
		t.Fatal(err)
	}
	pages := func(entries ...access.Entry) access.IssueRecord {
		pages, _, err := writePages(entries)
		if err != nil {
			t.Fatal(err)
		}
		return access.IssueRecord{State: r.record.State, Pages: pages}
	}
	states := func(text string) access.IssueRecord { return access.IssueRecord{State: text, Pages: r.record.Pages} }
	signed := func(k note.Kind, text string) access.IssueRecord {
		signed, err := r.keys.Signer.Sign(context.Background(), notetest.Log, k, text)
		if err != nil {
			t.Fatal(err)
		}
		return states(signed)
	}
	stranger := record(t)
	private := r.all[2]
	private.Private = []byte(`{"Reason":"another"}`)
	copied, byOther := r.issue, r.issue
	copied.ID, copied.Key, byOther.Creator = "10401", "IT-8", "acc-mallory"
	unsigned, _, _ := strings.Cut(r.record.State, "\n\n")
	for name, c := range map[string]struct {
		is   access.Issue
		in   access.IssueRecord
		says string
	}{
		"a copy":                   {copied, r.record, "the state in IT-8 was written for another issue"},
		"made by somebody else":    {byOther, r.record, "another account had made"},
		"of another site":          {r.issue, r.write(func(w *Writing) { w.Site = "cloud-2" }), "another Jira site"},
		"an early version":         {r.issue, access.IssueRecord{State: string(older)}, "written by an early version of Latchkey"},
		"signed by nobody":         {r.issue, states(unsigned + "\n"), "written by an early version of Latchkey"},
		"signed by a stranger":     {r.issue, stranger.record, "a key that is not trusted"},
		"edited":                   {r.issue, states(strings.Replace(r.record.State, "AR-1", "AR-2", 1)), "the signature is false"},
		"no document":              {r.issue, states(""), "it is not signed"},
		"a newer document":         {r.issue, signed("latchkey/state/v2", "latchkey/state/v2\n{}\n"), "written by a newer version"},
		"heads":                    {r.issue, signed(note.Heads, "latchkey/heads/v1\n{}\n"), "of another kind"},
		"a checkpoint":             {r.issue, signed(note.Checkpoint, notetest.Log+"\n5\nAAAA\n"), "of another kind"},
		"no request":               {r.issue, signed(note.State, "latchkey/state/v1\n{}\n"), "not for what it stands for"},
		"two lines":                {r.issue, signed(note.State, "latchkey/state/v1\n{}\n{}\n"), "something else than it should"},
		"in another log's name":    {r.issue, signed(note.State, "latchkey/state/v1\n{\"log\":\"a/latchkey/b/1\",\"request\":\"AR-1\"}\n"), "not for what it stands for"},
		"no page":                  {r.issue, access.IssueRecord{State: r.record.State}, "IT-7 holds 0 of the 5 events"},
		"an event less":            {r.issue, pages(r.all[:4]...), "IT-7 holds 4 of the 5 events"},
		"events exchanged":         {r.issue, pages(r.all[0], r.all[2], r.all[1], r.all[3], r.all[4]), "don't lead to the one its state names"},
		"other private words":      {r.issue, pages(r.all[0], r.all[1], private, r.all[3], r.all[4]), "don't lead to the one its state names"},
		"the page of another":      {r.issue, r.write(func(w *Writing) { w.Case.Request.ID = "AR-2" }), "don't lead to the one its state names"},
		"a page that is broken":    {r.issue, access.IssueRecord{State: r.record.State, Pages: []string{r.record.Pages[0][:400]}}, "can't be read"},
		"the pages of a newer one": {r.issue, access.IssueRecord{State: r.record.State, Pages: []string{"AAAA" + r.record.Pages[0]}}, "can't be read"},
	} {
		got, err := r.read(c.is, c.in)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %+v, %v; want %q", name, got, err, c.says)
		}
	}
}

func TestReplayHasToEndWhereTheStateSays(t *testing.T) {
	r := record(t)
	r.record = r.write(func(w *Writing) { w.Case.Request.State = access.RequestApproved })
	c, err := r.read(r.issue, r.record)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Replay(); err == nil {
		t.Error("a state that does not follow from its story was taken")
	}
}

// A story of thousands of events comes back whole.
func TestALongStoryComesBackWhole(t *testing.T) {
	r := record(t)
	r.all = story(t, 5000, plainly)
	r.record = r.write()
	c, err := r.read(r.issue, r.record)
	if err != nil || len(c.Entries) != 5000 || c.Doubt != "" {
		t.Fatalf("%d entries, %q, %v", len(c.Entries), c.Doubt, err)
	}
	if n := len(r.record.Pages); n > 5000/200 {
		t.Errorf("it takes %d pages", n)
	}
}
