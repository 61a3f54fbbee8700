package access

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// This file says when those are told again who have rows of a review to answer, and what happens where they are late.

// What happens after the due time where rows are left: managers of those who are late are asked as well, then in their
// place, and then nobody answers any more.
const (
	LateAsksManager = catalog.Day
	LateReplaces    = 3 * catalog.Day
	LateOver        = 4 * catalog.Day
)

// ReviewReminders are when those are told who have rows left in a stage, after its start: half-time, three days and one
// day before it is due, and when it is due. Times that lie too close to one another, or to the start, are left out: a
// short review tells less often. The due time itself always stays.
func ReviewReminders(started, due time.Time) []time.Time {
	apart := min(12*time.Hour, due.Sub(started)/4)
	all := []time.Time{due.Add(-3 * catalog.Day), due.Add(-catalog.Day)}
	half := started.Add(due.Sub(started) / 2)
	all = append(all, half)
	slices.SortFunc(all, time.Time.Compare)
	var out []time.Time
	last := started
	for _, t := range all {
		if t.Sub(last) >= apart && due.Sub(t) >= apart {
			out, last = append(out, t), t
		}
	}
	return append(out, due)
}

// NextReviewReminder is the first of a stage's reminders that comes after a moment; zero after the last.
func NextReviewReminder(started, due, at time.Time) time.Time {
	for _, t := range ReviewReminders(started, due) {
		if t.After(at) {
			return t
		}
	}
	return time.Time{}
}

// lateStep is when the next of the steps for those who are late comes; the first is the due time itself, at which a
// stage ends in which nothing is left.
func (c Campaign) lateStep() time.Time {
	if c.Due.IsZero() {
		return time.Time{}
	}
	return c.Due.Add(lateSteps()[min(c.Escalated, len(lateSteps())-1)])
}

func lateSteps() []time.Duration {
	return []time.Duration{0, LateAsksManager, LateReplaces, LateOver}
}

// StageEnds reports whether a stage ends at a moment, with so many rows left: once nothing is left and nobody can take an
// answer back, or it is due; or once those who are late had their time.
func (c Campaign) StageEnds(left int, at time.Time) bool {
	switch {
	case c.State != CampaignOpen || !c.Over.IsZero():
		return false
	case left == 0:
		return !c.AllSaid.IsZero() && !at.Before(c.quiet()) || !c.Due.IsZero() && !at.Before(c.Due)
	}
	return !c.Due.IsZero() && !at.Before(c.Due.Add(LateOver))
}

// Late reports whether the next step for those who are late has come.
func (c Campaign) Late(at time.Time) bool {
	step := c.lateStep()
	return c.Answers() && !step.IsZero() && !at.Before(step)
}
