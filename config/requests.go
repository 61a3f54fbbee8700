package config

import (
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/config/value"
)

// Reminders are when those are told again who are waited for, by how soon an answer is
// needed: asked for a day at most, for longer, for more than ninety days or no end.
type Reminders struct{ Brief, Ordinary, Long []time.Duration }

// Escalations are when others are told as well.
type Escalations struct{ Brief, Ordinary, Long time.Duration }

func requests(v value.Node) Requests {
	o := v.Object("lapse", "break_glass", "remind", "escalate", "escalate_to")
	usual := access.DefaultTimetables()
	remind, escalate := o.Get("remind").Object("brief", "ordinary", "long"), o.Get("escalate").Object("brief", "ordinary", "long")
	out := Requests{Lapse: period(o.Get("lapse"), 14*catalog.Day), BreakGlass: period(o.Get("break_glass"), 4*time.Hour)}
	out.Remind.Brief, out.Escalate.Brief = timetable(remind.Get("brief"), escalate.Get("brief"), usual.Brief)
	out.Remind.Ordinary, out.Escalate.Ordinary = timetable(remind.Get("ordinary"), escalate.Get("ordinary"), usual.Ordinary)
	out.Remind.Long, out.Escalate.Long = timetable(remind.Get("long"), escalate.Get("long"), usual.Long)
	out.EscalateTo = rungs(o.Get("escalate_to"))
	return out
}

// rungs are who is asked as well when nobody answers: whom the route asks next, the
// managers of those who don't answer, people.fallback, and IT, unless said otherwise.
func rungs(v value.Node) []string {
	known := []string{"next", "manager", "fallback", "it"}
	if !v.Present() {
		return known
	}
	var out []string
	for _, item := range v.List() {
		rung := item.OneOf("", known...)
		if slices.Contains(out, rung) {
			item.Fault("%s names %s twice", v.Path(), rung)
		}
		out = append(out, rung)
	}
	return out
}

// mostReminders is how often somebody is told again of one request, at most.
const mostReminders = 3

// timetable reads when somebody is told again, and when others are told.
func timetable(remind, escalate value.Node, usual access.Timetable) ([]time.Duration, time.Duration) {
	last := period(escalate, usual.Escalate)
	if !remind.Present() {
		return before(usual.Remind, last), last
	}
	var out []time.Duration
	for _, item := range remind.List() {
		out = append(out, period(item, 4*time.Hour))
	}
	switch {
	case remind.Faulty():
	case len(out) == 0 || len(out) > mostReminders:
		remind.Fault("%s has %s: write one to three, for example [4h, 1d]", remind.Path(), times(len(out)))
	case out[0] <= 0 || !slices.IsSorted(out) || len(slices.Compact(slices.Clone(out))) < len(out):
		remind.Fault("%s has to begin with the earliest, each later than the one before, for example [4h, 1d]", remind.Path())
	case out[len(out)-1] >= last:
		remind.Fault("%s has a reminder when others have been told already, after %s: write shorter times, or a longer one in escalate", remind.Path(), catalog.ShortDuration(last))
	}
	return out, last
}

// before are the reminders that come before others are told; at least the first.
func before(all []time.Duration, last time.Duration) []time.Duration {
	n := slices.IndexFunc(all, func(d time.Duration) bool { return d >= last })
	switch {
	case n == 0:
		return []time.Duration{last / 2}
	case n > 0:
		return all[:n]
	}
	return all
}

func times(n int) string {
	if n == 1 {
		return "one time"
	}
	return fmt.Sprintf("%d times", n)
}
