package evidence

import (
	"fmt"
	"time"
)

// Period is a stretch of time; To is not part of it.
type Period struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

func (p Period) contains(t time.Time) bool { return !t.IsZero() && !t.Before(p.From) && t.Before(p.To) }

// Week reads a week as ISO 8601 writes it, such as 2026-W47: from Monday to
// Monday, UTC.
func Week(text string) (Period, error) {
	var year, week int
	if n, err := fmt.Sscanf(text, "%4d-W%2d", &year, &week); err != nil || n != 2 || text != fmt.Sprintf("%04d-W%02d", year, week) {
		return Period{}, fmt.Errorf("%q is not a week: write for example 2026-W47", text)
	}
	fourth := time.Date(year, time.January, 4, 0, 0, 0, 0, time.UTC) // always in week 1
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7+7*(week-1))
	if y, w := monday.ISOWeek(); y != year || w != week {
		return Period{}, fmt.Errorf("%d has no week %d: write for example 2026-W47", year, week)
	}
	return Period{monday, monday.AddDate(0, 0, 7)}, nil
}

// WeekOf is the ISO week that t lies in, as Week reads it.
func WeekOf(t time.Time) string {
	year, week := t.UTC().ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, week)
}
