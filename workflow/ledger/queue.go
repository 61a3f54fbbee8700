package ledger

import (
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Queue is the queue of the record's tasks.
const Queue = "jira"

// The kinds of task.
const (
	OpenTask    = "issue.open"
	RecordTask  = "issue.record"
	CommentTask = "issue.comment"
	LateTask    = "issue.late"      // looks whether access that was decided on is there by now
	TellTask    = "issue.tell_late" // tells the customer that it isn't
	LinkTask    = "incident.link"
	ReportTask  = "report.open"
	EraseTask   = "issue.erase"
	FirstTask   = "issue.first" // looks whether the issue carries the state
	StateTask   = "issue.state" // what an issue carries for machines: once all of its story can be read back again, or where an older one may have come last
)

// The lane of an issue keeps its story in order: it is opened before anything
// is told to it.
func lane(subject string) string { return "issue/" + subject }

// eventPayload points at the event a task is about.
type eventPayload struct{ Event string }

// RecordID is the id of the task that tells the issue about an event. While it
// lives, the issue does not know of the event.
func RecordID(e access.Event) string { return "record/" + e.ID }

// earlier is when an attempt was made whose outcome is unknown.
func earlier(t store.Task) time.Time {
	if t.Begun {
		return t.Created
	}
	return time.Time{}
}

// stateAgain has an issue carry the state, and stand where it belongs, once more: an older
// status or state may have arrived after a newer one.
func stateAgain(u *engine.Unit, t store.Task, from time.Time) error {
	if t.Subject.Kind != access.SubjectRequest {
		return nil // nothing is moved or signed there
	}
	return u.EnqueueBy(stateTask(t.Subject.Request()), from)
}

func stateTask(request string) store.Task {
	return store.Task{ID: "state/" + request, Queue: Queue, Kind: StateTask, Subject: access.RequestSubject(request), Priority: store.Notices}
}
