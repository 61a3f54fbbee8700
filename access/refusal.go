package access

import (
	"errors"
)

// Reason classifies a refusal, so that each edge can react without reading text.
type Reason string

// Why something was refused.
const (
	NotAllowed   Reason = "not_allowed"  // this person may not do this
	Invalid      Reason = "invalid"      // the input can't be taken as it is
	TooLate      Reason = "too_late"     // already decided, ended or moved on
	Duplicate    Reason = "duplicate"    // the same thing exists or is on its way
	Unknown      Reason = "unknown"      // there is no such thing
	Unproved     Reason = "unproved"     // it isn't known surely enough who somebody is
	Undetermined Reason = "undetermined" // what it depends on isn't known
)

// Refusal is a "no" with a sentence for the person who asked. It is an answer,
// not a fault: nothing was changed and nothing needs an operator.
type Refusal struct {
	Reason   Reason
	Sentence string
	Field    string // the input it is about: "app", "role", "duration", "reason"; may be empty
}

// Error is the sentence, so that a refusal reads well wherever it surfaces.
func (r *Refusal) Error() string { return r.Sentence }

// Refuse makes a refusal.
func Refuse(reason Reason, field, sentence string) error {
	return &Refusal{Reason: reason, Field: field, Sentence: sentence}
}

func refuse(reason Reason, sentence string) error { return Refuse(reason, "", sentence) }

// AsRefusal finds the refusal in an error.
func AsRefusal(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}
