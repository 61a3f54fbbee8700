package access

import (
	"time"

	"latchkey/catalog"
)

const (
	longHeld = 14 * catalog.Day // from here on, a week's notice and a day's
	dayHeld  = 3 * catalog.Day  // from here on, a day's notice
	briefest = 30 * time.Minute // below, a reminder would come at once
)

// Reminders are the moments at which somebody who holds access from one time to
// another is told that it ends: a week and a day before a long time is up, a
// sixth of a short one before it is. A notice of days that would fall on a
// weekend (in UTC) comes on the Friday before, when it can still be acted upon.
func Reminders(from, ends time.Time) []time.Time {
	held := ends.Sub(from)
	var out []time.Time
	switch {
	case held >= longHeld:
		out = []time.Time{workday(ends.Add(-catalog.Week)), workday(ends.Add(-catalog.Day))}
	case held >= dayHeld:
		out = []time.Time{workday(ends.Add(-catalog.Day))}
	case held >= briefest:
		return []time.Time{ends.Add(-held / 6)}
	}
	return out
}

// workday moves a moment of a weekend to the Friday before.
func workday(t time.Time) time.Time {
	switch t.UTC().Weekday() {
	case time.Saturday:
		return t.Add(-catalog.Day)
	case time.Sunday:
		return t.Add(-2 * catalog.Day)
	}
	return t
}

// nextReminder is the first reminder after a moment; zero if there is none.
func nextReminder(from, ends, after time.Time) time.Time {
	if ends.IsZero() {
		return time.Time{}
	}
	for _, t := range Reminders(from, ends) {
		if t.After(after) {
			return t
		}
	}
	return time.Time{}
}
