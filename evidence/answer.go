package evidence

import (
	"time"

	"latchkey/access"
	"latchkey/store"
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

// answered is what an event tells of how long somebody took to answer.
func answered(tx store.Tx, e access.Event) (a Answered, ok bool, err error) {
	if !given(e) {
		return a, false, nil
	}
	r, err := store.Request(tx, e.Request)
	if err != nil {
		return a, false, orAbsent(err)
	}
	return Answered{e.Actor.Surface(), max(0, e.At.Sub(asked(r, e.Stage, e.At)))}, true, nil
}
