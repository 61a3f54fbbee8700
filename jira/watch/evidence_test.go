package watch_test

import (
	"fmt"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/jira/jiratest"
	"latchkey/jira/watch"
)

// ended opens an issue and brings it to its end.
func ended(d *jiratest.Desk, id string) *jiratest.Story {
	s := jiratest.NewStory(d, func(s *jiratest.Story) { s.Request.ID = id }).Opened()
	s.GrantAccess()
	s.Clock.Advance(6 * time.Hour)
	s.Recorded(s.GrantEvent(access.EventEnding, access.System(), func(e *access.Event) { e.End = access.EndExpired }))
	s.Recorded(s.GrantEvent(access.EventMemberRemoved, access.System()))
	return s
}

// What tickets say by themselves is picked at random, from those that are closed.
func TestASampleOfWhatTicketsSay(t *testing.T) {
	d := jiratest.New(t)
	stories := map[string]*jiratest.Story{}
	for i := range 4 {
		s := ended(d, fmt.Sprintf("AR-%d", i))
		stories[s.Request.Issue.Key] = s
	}
	jiratest.NewStory(d, func(s *jiratest.Story) { s.Request.ID = "AR-OPEN" }).Opened()
	if _, err := d.Client.Issues.OpenReport(t.Context(), access.IssueReport{ID: "r-1", At: d.Clock.Now(), Title: "Report", Lines: []string{"x"}}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	sample := func(n int, seed uint64) (keys []string) {
		tickets, of, err := d.Client.Archive.SampleCompleted(t.Context(), n, seed, watch.Picked{})
		if err != nil || of != 4 {
			t.Fatalf("of %d, %v", of, err)
		}
		for _, ticket := range tickets {
			keys = append(keys, ticket.Issue.Key)
			s := stories[ticket.Issue.Key]
			if ticket.Status != "Closed" || len(ticket.Statements) == 0 {
				t.Errorf("ticket %+v", ticket)
			}
			for i, said := range ticket.Statements {
				if j := eventOf(s, said.Event); j < 0 || s.Story[j].Leaf != said.Leaf || said.Text == "" || said.At.IsZero() {
					t.Errorf("statement %d: %+v", i, said)
				}
			}
			if m, err := (evidence.Reading{Trust: s.Keys.Trust}).ReadIssue(ticket.Issue, ticket.Record); err != nil || len(m.Story) != len(s.Story) {
				t.Errorf("the record of %s: %v", ticket.Issue.Key, err)
			}
		}
		return keys
	}
	if all := sample(10, 1); len(all) != 4 {
		t.Errorf("picked %q of 4", all)
	}
	if a, b := sample(2, 7), sample(2, 7); len(a) != 2 || a[0] != b[0] || a[1] != b[1] {
		t.Errorf("the same seed picked %q, then %q", a, b)
	}
}

func eventOf(s *jiratest.Story, id string) int {
	for i, e := range s.Story {
		if e.ID == id {
			return i
		}
	}
	return -1
}
