package ledger

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
	StateTask   = "issue.state" // what an issue carries for machines, once all of its story can be read back again
)

// The lane of an issue keeps its story in order: it is opened before anything
// is told to it.
func lane(subject string) string { return "issue/" + subject }

// eventPayload points at the event a task is about.
type eventPayload struct{ Event string }
