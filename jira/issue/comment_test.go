package issue_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/jira/jiratest"
)

func TestACommentIsWrittenOnce(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	m := access.IssueComment{ID: "portal-1", At: s.Clock.Now(), Title: "There is no app called “Figmaa”.", Quote: "{code}",
		Lines: []string{"Figma"}, Link: "https://slack.com/app_redirect?app=A1", Public: true}
	for _, again := range []bool{false, true, true} {
		if err := s.Client.Issues.Comment(context.Background(), s.Request.Issue, m, again); err != nil {
			t.Fatal(err)
		}
	}
	found := jiratest.Comments(s.Issue(s.Request.Issue.Key), "There is no app called “Figmaa”.")
	if len(found) != 1 || !found[0].Public {
		t.Errorf("said %+v", found)
	}
	m.ID, m.Public = "note-1", false
	if err := s.Client.Issues.Comment(context.Background(), s.Request.Issue, m, false); err != nil {
		t.Fatal(err)
	}
	if found := jiratest.Comments(s.Issue(s.Request.Issue.Key), "Figmaa"); len(found) != 2 || found[1].Public {
		t.Errorf("said %+v", found)
	}
}

func TestLinksAndLabels(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	other := s.Raise(jiratest.Noor, map[string]any{"summary": "Printer on fire"})
	for range 2 {
		if err := s.Client.Issues.LinkIncident(context.Background(), s.Request.Issue, other); err != nil {
			t.Fatal(err)
		}
		if err := s.Client.Issues.Label(context.Background(), s.Request.Issue, "break glass", ""); err != nil {
			t.Fatal(err)
		}
	}
	is := s.Issue(s.Request.Issue.Key)
	if len(is.Links) != 1 || is.Links[0].Key != other || !cmp.Equal(is.Labels, []string{"break-glass", "latchkey"}) {
		t.Errorf("links %+v, labels %q", is.Links, is.Labels)
	}
	jiratest.Failure(t, s.Client.Issues.LinkIncident(context.Background(), s.Request.Issue, "IT-404"), access.Rejected)
	jiratest.Failure(t, s.Client.Issues.Link(context.Background(), access.Issue{}, s.Request.Issue), access.Rejected)
}
