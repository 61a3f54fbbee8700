package watch_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

func TestRecallGivesTheCaseBack(t *testing.T) {
	for _, lag := range []time.Duration{0, time.Hour} { // an hour: nothing is in the index
		s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) { c.SearchLag = lag })).Opened()
		s.GrantAccess()
		s.Same()
	}
}

// A story of many events lies on several pages, more than are read along with
// the issue; only the last one is written again.
func TestRecallOfALongStory(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.GrantAccess()
	for n := range 9 {
		for i := range 8 {
			s.RequestEvent(access.EventReplied, jiratest.Slack(jiratest.Maya), func(e *access.Event) { e.Reason = noise(8*n + i) })
		}
		s.Recorded(s.Story[len(s.Story)-1])
	}
	record, err := s.MakeRecord(s.Request.Issue)
	if err != nil || len(record.Pages) < 6 {
		t.Fatalf("%d pages, %v", len(record.Pages), err)
	}
	first := string(s.Issue(s.Request.Issue.Key).Properties["latchkey.1"])
	bot := s.Issue(s.Request.Issue.Key).Creator
	if err := s.Site.DeleteProperty(bot, s.Request.Issue.Key, "latchkey.1"); err != nil {
		t.Fatal(err)
	}
	s.Recorded(s.RequestEvent(access.EventReplied, jiratest.Slack(jiratest.Maya), func(e *access.Event) { e.Reason = "short" }))
	if _, again := s.Issue(s.Request.Issue.Key).Properties["latchkey.1"]; again {
		t.Error("a page that was full already was written again")
	}
	if err := s.Site.SetProperty(bot, s.Request.Issue.Key, "latchkey.1", first); err != nil {
		t.Fatal(err)
	}
	s.Same()
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

func TestRecallOfWhatCarriesNothing(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.Ask()
	bot := s.Issue(s.Request.Issue.Key).Creator
	stranger, err := s.Site.RaiseRequest(s.Site.Accounts()[1].AccountID, map[string]any{"summary": "Printer is on fire"})
	if err != nil {
		t.Fatal(err)
	}
	if found := s.Recall(); len(found) != 1 {
		t.Errorf("%s is not a request's, yet %d were found", stranger, len(found))
	}
	if err := s.Site.DeleteProperty(bot, s.Request.Issue.Key, "latchkey"); err != nil {
		t.Fatal(err)
	}
	if found := s.Recall(); len(found) != 1 || found[0].Record.State != "" || !strings.Contains(found[0].Summary, "[AR-7F3K9Q]") {
		t.Errorf("without its state it is %+v", found)
	}
}

// What is no text was written by another version; it is handed on as it stands.
func TestRecallOfAnEarlyVersion(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	if err := s.Site.SetProperty(s.Issue(s.Request.Issue.Key).Creator, s.Request.Issue.Key, "latchkey", `{"v":1,"request":"AR-7F3K9Q"}`); err != nil {
		t.Fatal(err)
	}
	found := s.Recall()
	if len(found) != 1 {
		t.Fatalf("found %d", len(found))
	}
	if _, err := (evidence.Reading{}).ReadIssue(found[0].Issue, found[0].Record); err == nil || !strings.Contains(err.Error(), "early version of Latchkey") {
		t.Errorf("got %v", err)
	}
}

// 31: what counts as a comment of Latchkey is only what its own accounts wrote,
// whatever others stamp on theirs.
func TestAttack31AStampOfSomebodyElse(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.Ask()
	s.Recorded(s.Agree())
	key := s.Request.Issue.Key
	before, err := s.Client.Archive.Marks(t.Context(), s.Request.Issue.ID)
	if err != nil || len(before) == 0 {
		t.Fatalf("%+v, %v", before, err)
	}
	for _, m := range before {
		if m.Edited || m.N == 0 || s.Entries[m.N-1].Leaf != m.Leaf || s.Entries[m.N-1].ID != m.Event {
			t.Errorf("read back %+v", m)
		}
	}
	agent := s.Site.Accounts()[1].AccountID
	if err := s.Site.Comment(agent, key, "Approved by Noor", true); err != nil {
		t.Fatal(err)
	}
	if after, err := s.Client.Archive.Marks(t.Context(), s.Request.Issue.ID); err != nil || len(after) != len(before) {
		t.Errorf("%+v, %v", after, err)
	}
}

// 28: an issue that was moved to another project is found there.
func TestAttack28AnIssueThatWasMoved(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.Ask()
	bot := s.Issue(s.Request.Issue.Key).Creator
	moved, err := s.Site.MoveIssue(bot, s.Request.Issue.Key, "OPS")
	if err != nil {
		t.Fatal(err)
	}
	if found := s.Recall(); len(found) != 1 || found[0].Issue.Key != moved || found[0].Issue.ID != s.Request.Issue.ID {
		t.Errorf("recalled %+v, want %s", found, moved)
	}
}
