package idp

import (
	"context"
	"errors"
	"time"
)

// ErrLogPosition: the directory's log can't be read on from a position any more. Reading begins
// anew at a moment.
var ErrLogPosition = errors.New("the log can't be read on from there any more")

// AccountLog is a directory's own log of what happens to accounts. It only hints that one should be
// looked at: what an account is like now is said by reading it by its id.
type AccountLog interface {
	// ReadLog reads on from a position, oldest first. What is written into the log late comes late, and
	// isn't left out. ErrLogPosition where it can't go on from there.
	ReadLog(ctx context.Context, from LogPosition) (LogPage, error)
	// LogDelay is how long after a change the log may show it, as the vendor says.
	LogDelay() time.Duration
}

// LogPosition is how far a log has been read.
type LogPosition struct {
	Since time.Time // the moment at which reading began
	After string    `json:",omitempty"` // the vendor's own mark; "" before the first entry
}

// LogPage is what a log had from a position on.
type LogPage struct {
	Changes []AccountChange
	Next    LogPosition // from where to read on
	More    bool        // there may be more at once
}

// AccountChange says that something happened to an account.
type AccountChange struct {
	AccountID string
	Kind      ChangeKind
	At        time.Time // when it happened, by the directory's clock
}

// ChangeKind is what happened to an account, as far as its log tells.
type ChangeKind string

// What can happen to an account.
const (
	AccountOpened  ChangeKind = "opened"  // made, or in use again
	AccountEdited  ChangeKind = "edited"  // its attributes changed
	AccountClosed  ChangeKind = "closed"  // deactivated or put on hold
	AccountDeleted ChangeKind = "deleted" // for good: it can't be read any more
)
