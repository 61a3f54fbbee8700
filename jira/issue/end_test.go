package issue_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
	"latchkey/jira/site"
	sandbox "latchkey/sandbox/jira"
)

// ends are the issues about the end of access.
func ends(s *jiratest.Story) (all []sandbox.Issue) {
	for _, is := range s.Site.Issues() {
		if strings.HasPrefix(is.Summary, "End of access: ") {
			all = append(all, is)
		}
	}
	return all
}

// ending tells an issue of its own what happened at the end, also if it is told twice.
func ending(s *jiratest.Story, kind access.EventKind, change ...func(*access.Event)) {
	s.T.Helper()
	e := s.GrantEvent(kind, access.System(), change...)
	began, _ := s.Last(access.EventEnding)
	for range 2 {
		since := began.At
		if kind == access.EventEnding && len(ends(s)) == 0 {
			since = time.Time{} // nobody has tried it before
		}
		if err := s.Client.Issues.End(s.T.Context(), s.Case, e, since); err != nil {
			s.T.Fatalf("%s: %v", kind, err)
		}
	}
}

// The end of access whose issue is closed has an issue of its own, one, which is where IT looks
// for what is to be done, and is closed when the access is gone.
func TestTheEndOfWhatIsClosedHasAnIssue(t *testing.T) {
	d := closing(t, site.Granted)
	d.Site.AddAccount(sandbox.Account{Email: ines, DisplayName: "Ines Okafor", Active: true, Agent: true})
	d.Config.Site.Assignees = map[string][]string{site.Stuck: {ines}}
	d.Restart()
	s := jiratest.NewStory(d, forever).Opened()
	s.GrantAccess()
	ending(s, access.EventEnding, func(e *access.Event) { e.End = access.EndLeft })
	ending(s, access.EventStuck, func(e *access.Event) { e.Note = "Okta is down." })
	all := ends(s)
	if len(all) != 1 || all[0].Status != "Needs attention" || all[0].Assignee != d.Account(ines) || all[0].Reporter == d.Account(jiratest.Maya) {
		t.Fatalf("it is %+v", all)
	}
	if links := all[0].Links; len(links) != 1 {
		t.Errorf("it is tied to %v", links)
	}
	ending(s, access.EventRetried)
	s.Restart()
	ending(s, access.EventMemberRemoved)
	all = ends(s)
	if len(all) != 1 || all[0].Status != "Closed" || all[0].Resolution != "Revoked" {
		t.Fatalf("in the end it is %+v", all)
	}
	if said := jiratest.Comments(all[0], "Maya Lind has left. Maya Lind no longer has Figma · Editor."); len(said) != 1 || said[0].Public {
		t.Errorf("it reads %+v", all[0].Comments)
	}
	for _, one := range s.Recall() {
		if one.Issue.Key == all[0].Key {
			t.Error("it is taken for a request's")
		}
	}
}

// What is open needs no other issue.
func TestTheEndOfWhatIsOpenHasNoOtherIssue(t *testing.T) {
	for name, s := range map[string]*jiratest.Story{
		"with an end":      jiratest.NewStory(closing(t, site.Granted)).Opened(),
		"until it is over": jiratest.NewStory(closing(t, site.Ended), forever).Opened(),
	} {
		s.GrantAccess()
		ending(s, access.EventEnding, func(e *access.Event) { e.End = access.EndRevoked })
		if all := ends(s); len(all) > 0 {
			t.Errorf("%s: there is %s", name, all[0].Summary)
		}
	}
}

// That issues can't be linked keeps the end from nothing.
func TestTheEndWithoutALink(t *testing.T) {
	d := closing(t, site.Granted)
	s := jiratest.NewStory(d, forever).Opened()
	s.GrantAccess()
	d.Site.Permit("LINK_ISSUES", false)
	ending(s, access.EventEnding, func(e *access.Event) { e.End = access.EndRevoked })
	if all := ends(s); len(all) != 1 || all[0].Status != "In progress" || len(all[0].Links) != 0 {
		t.Errorf("it is %+v", all)
	}
}

// What is erased is erased there, too.
func TestNothingOfWhatWasErasedStaysOnTheIssueOfTheEnd(t *testing.T) {
	s := jiratest.NewStory(closing(t, site.Granted), forever).Opened()
	s.GrantAccess()
	ending(s, access.EventEnding, func(e *access.Event) { e.End, e.Reason = access.EndReturned, "The launch is over, said Maya" })
	ending(s, access.EventMemberRemoved)
	if was := says(ends(s)[0]); !strings.Contains(was, "Maya") || !strings.Contains(was, "The launch is over") {
		t.Fatalf("it doesn't name her to begin with: this tests nothing:\n%s", was)
	}
	s.Clock.Advance(time.Hour)
	forget(t, s)
	if err := erase(s); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Maya", "maya@", "The launch is over"} {
		if is := says(ends(s)[0]); strings.Contains(is, word) {
			t.Errorf("it still says %q:\n%s", word, is)
		}
	}
}
