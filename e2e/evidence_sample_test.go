package e2e

import (
	"context"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"

	"latchkey/app"
	"latchkey/config"
	"latchkey/evidence"
	"latchkey/sandbox/harness"
	"latchkey/store/bolt"
)

// do plays a line of a story and fails the test if it does not work.
func (c *company) do(t *testing.T, line string, args ...any) {
	t.Helper()
	words, err := harness.Line(fmt.Sprintf(line, args...))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.tell.Do(context.Background(), words...); err != nil {
		t.Fatal(err)
	}
}

// live makes n requests for a few hours each, which are approved, and lets them end. An issue may be closed by what is
// told of it before the last comment is, so that comment is waited for.
func (c *company) live(t *testing.T, n int) {
	pairs := [][2]string{{"maya", "noor"}, {"sam", "lena"}, {"tom", "priya"}, {"noor", "grace"}, {"lena", "grace"}, {"omar", "grace"}}
	for made := 0; made < n; {
		first := made
		for _, p := range pairs[:min(len(pairs), n-made)] {
			made++
			c.do(t, "slack %s '/access'", p[0])
			c.do(t, "slack %s submit app=figma role=editor for=6h reason='Work item %d.'", p[0], made)
			c.do(t, "dm %s 'Work item %d.'", p[1], made)
			c.do(t, "slack %s click Approve", p[1])
			c.do(t, "jira IT-%d status Granted", made)
		}
		c.do(t, "clock +6h")
		for i := first; i < made; i++ {
			c.do(t, "jira IT-%d internal 'Read back: is not a member'", i+1)
			c.do(t, "jira IT-%d status Closed", i+1)
			c.do(t, "jira IT-%d internal 'Read back: is not a member'", i+1)
		}
	}
}

// Of 20 completed tickets picked at random, each by itself shows who approved,
// what changed in the directory, and whether access was removed.
func TestTwentyTicketsSpeakForThemselves(t *testing.T) {
	c, err := found(t.TempDir(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	c.live(t, 24)
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	c.stop = func() error { return nil }
	defer func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
	}()

	jiraOnly := *c.config
	jiraOnly.Store.Settings, jiraOnly.Slack.APIURL = bolt.Settings{Path: "/nowhere/latchkey.db"}, "http://127.0.0.1:1/"
	jiraOnly.IDP = nil
	got := sample(t, &jiraOnly)
	if got.Of != 24 || len(got.Tickets) != 20 || got.Complete != 20 {
		t.Errorf("%d of %d tickets are complete, picked from %d; want 20 of 20 from 24: %+v", got.Complete, len(got.Tickets), got.Of, got.Tickets)
	}
	for _, f := range got.Tickets {
		if len(f.Approved) != 1 || len(f.Changed) != 1 || len(f.Removed) != 1 ||
			!strings.Contains(f.Approved[0], "@acme.example via slack") || !strings.Contains(f.Changed[0], "okta:figma-editors") || !strings.Contains(f.Removed[0], "okta:figma-editors") {
			t.Errorf("%s says %+v", f.Issue, f)
		}
	}
	again := sample(t, &jiraOnly)
	if again.Tickets[0].Issue != got.Tickets[0].Issue {
		t.Errorf("the same seed picked %s, then %s", got.Tickets[0].Issue, again.Tickets[0].Issue)
	}
	c.silence(t, got.Tickets[7].Issue, "Read back: is not a member")
	silenced := sample(t, &jiraOnly)
	if f := silenced.Tickets[7]; silenced.Complete != 19 || strings.Join(f.Missing, "; ") != "whether access was removed" {
		t.Errorf("a ticket without the removal lacks %q", f.Missing)
	}
}

func sample(t *testing.T, c *config.Config) app.TicketSample {
	t.Helper()
	got, err := app.SampleTickets(t.Context(), c, 20, 7, app.SampleOf{})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// silence deletes the comments of an issue that contain a text.
func (c *company) silence(t *testing.T, key, text string) {
	t.Helper()
	is, _ := c.world.Jira.Issue(key)
	for _, m := range is.Comments {
		if !strings.Contains(m.Text, text) {
			continue
		}
		if err := c.world.Jira.DeleteComment(m.Author, key, m.ID); err != nil {
			t.Fatal(err)
		}
	}
}

// TestASampleOfWhatLivesAndWasDeclined counts each ticket as what it is, and a rule's yes as no person's, by the month. Access
// without an end lives, although its issue is closed.
func TestASampleOfWhatLivesAndWasDeclined(t *testing.T) {
	a := newOld(t)
	play(t, a.company, "slack maya '/access'", "slack maya submit app=figma role=editor for=6h reason=Slides", "slack noor click Approve", "jira IT-1 status Granted",
		"slack sam '/access'", "slack sam submit app=netsuite role=viewer reason='Quarter-end close'", "slack lena click Deny", "slack lena submit reason='Use the report'", "jira IT-2 status Declined",
		"slack tom '/access'", "slack tom submit app=figma role=viewer for=6h reason=Look", "jira IT-3 status Granted", "jira IT-3 internal 'Read back'", "jira IT-1 internal 'Read back'", "jira IT-2 internal lena@acme.example",
		"slack maya '/access'", "slack maya submit app=datadog role=viewer reason=Look", "jira IT-4 status Closed", "jira IT-4 internal 'Read back'")
	month := a.world.Clock.Now().UTC()
	from := month.AddDate(0, 0, 1-month.Day())
	both := []string{evidence.OutcomeLive, evidence.OutcomeDeclined}
	got, err := app.SampleTickets(t.Context(), a.config, 20, 7, app.SampleOf{Outcomes: both, From: from, To: from.AddDate(0, 1, 0)})
	if err != nil {
		t.Fatal(err)
	}
	is := map[string]string{}
	for _, f := range got.Tickets {
		is[f.Issue] = f.Outcome + " " + f.Decided + strings.Join(f.Missing, ";")
	}
	want := map[string]string{"IT-1": "live by people", "IT-2": "declined by people", "IT-3": "live by a rule", "IT-4": "live by a rule"}
	if !maps.Equal(is, want) || got.Complete != 4 || got.Of != 4 {
		t.Errorf("%v, want %v", is, want)
	}
	months, by := got.Counts()
	if len(months) != 1 || months[0] != month.Format("2006-01") || by[months[0]][evidence.OutcomeLive] != 3 || by[months[0]][evidence.DecidedByRule] != 2 {
		t.Errorf("%v %v", months, by)
	}
	if over := sample(t, a.config); len(over.Tickets) != 0 || over.Of != 1 {
		t.Errorf("access that goes on is picked as what has ended: %+v", over.Tickets)
	}
	if earlier, err := app.SampleTickets(t.Context(), a.config, 20, 7, app.SampleOf{Outcomes: both, From: from.AddDate(0, -2, 0), To: from.AddDate(0, -1, 0)}); err != nil || earlier.Of != 0 {
		t.Errorf("two months ago there were %d, %v", earlier.Of, err)
	}
}
