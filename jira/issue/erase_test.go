package issue_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

// forgotten is a story that is over and of which everything was erased that names or
// quotes its requester.
func forgotten(t *testing.T, change ...func(*sandbox.Config)) *jiratest.Story {
	t.Helper()
	s := jiratest.NewStory(jiratest.New(t, change...)).Opened()
	s.GrantAccess()
	if err := s.Client.Issues.Comment(context.Background(), s.Request.Issue, access.IssueComment{ID: "c1", At: s.Clock.Now(), Title: "Maya Lind, which app?", Public: true}, false); err != nil {
		t.Fatal(err)
	}
	s.Clock.Advance(6 * time.Hour)
	s.Recorded(s.GrantEvent(access.EventEnding, access.System(), func(e *access.Event) { e.End = access.EndExpired }))
	s.Recorded(s.GrantEvent(access.EventMemberRemoved, access.System()))
	s.Clock.Advance(time.Hour)
	forget(t, s)
	return s
}

// forget erases what names or quotes the requester, as the store does.
func forget(t *testing.T, s *jiratest.Story) {
	t.Helper()
	for i, e := range s.Story {
		if e.Concerns(jiratest.Maya) && len(s.Entries[i].Private) > 0 {
			s.Entries[i] = s.Entries[i].Erase()
			again, err := s.Entries[i].Event()
			if err != nil {
				t.Fatal(err)
			}
			s.Story[i] = again
		}
	}
	s.Request = s.Request.Erase(jiratest.Maya, s.Clock.Now())
	s.Requester.Erased = s.Clock.Now()
	s.Beneficiary = s.Requester
}

func erase(s *jiratest.Story) error {
	return s.Client.Issues.Erase(context.Background(), s.Case, s.MakeRecord)
}

// says is all that people can read on an issue.
func says(is sandbox.Issue) string {
	all := []string{is.Summary, is.Description}
	for _, c := range is.Comments {
		all = append(all, c.Text)
	}
	return strings.Join(all, "\n")
}

func TestNothingOfWhatWasErasedStaysOnTheIssue(t *testing.T) {
	s := forgotten(t)
	was := s.Issue(s.Request.Issue.Key)
	if !strings.Contains(says(was), "Maya") || !strings.Contains(says(was), "Launch assets") {
		t.Fatalf("it doesn't name her to begin with: this tests nothing:\n%s", says(was))
	}
	if err := erase(s); err != nil {
		t.Fatal(err)
	}
	is := s.Issue(s.Request.Issue.Key)
	for _, word := range []string{"Maya", "maya@", "Launch assets"} {
		if strings.Contains(says(is), word) {
			t.Errorf("it still says %q:\n%s", word, says(is))
		}
	}
	if !strings.Contains(says(is), "Noor Haddad") || !strings.Contains(says(is), access.ErasedName) || len(is.Comments) != len(was.Comments) {
		t.Errorf("it says:\n%s", says(is))
	}
	for i, c := range is.Comments {
		if c.Public != was.Comments[i].Public || c.ID != was.Comments[i].ID {
			t.Errorf("comment %d was %+v and is %+v", i, was.Comments[i], c)
		}
	}
	if is.Status != was.Status {
		t.Errorf("the issue moved from %s to %s", was.Status, is.Status)
	}
	calls := s.Calls(func() {
		if err := erase(s); err != nil {
			t.Error(err)
		}
	})
	for call := range calls {
		if strings.HasPrefix(call, "PUT ") && strings.Contains(call, "/comment/") {
			t.Errorf("what stands there is written once more: %v", calls)
		}
	}
}

// Pages that are not needed any more go: they are full of what was erased.
func TestPagesBeyondTheLastAreTakenOff(t *testing.T) {
	s := forgotten(t)
	for _, key := range []string{"latchkey.2", "latchkey.3"} {
		if err := s.Site.SetProperty(s.Issue(s.Request.Issue.Key).Creator, s.Request.Issue.Key, key, `"of a time when there was more"`); err != nil {
			t.Fatal(err)
		}
	}
	if err := erase(s); err != nil {
		t.Fatal(err)
	}
	is := s.Issue(s.Request.Issue.Key)
	for key := range is.Properties {
		if key == "latchkey.2" || key == "latchkey.3" {
			t.Errorf("%s is still there", key)
		}
	}
	if is.Properties["latchkey.1"] == nil || is.Properties["latchkey"] == nil {
		t.Errorf("what the issue carries is gone: %v", is.Properties)
	}
}

// What breaks it off, or forbids it, is told, and the next attempt goes on.
func TestErasingGoesOnWhereItBrokeOff(t *testing.T) {
	s := forgotten(t)
	s.Site.AddFault(sandbox.Fault{Method: http.MethodPut, Path: comments + "/{id}", Status: http.StatusServiceUnavailable})
	if err := erase(s); err == nil {
		t.Error("a comment that could not be written is taken for done")
	}
	s.Site.ClearFaults()
	s.Site.Permit("EDIT_OWN_COMMENTS", false)
	jiratest.Failure(t, erase(s), access.Rejected)
	s.Site.Permit("EDIT_OWN_COMMENTS", true)
	if err := erase(s); err != nil {
		t.Fatal(err)
	}
	if is := s.Issue(s.Request.Issue.Key); strings.Contains(says(is), "Maya") {
		t.Errorf("it says:\n%s", says(is))
	}
}

// What others wrote, also in the name of one of our comments, is theirs.
func TestCommentsOfOthersStay(t *testing.T) {
	s := forgotten(t)
	if err := s.Site.Comment(s.Account(jiratest.Noor), s.Request.Issue.Key, "Maya Lind asked me about this", true); err != nil {
		t.Fatal(err)
	}
	if err := erase(s); err != nil {
		t.Fatal(err)
	}
	if found := jiratest.Comments(s.Issue(s.Request.Issue.Key), "Maya Lind asked me"); len(found) != 1 {
		t.Error("somebody else's comment was changed")
	}
}
