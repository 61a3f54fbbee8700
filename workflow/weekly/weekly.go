// Package weekly tells IT once a week, in their channel, how the week before went: how much was asked for, how long it took, when
// access was gone, and for how much of it somebody's hands were needed, with a picture of eight weeks.
package weekly

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/evidence/chart"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/query"
)

// Duty is the name of the room's duty in the calendar.
const Duty = "report"

// shown is how many weeks the picture has.
const shown = 8

// Config is what the room is made of.
type Config struct {
	Units *engine.Units
	Line  string // of the calendar
}

// Service tells IT of the week.
type Service struct {
	units *engine.Units
	line  string
}

// New makes it.
func New(c Config) *Service { return &Service{c.Units, c.Line} }

// Duties are the room's lines in the table of duties.
func (s *Service) Duties() []engine.Duty {
	return []engine.Duty{{Name: Duty, Line: s.line, Do: s.tell}}
}

// tell tells of the last whole week; nothing of one in which nothing happened and nothing waits.
func (s *Service) tell(ctx context.Context, t store.Task) (engine.Outcome, error) {
	weeks, err := s.weeks(ctx)
	if err != nil {
		return nil, err
	}
	last := weeks[len(weeks)-1]
	if last.Submitted+last.Granted+last.Removed+last.Stuck == 0 {
		return nil, nil
	}
	picture, err := Picture(weeks)
	if err != nil {
		return nil, err
	}
	title, lines := Words(weeks)
	return func(u *engine.Unit) error { return notify.Show(u, t.ID, picture, title, lines...) }, nil
}

// weeks are the reports of the last whole weeks, oldest first. They are read in one go, so that each event is read once.
func (s *Service) weeks(ctx context.Context) (out []evidence.Report, err error) {
	end := monday(s.units.Now())
	err = s.units.View(ctx, func(tx store.Tx) error {
		out = nil
		recent := new(evidence.Recent)
		for back := shown; back > 0; back-- {
			from := end.AddDate(0, 0, -7*back)
			r, err := recent.Report(tx, evidence.Period{From: from, To: from.AddDate(0, 0, 7)})
			if err != nil {
				return err
			}
			out = append(out, r)
		}
		last := &out[len(out)-1]
		var err error
		if last.Conflicts, err = query.CountConflicts(tx); err != nil {
			return err
		}
		last.Stuck, err = query.CountStuck(tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count what happened in the last weeks: %w", err)
	}
	return out, nil
}

// monday is when the week began in which a moment is, UTC.
func monday(at time.Time) time.Time {
	day := at.UTC().Truncate(24 * time.Hour)
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}

// Words are what the IT channel reads of the newest of several weeks, beside the one before.
func Words(weeks []evidence.Report) (title string, lines []string) {
	now, before := weeks[len(weeks)-1], evidence.Report{}
	if len(weeks) > 1 {
		before = weeks[len(weeks)-2]
	}
	title = fmt.Sprintf("The week of %s to %s: %s", now.From.Format("2 January"), now.To.AddDate(0, 0, -1).Format("2 January 2006"), count(now.Submitted, "request"))
	lines = []string{
		fmt.Sprintf("Requests: %d%s. The week before: %d.", now.Submitted, states(now), before.Submitted),
		took("From asking to the last answer", now.Approval, before.Approval),
		took("From the decision to access that was seen to be there", now.Provisioning, before.Provisioning),
		took("From the end of access to seeing that it is gone", now.RevokeLag, before.RevokeLag),
		fmt.Sprintf("Manual touches per ticket: %s. The week before: %s.", now.Touches, before.Touches),
		fmt.Sprintf("Given %d, removed %d.", now.Granted, now.Removed),
	}
	if now.Stuck > 0 {
		lines = append(lines, fmt.Sprintf("%s for a human now: latchkey stuck", waits(now.Stuck)))
	}
	if now.Conflicts > 0 {
		lines = append(lines, count(now.Conflicts, "conflict")+" between what people have together.")
	}
	return title, append(lines, "More: latchkey report --week "+evidence.WeekOf(now.From))
}

func states(r evidence.Report) string {
	var parts []string
	for _, state := range slices.Sorted(maps.Keys(r.Requests)) {
		parts = append(parts, fmt.Sprintf("%s %d", state, r.Requests[state]))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

func took(what string, now, before evidence.Spread) string {
	if now.Count == 0 {
		return ""
	}
	line := fmt.Sprintf("%s: median %s, nine of ten within %s, worst %s.", what, rounded(now.Median), rounded(now.P90), rounded(now.Worst))
	if before.Count > 0 {
		line += fmt.Sprintf(" The week before: median %s.", rounded(before.Median))
	}
	return line
}

// rounded is a duration, no more exactly than people care for.
func rounded(d time.Duration) string {
	switch {
	case d < 50*time.Millisecond:
		return "less than 0.1 seconds"
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f seconds", d.Seconds())
	case d < time.Hour:
		return catalog.FormatDuration(d.Round(time.Second))
	}
	return catalog.FormatDuration(d.Round(time.Minute))
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func waits(n int) string {
	if n == 1 {
		return "1 thing waits"
	}
	return fmt.Sprintf("%d things wait", n)
}

// Picture shows how much was asked for in each week, and for how much of it somebody's hands were needed.
func Picture(weeks []evidence.Report) (notify.Picture, error) {
	var columns []chart.Week
	var said []string
	for _, r := range weeks {
		_, week, _ := strings.Cut(evidence.WeekOf(r.From), "-")
		columns = append(columns, chart.Week{Name: week, Requests: r.Submitted, Touched: r.Touches.Touched()})
		said = append(said, fmt.Sprintf("%s: %d, %d", week, r.Submitted, r.Touches.Touched()))
	}
	png, err := chart.Draw("Requests in a week", columns)
	alt := "Requests in a week, and for how many of them somebody had to do something by hand: " + strings.Join(said, "; ") + "."
	return notify.Picture{Name: "latchkey-" + evidence.WeekOf(weeks[len(weeks)-1].From) + ".png", Alt: alt, PNG: png}, err
}
