package weekly

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/evidence"
)

// TestTheWeekInWords has the four figures, the manual touches per ticket and the week before; what there is none of is left out.
func TestTheWeekInWords(t *testing.T) {
	from := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	week := func(from time.Time, r evidence.Report) evidence.Report {
		r.Period = evidence.Period{From: from, To: from.AddDate(0, 0, 7)}
		return r
	}
	weeks := []evidence.Report{
		week(from, evidence.Report{Submitted: 3, Touches: evidence.Touches{None: 3}, Approval: evidence.Spread{Count: 2, Median: 5 * time.Minute}}),
		week(from.AddDate(0, 0, 7), evidence.Report{
			Submitted: 6, Requests: map[access.RequestState]int{access.RequestApproved: 5, access.RequestDenied: 1}, Touches: evidence.Touches{None: 3, One: 1, Few: 1, Many: 1}, Stuck: 1, Granted: 5, Removed: 2,
			Approval: evidence.Spread{Count: 6, Median: 4 * time.Minute, P90: 3 * time.Hour, Worst: 5 * time.Hour}, RevokeLag: evidence.Spread{Count: 2, Median: 800 * time.Millisecond, P90: time.Second, Worst: time.Second},
		}),
	}
	title, lines := Words(weeks)
	said := title + "\n" + strings.Join(lines, "\n")
	for _, want := range []string{
		"The week of 23 November to 29 November 2026: 6 requests", "Requests: 6 (approved 5, denied 1). The week before: 3.", "median 4 minutes, nine of ten within 3 hours, worst 5 hours. The week before: median 5 minutes.",
		"gone: median 0.8 seconds", "none 3, one 1, 2–3 1, more than 3 1. The week before: none 3", "1 thing waits for a human now", "latchkey report --week 2026-W48",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it lacks %q:\n%s", want, said)
		}
	}
	if strings.Contains(said, "conflict") || strings.Contains(said, "worst 0s") {
		t.Errorf("it says what there is none of:\n%s", said)
	}
	p, err := Picture(weeks)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(p.PNG)); err != nil || p.Name != "latchkey-2026-W48.png" || !strings.HasSuffix(p.Alt, "W47: 3, 0; W48: 6, 3.") || len(p.PNG) > 30_000 {
		t.Errorf("%s, %d bytes: %s %v", p.Name, len(p.PNG), p.Alt, err)
	}
}

func TestMondays(t *testing.T) {
	for day := 23; day < 30; day++ {
		if got := monday(time.Date(2026, 11, day, 23, 59, 0, 0, time.UTC)); got.Format(time.DateOnly) != "2026-11-23" || got.Weekday() != time.Monday {
			t.Errorf("of the %dth: %s", day, got)
		}
	}
}
