package watch_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
	"latchkey/jira/stamp"
)

// TestAnchorsAreReadWhereTheyWerePut: the newest notes of the log that is meant, and of others the head alone.
func TestAnchorsAreReadWhereTheyWerePut(t *testing.T) {
	d := jiratest.New(t)
	ctx := context.Background()
	open := func(id string) access.Issue {
		t.Helper()
		is, err := d.Client.Issues.OpenReport(ctx, access.IssueReport{ID: id, At: d.Clock.Now(), Title: "Anchors"}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	ours, other := open(stamp.AnchorMark+"7F3K9Q2M-2026"), open(stamp.AnchorMark+"OTHER-2026")
	for i, at := range []access.Issue{ours, other} {
		note := access.AnchorNote{ID: "note-1", At: d.Clock.Now(), Title: "How the log stands", Lines: []string{"well"}, Post: json.RawMessage(`{"n":1}`)}
		if _, err := d.Client.Issues.PostAnchor(ctx, at, note, i > 0); err != nil {
			t.Fatal(err)
		}
		note.Post = json.RawMessage(`{"n":2}`)
		if err := d.Client.Issues.PinAnchor(ctx, at, note); err != nil {
			t.Fatal(err)
		}
	}
	for _, whole := range []bool{false, true} {
		found, doubts, err := d.Client.Snapshots.Anchors(ctx, "7F3K9Q2M", whole)
		if err != nil || len(doubts) != 0 || len(found) != 3 {
			t.Fatalf("whole %v: %+v, %v, %v", whole, found, doubts, err)
		}
		drafts := 0
		for _, f := range found {
			if f.Draft {
				drafts++
			} else if f.Where != "Jira, "+ours.Key || strings.ReplaceAll(string(f.Post), " ", "") != `{"n":1}` || f.At.IsZero() {
				t.Errorf("a note: %+v", f)
			}
		}
		if drafts != 2 {
			t.Errorf("%d heads", drafts)
		}
	}
	is, id, err := d.Client.Snapshots.AnchorIssue(ctx, stamp.AnchorMark+"7F3K9Q2M-")
	if err != nil || is.Key != ours.Key || id != stamp.AnchorMark+"7F3K9Q2M-2026" {
		t.Errorf("the issue: %+v, %q, %v", is, id, err)
	}
	if _, id, err := d.Client.Snapshots.AnchorIssue(ctx, stamp.AnchorMark+"NONE-"); err != nil || id != "" {
		t.Errorf("of a log that isn't there: %q, %v", id, err)
	}
}
