package evidence

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
)

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// story is a request that is asked for and then talked about, event by event.
func story(t *testing.T, events int, words func(n int) string) []access.Entry {
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

func link1(t *testing.T, chain []access.Entry, e access.Event, chance byte) []access.Entry {
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
func recorded(t *testing.T) (access.Issue, access.IssueRecord, []access.Entry) {
	t.Helper()
	all := story(t, 5, plainly)
	is := access.Issue{ID: "10400", Key: "IT-7", URL: "https://jira/IT-7"}
	c := access.Case{Request: access.Request{ID: "AR-1", State: access.RequestPending, Allowed: time.Hour}}
	r, err := WriteIssue(is.ID, c, all, noon())
	if err != nil {
		t.Fatal(err)
	}
	return is, r, all
}

func TestIssueGivesTheCaseBack(t *testing.T) {
	is, record, all := recorded(t)
	c, err := ReadIssue(is, record)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(all, c.Entries); diff != "" {
		t.Errorf("the entries came back differently:\n%s", diff)
	}
	r, g, err := c.Replay()
	if err != nil || g != nil || r.Issue != is || r.Requester != "maya@acme.example" || r.Wanted != time.Hour {
		t.Errorf("it is told again as %+v, %+v, %v", r, g, err)
	}
}

// The pages may have been written before the state; what goes beyond it is left.
func TestPageNewerThanTheState(t *testing.T) {
	is, record, all := recorded(t)
	newer := link1(t, all, access.Event{At: noon(), Kind: access.EventNote, Request: "AR-1"}, 99)
	pages, _, err := writePages(newer)
	if err != nil {
		t.Fatal(err)
	}
	record.Pages = pages
	if c, err := ReadIssue(is, record); err != nil || len(c.Entries) != len(all) {
		t.Errorf("%d entries, %v", len(c.Entries), err)
	}
}

func TestIssuesThatAreRefused(t *testing.T) {
	is, record, all := recorded(t)
	older, err := os.ReadFile("testdata/state-before-v1.json")
	if err != nil {
		t.Fatal(err)
	}
	paged := func(entries ...access.Entry) []string {
		pages, _, err := writePages(entries)
		if err != nil {
			t.Fatal(err)
		}
		return pages
	}
	private := all[2]
	private.Private = []byte(`{"Reason":"another"}`)
	for name, c := range map[string]struct {
		is    access.Issue
		state string
		pages []string
		says  string
	}{
		"a copy":                {access.Issue{ID: "10401", Key: "IT-8"}, record.State, record.Pages, "the state in IT-8 was written for another issue"},
		"an early version":      {is, string(older), nil, "written by an early version of Latchkey"},
		"a newer document":      {is, strings.Replace(record.State, "v1", "v2", 1), record.Pages, "written by a newer version"},
		"another document":      {is, strings.Replace(record.State, "state", "heads", 1), record.Pages, "somebody has changed it"},
		"no document":           {is, "", record.Pages, "somebody has changed it"},
		"no request":            {is, "latchkey/state/v1\n{}\n", record.Pages, "somebody has changed it"},
		"something behind it":   {is, record.State + "x", record.Pages, "somebody has changed it"},
		"no page":               {is, record.State, nil, "IT-7 holds 0 of the 5 events"},
		"an event less":         {is, record.State, paged(all[:4]...), "IT-7 holds 4 of the 5 events"},
		"events exchanged":      {is, record.State, paged(all[0], all[2], all[1], all[3], all[4]), "don't lead to the one its state names"},
		"other private words":   {is, record.State, paged(all[0], all[1], private, all[3], all[4]), "don't lead to the one its state names"},
		"the page of another":   {is, strings.Replace(record.State, "AR-1", "AR-2", 1), record.Pages, "don't lead to the one its state names"},
		"a page that is broken": {is, record.State, []string{record.Pages[0][:400]}, "can't be read"},
	} {
		got, err := ReadIssue(c.is, access.IssueRecord{State: c.state, Pages: c.pages})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %+v, %v; want %q", name, got, err, c.says)
		}
	}
}

func TestReplayHasToEndWhereTheStateSays(t *testing.T) {
	is, record, _ := recorded(t)
	record.State = strings.Replace(record.State, `"Request":"pending"`, `"Request":"approved"`, 1)
	c, err := ReadIssue(is, record)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Replay(); err == nil {
		t.Error("a state that does not follow from its story was taken")
	}
}

// The state's text is one line of ASCII, whatever it is about.
func TestStateIsASCII(t *testing.T) {
	s := State{Request: "AR-ä🗝", Head: sha256.Sum256(nil)}
	text, err := s.String()
	if err != nil || strings.ContainsFunc(text, func(r rune) bool { return r > 126 }) || strings.Count(text, "\n") != 2 {
		t.Errorf("%q, %v", text, err)
	}
	if back, err := ParseState(text); err != nil || back.Request != s.Request || back.Head != s.Head {
		t.Errorf("came back as %+v, %v", back, err)
	}
}
