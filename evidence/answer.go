package evidence

import (
	"time"

	"latchkey/access"
)

// Answered is that somebody answered what they were asked.
type Answered struct {
	On   access.Surface
	Took time.Duration // from being asked
}

// given tells whether an event is an answer that somebody gave at that moment. One that counts
// again, or was kept until it was known whether it counts, tells nothing of how long they took.
func given(e access.Event) bool {
	return (e.Kind == access.EventApproved || e.Kind == access.EventDenied) && e.Actor.Person != "" && !e.Reused && e.Checked == ""
}

// asked is since when a stage of a request has waited at a moment: those who are to answer it
// were asked then, or it was made.
func asked(r access.Request, stage int, at time.Time) time.Time {
	if stage < len(r.Stages) {
		if since := r.Stages[stage].AskedAt; !since.IsZero() && !since.After(at) {
			return since
		}
	}
	return r.Created
}

// Answer is what an event tells of how long somebody took to answer what a request asked them;
// ok is false if it tells nothing of that.
func Answer(r access.Request, e access.Event) (a Answered, ok bool) {
	if !given(e) {
		return a, false
	}
	return Answered{e.Actor.Surface(), max(0, e.At.Sub(asked(r, e.Stage, e.At)))}, true
}
