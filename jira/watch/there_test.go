package watch_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

// Whether an issue is there is said only when Jira says it: what can't be seen for
// another reason is a failure, and no deletion.
func TestWhetherAnIssueIsThere(t *testing.T) {
	for name, c := range map[string]struct {
		do    func(s *jiratest.Story) error
		there bool
		fails string // in the failure's sentence
	}{
		"there": {do: func(*jiratest.Story) error { return nil }, there: true},
		"moved": {do: func(s *jiratest.Story) error {
			_, err := s.Site.MoveIssue(s.Site.Bot().AccountID, "IT-1", "OPS")
			return err
		}, there: true},
		"archived": {do: func(s *jiratest.Story) error { return s.Site.ArchiveIssue(s.Site.Bot().AccountID, "IT-1", true) }, there: true},
		"deleted":  {do: func(s *jiratest.Story) error { return s.Site.DeleteIssue(s.Site.Bot().AccountID, "IT-1") }},
		"a permission was lost": {
			do:    func(s *jiratest.Story) error { s.Site.Permit("BROWSE_PROJECTS", false); return nil },
			fails: "lacks permissions in project IT",
		},
		"the token is dead": {do: func(s *jiratest.Story) error { s.Site.RotateToken("another"); return nil }, fails: "create a new API token"},
		"a web page": {do: func(s *jiratest.Story) error {
			s.Site.AddFault(sandbox.Fault{Status: http.StatusNotFound, Page: "Not found", Times: -1})
			return nil
		}, fails: "A web page (404, “Not found”) answered"},
		"Jira is down": {do: func(s *jiratest.Story) error { s.Site.AddFault(sandbox.Fault{Status: 503, Times: -1}); return nil }, fails: "trouble of its own"},
	} {
		t.Run(name, func(t *testing.T) {
			s := jiratest.NewStory(jiratest.New(t)).Opened()
			if err := c.do(s); err != nil {
				t.Fatal(err)
			}
			there, err := s.Client.Snapshots.There(context.Background(), s.Request.Issue)
			if there != c.there || (err == nil) != (c.fails == "") || err != nil && !strings.Contains(access.Classify(err).Sentence, c.fails) {
				t.Errorf("there: %v, %v", there, err)
			}
			seen, err := s.Client.Snapshots.Look(context.Background(), []access.Issue{s.Request.Issue})
			if (err == nil) != (c.fails == "") || err == nil && (len(seen) != 1 || seen[0].Gone == c.there) {
				t.Errorf("looked at: %+v, %v", seen, err)
			}
		})
	}
}
