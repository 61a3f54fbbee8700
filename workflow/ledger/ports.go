package ledger

import (
	"context"
	"encoding/json"
	"time"

	"latchkey/access"
	"latchkey/workflow/engine"
)

// Issues is the record of what was decided and done: Jira. Errors are
// *access.Failure, classified.
type Issues interface {
	// Open makes the issue of a request and returns where it is. since is the
	// moment of an earlier attempt whose outcome is unknown, zero if there was
	// none: then the issue is looked for first, by the request's id, and made
	// only when it is certain that there is none (Unclear until then). It carries
	// nothing for machines yet: what is told of the request takes that along.
	Open(ctx context.Context, c access.Case, since time.Time) (access.Issue, error)

	// Record tells the issue about one event of the case: a comment, the status
	// that belongs to the case's phase, and what the issue carries for machines.
	// again says that an earlier attempt may have got through: look before writing. What led to
	// the event, and wasn't told yet, is told with it.
	Record(ctx context.Context, c access.Case, e access.Event, maker access.RecordMaker, again bool, with ...access.Event) error
}

// Presence tells what is there.
type Presence interface {
	// There tells whether an issue is there at this moment; it never answers from
	// memory.
	There(ctx context.Context, issue access.Issue) (bool, error)
}

// Reports makes issues that belong to no request.
type Reports interface {
	// OpenReport makes the issue of a report. since is as with Open: the issue is
	// looked for by the report's id.
	OpenReport(ctx context.Context, r access.IssueReport, since time.Time) (access.Issue, error)
}

// Comments writes comments that belong to no event.
type Comments interface {
	// Comment writes a comment. again: an earlier attempt may have got through.
	Comment(ctx context.Context, issue access.Issue, m access.IssueComment, again bool) error
}

// Delays tells customers about what takes its time. Errors are *access.Failure.
type Delays interface {
	// Late tells the customer what was decided by an event, and that nothing has come of
	// it so far. again: an earlier attempt may have got through.
	Late(ctx context.Context, c access.Case, e access.Event, again bool) error
}

// Erasures takes words and names off issues.
type Erasures interface {
	// Erase writes anew what Latchkey has written on the issue of a case, as far as
	// it names or quotes people in a way that was erased: its description, its
	// comments and what it carries for machines. Doing it again changes nothing.
	Erase(ctx context.Context, c access.Case, maker access.RecordMaker) error
}

// Incidents ties an issue to the one of an incident, or that of a revocation to one it belongs to. Errors are *access.Failure.
type Incidents interface {
	LinkIncident(ctx context.Context, issue access.Issue, key string) error
	LinkRevocation(ctx context.Context, issue access.Issue, key string) error
}

// Renewals writes again what an issue carries for machines, and nothing that people
// read. Errors are *access.Failure.
type Renewals interface {
	Renew(ctx context.Context, c access.Case, maker access.RecordMaker) error
}

// Reported is what follows when the issue of a report exists. about is what was to be
// remembered until then.
type Reported func(u *engine.Unit, r access.IssueReport, about json.RawMessage, issue access.Issue) error

// Writer writes the story of one kind of subject into its issue.
type Writer interface {
	// Open makes the issue of a subject, unless it has one. since is the moment of an
	// earlier attempt whose outcome is unknown.
	Open(ctx context.Context, id string, since time.Time) (engine.Outcome, error)
	// Record tells the issue about an event. again: an earlier attempt may have got
	// through.
	Record(ctx context.Context, id string, event string, again bool) (engine.Outcome, error)
}
