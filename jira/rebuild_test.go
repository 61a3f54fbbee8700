package jira_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"latchkey/access"
	"latchkey/evidence"
	sandbox "latchkey/sandbox/jira"
)

// recall reads everything back with a client that remembers nothing.
func (d *desk) recall() ([]access.RecordedIssue, []string) {
	d.t.Helper()
	d.restart()
	found, doubts, err := d.c.Recall(context.Background())
	if err != nil {
		d.t.Fatalf("Recall: %v", err)
	}
	return found, doubts
}

// same fails the test unless this is the only story, and comes back as it is now.
func (s *story) same() {
	s.t.Helper()
	found, doubts := s.recall()
	if len(found) != 1 || len(doubts) > 0 {
		s.t.Fatalf("recalled %d requests with the doubts %q, want one without", len(found), doubts)
	}
	s.matches(found[0])
}

// matches fails the test unless an issue that is read back tells the story as it
// is now.
func (s *story) matches(is access.RecordedIssue) {
	s.t.Helper()
	m, err := evidence.ReadIssue(is.Issue, is.Record)
	if err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(s.entries, m.Entries); diff != "" {
		s.t.Errorf("the entries came back differently (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(s.Story, m.Story); diff != "" {
		s.t.Errorf("the story came back differently (-want +got):\n%s", diff)
	}
	r, g, err := m.Replay()
	if err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(s.Request, r, cmpopts.IgnoreFields(access.Request{}, "Version"), cmpopts.EquateEmpty()); diff != "" {
		s.t.Errorf("the request came back differently (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(s.Grant, g, cmpopts.EquateEmpty()); diff != "" {
		s.t.Errorf("the grant came back differently (-want +got):\n%s", diff)
	}
}

func TestRecallGivesTheCaseBack(t *testing.T) {
	for _, lag := range []time.Duration{0, time.Hour} { // an hour: nothing is in the index
		s := newStory(newDesk(t, func(c *sandbox.Config) { c.SearchLag = lag })).opened()
		s.granted()
		s.same()
	}
}

// A story of many events lies on several pages, more than are read along with
// the issue; only the last one is written again.
func TestRecallOfALongStory(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	s.granted()
	for n := range 9 {
		for i := range 8 {
			s.request(access.EventReplied, slack(maya), func(e *access.Event) { e.Reason = noise(8*n + i) })
		}
		s.recorded(s.Story[len(s.Story)-1])
	}
	record, err := s.carry(s.Request.Issue.ID)
	if err != nil || len(record.Pages) < 6 {
		t.Fatalf("%d pages, %v", len(record.Pages), err)
	}
	first := string(s.issue(s.Request.Issue.Key).Properties["latchkey.1"])
	bot := s.issue(s.Request.Issue.Key).Creator
	if err := s.site.DeleteProperty(bot, s.Request.Issue.Key, "latchkey.1"); err != nil {
		t.Fatal(err)
	}
	s.recorded(s.request(access.EventReplied, slack(maya), func(e *access.Event) { e.Reason = "short" }))
	if _, again := s.issue(s.Request.Issue.Key).Properties["latchkey.1"]; again {
		t.Error("a page that was full already was written again")
	}
	if err := s.site.SetProperty(bot, s.Request.Issue.Key, "latchkey.1", first); err != nil {
		t.Fatal(err)
	}
	s.same()
}

// noise are words that don't deflate.
func noise(n int) string {
	random := rand.New(rand.NewPCG(uint64(n), 1))
	var b strings.Builder
	for range 900 {
		b.WriteRune(rune(0x4e00 + random.IntN(20000)))
	}
	return fmt.Sprint(n, b.String())
}

func TestRecallDoubts(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	bot := s.issue(s.Request.Issue.Key).Creator
	stranger, err := s.site.RaiseRequest(s.site.Accounts()[1].AccountID, map[string]any{"summary": "Printer is on fire"})
	if err != nil {
		t.Fatal(err)
	}
	found, doubts := s.recall()
	if len(found) != 1 || len(doubts) > 0 {
		t.Errorf("%s is not a request's, yet: %d found, %q", stranger, len(found), doubts)
	}
	if err := s.site.DeleteProperty(bot, s.Request.Issue.Key, "latchkey"); err != nil {
		t.Fatal(err)
	}
	found, doubts = s.recall()
	if len(found) != 0 || len(doubts) != 1 || !strings.Contains(doubts[0], s.Request.Issue.Key+" was made by Latchkey but carries no state") {
		t.Errorf("without its state: %d found, %q", len(found), doubts)
	}
}

// What is no text was written by another version; it is handed on as it stands.
func TestRecallOfAnEarlyVersion(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	if err := s.site.SetProperty(s.issue(s.Request.Issue.Key).Creator, s.Request.Issue.Key, "latchkey", `{"v":1,"request":"AR-7F3K9Q"}`); err != nil {
		t.Fatal(err)
	}
	found, _ := s.recall()
	if len(found) != 1 {
		t.Fatalf("found %d", len(found))
	}
	if _, err := evidence.ReadIssue(found[0].Issue, found[0].Record); err == nil || !strings.Contains(err.Error(), "early version of Latchkey") {
		t.Errorf("got %v", err)
	}
}
