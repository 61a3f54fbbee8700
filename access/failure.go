package access

import (
	"errors"
	"time"
)

// Class says what to do about a failure in the world outside.
type Class string

// The classes of failure. The party that talks to a vendor classifies; nobody
// else guesses from texts.
const (
	Transient Class = "transient" // try again soon
	Limited   Class = "limited"   // the vendor asked to wait; costs no attempt
	Denied    Class = "denied"    // a token or permission is missing: a human must act
	Rejected  Class = "rejected"  // it will never work as asked: a human must act
	Unclear   Class = "unclear"   // it may have happened: look before trying again
)

// Failure is an error from a port (Jira, Slack, a directory), classified.
type Failure struct {
	Class    Class
	After    time.Duration // for Limited: how long the vendor asked to wait
	Sentence string        // cause and remedy, for the person who can act
	Nothing  bool          // it is certain that nothing was done, in this attempt and all before it
	Err      error         // the chain for the operator's log; may be nil
}

// Error joins the sentence and its cause.
func (f *Failure) Error() string {
	if f.Err == nil {
		return f.Sentence
	}
	return f.Sentence + ": " + f.Err.Error()
}

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Err }

// Classify finds the failure in an error; whatever is unclassified is transient.
func Classify(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return &Failure{Class: Transient, Sentence: "Something went wrong on the way", Err: err}
}
