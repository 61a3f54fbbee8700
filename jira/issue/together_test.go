package issue_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

// both is a request whose yes and access are told together.
func both(t *testing.T, change ...func(*sandbox.Config)) (s *jiratest.Story, yes, there access.Event) {
	t.Helper()
	s = jiratest.NewStory(jiratest.New(t, change...)).Opened()
	s.Ask()
	yes = s.Agree()
	s.GrantEvent(access.EventRecorded, access.System())
	there = s.GrantEvent(access.EventMemberAdded, access.System())
	return s, yes, there
}

func (b bothTold) tell(again bool) error {
	return b.s.Client.Issues.Record(b.s.T.Context(), b.s.Case, b.there, b.s.MakeRecord, again, b.yes)
}

type bothTold struct {
	s          *jiratest.Story
	yes, there access.Event
}

// internals are the comments for agents.
func internals(is sandbox.Issue) (all []sandbox.Comment) {
	for _, c := range is.Comments {
		if !c.Public {
			all = append(all, c)
		}
	}
	return all
}

// A yes and its access are one comment for customers, one for agents, and one step; each of them
// is found there, also by whoever looks before writing again.
func TestAYesAndItsAccessAreOneComment(t *testing.T) {
	s, yes, there := both(t)
	if err := (bothTold{s, yes, there}).tell(false); err != nil {
		t.Fatal(err)
	}
	is := s.Status("Granted")
	if got := statuses(is); len(got) != 1 {
		t.Errorf("it went by %q", got)
	}
	said := internals(is)
	if len(said) != 1 || !strings.Contains(said[0].Text, "Approved in Slack by") || !strings.Contains(said[0].Text, "There: ") || len(is.Comments) != 2 {
		t.Fatalf("agents read %+v", is.Comments)
	}
	marks, err := s.Client.Archive.Marks(t.Context(), s.Request.Issue.ID)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, m := range marks {
		if m.Edited {
			t.Error("a comment as it was written is taken for an edited one")
		}
		found[m.Event]++
	}
	if found[yes.ID] != 1 || found[there.ID] != 2 {
		t.Errorf("the yes is found %d times, and the access %d times", found[yes.ID], found[there.ID])
	}
	before := len(is.Comments)
	for _, again := range []func() error{func() error { return (bothTold{s, yes, there}).tell(true) }, func() error { return s.Record(yes, true) }} {
		if err := again(); err != nil {
			t.Fatal(err)
		}
	}
	if is = s.Issue(s.Request.Issue.Key); len(is.Comments) != before {
		t.Errorf("something is said once more: %+v", is.Comments[before:])
	}
}

// A yes that was told by itself, before the attempt broke off, isn't told again with the access.
func TestAYesThatWasToldIsNotToldAgain(t *testing.T) {
	s, yes, there := both(t)
	s.Recorded(yes)
	if err := (bothTold{s, yes, there}).tell(true); err != nil {
		t.Fatal(err)
	}
	all := internals(s.Status("Granted"))
	if len(all) != 2 || strings.Contains(all[1].Text, "Approved in Slack by") {
		t.Errorf("agents read %+v", all)
	}
}

// Where the workflow has no way past the status of what is approved, it is passed.
func TestAYesAndItsAccessByTwoSteps(t *testing.T) {
	s, yes, there := both(t, func(c *sandbox.Config) {
		c.Workflow = sandbox.DefaultWorkflow()
		c.Workflow.Transitions = c.Workflow.Transitions[:len(c.Workflow.Transitions)-1] // without “Approve and provision”
	})
	if err := (bothTold{s, yes, there}).tell(false); err != nil {
		t.Fatal(err)
	}
	if got := statuses(s.Status("Granted")); strings.Join(got, ", ") != "In progress, Granted" {
		t.Errorf("it went by %q", got)
	}
}

// What is erased is erased of both.
func TestNothingOfAYesAndItsAccessStays(t *testing.T) {
	s, yes, there := both(t)
	if err := (bothTold{s, yes, there}).tell(false); err != nil {
		t.Fatal(err)
	}
	s.Clock.Advance(6 * time.Hour)
	s.Recorded(s.GrantEvent(access.EventEnding, access.System(), func(e *access.Event) { e.End = access.EndExpired }))
	s.Recorded(s.GrantEvent(access.EventMemberRemoved, access.System()))
	s.Clock.Advance(time.Hour)
	forget(t, s)
	if err := erase(s); err != nil {
		t.Fatal(err)
	}
	is := s.Issue(s.Request.Issue.Key)
	if text := says(is); strings.Contains(text, "Maya") || strings.Contains(text, "Launch assets") || !strings.Contains(text, "Noor Haddad") {
		t.Errorf("it says:\n%s", text)
	}
}
