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

// TestTitlesOfWhatIsClosed: the newest first and no more than are asked for; what is open, or older, isn't among them.
func TestTitlesOfWhatIsClosed(t *testing.T) {
	d := jiratest.New(t)
	titles := func(within time.Duration, most int) []string {
		t.Helper()
		all, err := d.Client.Archive.ClosedTitles(context.Background(), "IT", within, most)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := titles(time.Hour, 10); len(all) != 0 {
		t.Errorf("before anything was closed: %v", all)
	}
	for i := range 130 {
		key := d.Raise(jiratest.Maya, map[string]any{"summary": fmt.Sprintf("Figma please %03d", i)})
		if i%13 == 12 {
			continue // stays open
		}
		if err := d.Site.Transition(d.Site.Bot().AccountID, key, "Decline (with reason)"); err != nil {
			t.Fatal(err)
		}
	}
	if all := titles(time.Hour, 500); len(all) != 120 || all[0] != "Figma please 128" {
		t.Errorf("%d titles, the first %q", len(all), all[0])
	}
	if all := titles(time.Hour, 7); len(all) != 7 {
		t.Errorf("%d titles", len(all))
	}
	d.Site.AddFault(sandbox.Fault{Path: "/rest/api/3/search/jql", Frozen: true, Times: -1})
	_, err := d.Client.Archive.ClosedTitles(context.Background(), "IT", time.Hour, 500)
	if f := jiratest.Failure(t, err, access.Transient); !strings.Contains(f.Sentence, "never end") {
		t.Errorf("a list without end: %s", f.Sentence)
	}
}
