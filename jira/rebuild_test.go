package jira_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"latchkey/access"
	"latchkey/catalog"
	sandbox "latchkey/sandbox/jira"
)

// recall reads everything back with a client that remembers nothing.
func (d *desk) recall() ([]access.RecoveredCase, []string) {
	d.t.Helper()
	d.restart()
	found, doubts, err := d.c.Recall(context.Background())
	if err != nil {
		d.t.Fatalf("Recall: %v", err)
	}
	return found, doubts
}

// one is the only request there is to recall.
func (d *desk) one() access.RecoveredCase {
	d.t.Helper()
	found, doubts := d.recall()
	if len(found) != 1 || len(doubts) > 0 {
		d.t.Fatalf("recalled %d requests with the doubts %q, want one without", len(found), doubts)
	}
	return found[0]
}

func TestRecallGivesTheCaseBack(t *testing.T) {
	for _, lag := range []time.Duration{0, time.Hour} { // an hour: nothing is in the index
		s := newStory(newDesk(t, func(c *sandbox.Config) { c.SearchLag = lag })).opened()
		s.granted()
		m := s.one()
		same := cmpopts.IgnoreFields(access.Request{}, "Version")
		if diff := cmp.Diff(s.Request, m.Request, same); diff != "" {
			t.Errorf("the request came back differently (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(s.Grant, m.Grant); diff != "" {
			t.Errorf("the grant came back differently (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(s.Story, m.Story); diff != "" {
			t.Errorf("the story came back differently (-want +got):\n%s", diff)
		}
		if c := access.Assemble(m.Story); len(c.Gaps)+len(c.Breaks) > 0 {
			t.Errorf("the story has gaps %v and breaks %v", c.Gaps, c.Breaks)
		}
	}
}

// A state that is too long for a property is told again from the comments.
func TestRecallOfALongStory(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	crowd := []access.PersonID{noor}
	for i := range 2400 {
		crowd = append(crowd, access.PersonID(fmt.Sprintf("a%04d@x.io", i)))
	}
	s.recorded(s.request(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = crowd }))
	s.provisioned()
	m := s.one()
	if m.Whole || len(m.Story) == 0 || m.Phase != access.PhaseGranted {
		t.Fatalf("recalled whole=%v, %d events, %s", m.Whole, len(m.Story), m.Phase)
	}
	c := catalog.New([]catalog.App{{ID: "figma", Name: "Figma", Roles: []catalog.Role{{ID: "editor", Name: "Editor", Route: "manager", Groups: s.Role.Groups}}}},
		[]catalog.Route{{Name: "manager", Stages: []catalog.Stage{{}}}})
	r, g, err := m.Replay(c)
	if err != nil {
		t.Fatal(err)
	}
	if got := (access.Case{Request: r, Grant: g}).Phase(); got != access.PhaseGranted || !g.Ends.Equal(s.Grant.Ends) || r.Issue.Key != s.Request.Issue.Key {
		t.Errorf("told again it is %s until %s on %s, want granted until %s", got, g.Ends, r.Issue.Key, s.Grant.Ends)
	}
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

// Somebody who changes an event in Jira can make its hash fit again, but not the
// next event.
func TestAssembleSeesWhatWasChanged(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	s.granted()
	forged := append([]access.Event{}, s.Story...)
	e := forged[2]
	e.Note = "forged"
	var err error
	if forged[2], err = e.Seal(e.Seq, e.Prev); err != nil {
		t.Fatal(err)
	}
	if c := access.Assemble(forged); len(c.Breaks) != 1 || c.Breaks[0].Seq != forged[3].Seq {
		t.Errorf("breaks %v, want the event after the forged one", c.Breaks)
	}
	forged[2].Note = "forged again"
	if c := access.Assemble(forged); len(c.Breaks) != 2 {
		t.Errorf("%d breaks, want the altered event too", len(c.Breaks))
	}
	if c := access.Assemble(append(s.Story[:1:1], s.Story[3:]...)); c.Missing() != 2 || len(c.Breaks) > 0 {
		t.Errorf("gaps %v and breaks %v, want a gap of two events", c.Gaps, c.Breaks)
	}
}
