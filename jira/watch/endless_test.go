package watch_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

// TestAListWithoutEndIsNoList: a gateway drops the cursor, so that every page is the first. What was read is not
// taken for everything, or what comes behind it would never be dealt with.
func TestAListWithoutEndIsNoList(t *testing.T) {
	d := jiratest.New(t)
	for range 150 {
		d.Raise(jiratest.Maya, map[string]any{"summary": "Access", "description": "App: Figma"})
	}
	changes := func() error {
		_, err := d.Client.Snapshots.Changes(context.Background(), d.Clock.Now().Add(-time.Hour), func(string, time.Time) bool { return false })
		return err
	}
	if err := changes(); err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{"/rest/api/3/search/jql", "/rest/api/3/changelog/bulkfetch"} {
		d.Site.AddFault(sandbox.Fault{Path: list, Frozen: true, Times: -1})
		err := changes()
		if list == "/rest/api/3/changelog/bulkfetch" && err == nil {
			continue // all of it is on one page here
		}
		if f := jiratest.Failure(t, err, access.Transient); !strings.Contains(f.Sentence, "never end") {
			t.Errorf("%s: %s", list, f.Sentence)
		}
		d.Site.ClearFaults()
	}
}

// TestCommentsBehindTheThousandthAreRead: an issue that was talked about a lot is read to its end, although it comes
// with a few comments only.
func TestCommentsBehindTheThousandthAreRead(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) { c.IssueComments = 20 })).Opened()
	s.Ask()
	key := s.Request.Issue.Key
	for i := range 1_050 {
		if err := s.Site.Comment(s.Account(jiratest.Noor), key, fmt.Sprint("word ", i), true); err != nil {
			t.Fatal(err)
		}
	}
	seen := s.Changes(s.Clock.Now())
	if n := len(seen.Comments); n != 1_050 || seen.Comments[n-1].Text != "word 1049" {
		t.Errorf("%d comments, the last %q", n, seen.Comments[max(0, n-1)].Text)
	}
}

// TestAnIssueThatCantBeReadHoldsUpNoOther: the comments of one issue can't be read, again and again. What happened on
// the others is seen all the same, and so is that the reading is not complete.
func TestAnIssueThatCantBeReadHoldsUpNoOther(t *testing.T) {
	d := jiratest.New(t, func(c *sandbox.Config) { c.IssueComments = 1 })
	sick, well := d.Raise(jiratest.Maya, map[string]any{"summary": "Access"}), d.Raise(jiratest.Noor, map[string]any{"summary": "Access"})
	for range 3 {
		if err := d.Site.Comment(d.Account(jiratest.Maya), sick, "Anybody?", true); err != nil {
			t.Fatal(err)
		}
	}
	is, _ := d.Site.Issue(sick)
	d.Site.AddFault(sandbox.Fault{Path: "/rest/api/3/issue/" + is.ID + "/comment", Status: 500, Times: -1})
	seen, err := d.Client.Snapshots.Changes(context.Background(), d.Clock.Now().Add(-time.Hour), jiratest.NobodyKnows)
	if len(seen) != 1 || seen[0].Issue.Key != well {
		t.Errorf("seen: %+v, %v", seen, err)
	}
	jiratest.Failure(t, err, access.Transient)
	other, _ := d.Site.Issue(well)
	seen, err = d.Client.Snapshots.Look(context.Background(), []access.Issue{{ID: is.ID, Key: sick}, {ID: other.ID, Key: well}, {ID: "404", Key: "IT-404"}})
	if len(seen) != 2 || seen[0].Issue.Key != well || !seen[1].Gone {
		t.Errorf("looked at: %+v", seen)
	}
	jiratest.Failure(t, err, access.Transient)
}
