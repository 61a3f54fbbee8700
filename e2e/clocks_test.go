package e2e

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"latchkey/sandbox/jira"
)

// serviceClock is an SLA of the desk, as docs/jira-desk.md describes it.
type serviceClock struct{ starts, stops []string }

// clocksOfTheDesk reads them from the table.
func clocksOfTheDesk(t *testing.T) map[string]serviceClock {
	t.Helper()
	raw, err := os.ReadFile("../docs/jira-desk.md")
	if err != nil {
		t.Fatal(err)
	}
	names := func(cell string) []string {
		cell = strings.NewReplacer("entered ", "", " or ", ", ").Replace(strings.TrimSpace(cell))
		return strings.Split(cell, ", ")
	}
	out := map[string]serviceClock{}
	for _, row := range regexp.MustCompile(`(?m)^\| (Time to \w+) \| (.*) \| – \| (.*) \|$`).FindAllStringSubmatch(string(raw), -1) {
		out[row[1]] = serviceClock{names(row[2]), names(row[3])}
	}
	return out
}

// ran is for how long a clock ran for an issue until a moment.
func (c serviceClock) ran(is jira.Issue, now time.Time) time.Duration {
	var began time.Time
	enters := func(status string, at time.Time) time.Duration {
		for _, s := range c.stops {
			if s == status && !began.IsZero() {
				return at.Sub(began)
			}
		}
		for _, s := range c.starts {
			if s == status && began.IsZero() {
				began = at
			}
		}
		return -1
	}
	if d := enters("issue created", is.Created); d >= 0 {
		return d
	}
	for _, h := range is.History {
		if h.Field == "status" {
			if d := enters(h.To, h.At); d >= 0 {
				return d
			}
		}
	}
	if began.IsZero() {
		return 0
	}
	return now.Sub(began)
}

// Access for thirty days breaches no clock of the desk, as one that stops with the resolution
// would; a request that nobody answers does.
func TestAccessForThirtyDaysBreachesNoClock(t *testing.T) {
	clocks := clocksOfTheDesk(t)
	if len(clocks) != 2 {
		t.Fatalf("the desk has %v", clocks)
	}
	q := newQuiet(t)
	q.play("clock Monday", "slack maya /access", "slack maya submit app=figma role=editor for=30d reason='Launch assets'", "slack noor click Approve", "jira IT-1 status Granted",
		"slack sam /access", "slack sam submit app=figma role=editor for=6h reason='Slides'", "jira IT-2 waits Lena", "clock +15d", "clock +15d", "clock +2h", "jira IT-1 status Closed")
	now := q.c.world.Clock.Now()
	is, _ := q.c.world.Jira.Issue("IT-1")
	for name, c := range clocks {
		// what was there at once went by the status that starts the second one
		if ran := c.ran(is, now); ran == 0 && name != "Time to access" || ran > time.Hour {
			t.Errorf("%s ran for %s", name, ran)
		}
	}
	if whole := (serviceClock{[]string{"issue created"}, []string{"Closed"}}).ran(is, now); whole < 30*24*time.Hour {
		t.Errorf("it was open for %s", whole)
	}
	waits, _ := q.c.world.Jira.Issue("IT-2")
	if ran := clocks["Time to decide"].ran(waits, now); ran < 24*time.Hour {
		t.Errorf("what nobody answered was decided after %s", ran)
	}
}
