package idp

import (
	"errors"
	"fmt"
	"time"
)

// The kinds of failure that are not cured by trying again as it is. An implementation wraps them in a
// sentence that names the cause and the remedy.
var (
	// ErrNotFound says that the person or group does not exist.
	ErrNotFound = errors.New("not found in the directory")
	// ErrNoAccount is the ErrNotFound of an account, where a group is asked for too.
	ErrNoAccount = fmt.Errorf("no such account: %w", ErrNotFound)
	// ErrAmbiguous says that several accounts or groups match and choosing would be a guess.
	ErrAmbiguous = errors.New("several matches in the directory")
	// ErrDenied says that the directory does not let Latchkey do this: the token is refused, or its
	// owner has lost a permission. An administrator can cure it; the same call then works.
	ErrDenied = errors.New("denied by the directory")
	// ErrRefused says that the directory, or Latchkey for it, will never do this: the group is built in,
	// mastered by an application or fed by a rule, or the account's state forbids it.
	ErrRefused = errors.New("refused by the directory")
)

// Unintelligible says that something answered which is not the directory's API: a proxy's page, a portal's
// sign-in. Nothing follows from it, whatever its status; it is tried again.
type Unintelligible struct {
	What string // a sentence: what came, and where to look
}

// Error is the sentence.
func (e *Unintelligible) Error() string { return e.What }

// Partial says that a list names nobody where there is somebody. Nothing follows from it; it is tried again.
type Partial struct {
	Counted int // how many there are
}

// Error says how the two differ.
func (e *Partial) Error() string {
	return fmt.Sprintf("the list names nobody and %d are counted, so it is not whole; it will be tried again", e.Counted)
}

// RateLimited says that the vendor wants Latchkey to wait. It costs no attempt.
type RateLimited struct {
	After time.Duration // how long to wait from now, never negative
}

// Error names the wait.
func (e *RateLimited) Error() string {
	return fmt.Sprintf("the directory's rate limit is used up: try again in %s", e.After.Round(time.Second))
}
