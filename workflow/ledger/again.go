package ledger

import (
	"errors"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Whoever deletes every issue that Latchkey opens doesn't get more of them without an
// end: after so many for one request in such a time, the log alone tells its story.
const (
	mostAgain = 3
	againIn   = 7 * 24 * time.Hour
)

// errNoIssue: what happened has to stand in an issue, and the one there was is gone.
var errNoIssue = errors.New("the issue is gone, and what happened needs one")

// needsIssue tells whether an event changes access that was given: it is written into
// an issue, whatever became of the one that the request had.
func needsIssue(c access.Case, e access.Event) bool {
	if c.Grant == nil || c.Grant.Started.IsZero() {
		return false
	}
	switch e.Kind {
	case access.EventMemberAdded, access.EventFulfilled, access.EventExtended,
		access.EventEnding, access.EventMemberRemoved, access.EventMemberKept, access.EventMemberGone:
		return true
	}
	return false
}

// openAgain has an issue opened in the place of one that is gone, and t, which tells of
// an event, done once more behind that.
func openAgain(u *engine.Unit, t store.Task) error {
	id := t.Subject.Request()
	open := store.Task{ID: "open/" + id, Queue: Queue, Kind: OpenTask, Subject: t.Subject, Priority: store.Writings, Lane: lane(id)}
	if _, err := u.Tx.Task(open.ID); errors.Is(err, store.ErrNotFound) {
		if n, _, err := u.Counts("issue again|"+id, againIn); err != nil || n > mostAgain {
			return err
		}
		if _, err := u.Enqueue(open); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	_, err := u.Enqueue(store.Task{ID: t.ID, Queue: Queue, Kind: RecordTask, Subject: t.Subject, Priority: store.Writings, Lane: lane(id), Payload: t.Payload})
	return err
}

// opened is the event that a request has an issue now.
func opened(r access.Request, issue access.Issue, at time.Time) access.Event {
	e := r.Event(access.EventIssueOpened, access.System(), at)
	if r.Issue.Gone {
		issue.Instead = r.Issue.ID
		e.Note = "This issue takes the place of " + r.Issue.Key + ", which was deleted, or hidden from Latchkey."
	}
	e.Issue = &issue
	return e
}
