package anchor

import (
	"context"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"latchkey/access"
)

// Places are where the log is anchored. What is nil, or none, is left out.
type Places struct {
	Issues    Issues
	Archive   Archive
	Channel   Channel
	Files     []File
	Witnesses []Witness
}

// Issues writes anchors into Jira. Errors are *access.Failure.
type Issues interface {
	// PostAnchor writes a note as a comment and tells when Jira dates it. again: an
	// earlier attempt may have got through.
	PostAnchor(ctx context.Context, at access.Issue, n access.AnchorNote, again bool) (time.Time, error)
	// PinAnchor puts a note on the issue itself, in the place of the one before.
	PinAnchor(ctx context.Context, at access.Issue, n access.AnchorNote) error
	// OpenReport makes an issue; since is as with ledger.Reports.
	OpenReport(ctx context.Context, r access.IssueReport, since time.Time) (access.Issue, error)
}

// Archive reads back from Jira. Errors are *access.Failure.
type Archive interface {
	// Anchors are the notes of a log, by the word that tells its family from others,
	// and the newest heads of others. Nothing is checked.
	Anchors(ctx context.Context, log string, whole bool) (found []access.AnchorCopy, doubts []string, err error)
	// AnchorIssue finds the newest issue whose id begins with a mark; the id is empty if
	// there is none.
	AnchorIssue(ctx context.Context, mark string) (issue access.Issue, id string, err error)
}

// Channel is the IT channel. Errors are *access.Failure.
type Channel interface {
	PostAnchor(ctx context.Context, n access.AnchorNote, again bool) (time.Time, error)
	Anchors(ctx context.Context, whole bool) (found []access.AnchorCopy, doubts []string, err error)
}

// File is a file of notes, on another disk or host. Errors are *access.Failure.
type File interface {
	Name() string // its path
	PostAnchor(ctx context.Context, n access.AnchorNote, again bool) (time.Time, error)
	Anchors(ctx context.Context) ([]access.AnchorCopy, error)
}

// Witness is a stranger who signs what goes on from what it has seen. Errors are
// *access.Failure.
type Witness interface {
	Name() string
	// Cosign returns the checkpoint with the witness's signature. old is the size that
	// it saw last, and the proof shows how the log goes on from there. What it
	// remembers otherwise is a *witness.Ahead or witness.ErrHistory in the error.
	Cosign(ctx context.Context, old uint64, proof tlog.TreeProof, checkpoint string) (string, error)
	// Seen is when it has signed a checkpoint, by its signature.
	Seen(checkpoint string) (time.Time, error)
}
