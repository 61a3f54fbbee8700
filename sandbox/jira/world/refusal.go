package world

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Reason says why something is refused; what an API answers to it is the API's
// matter.
type Reason int

// Reasons of a refusal.
const (
	Invalid Reason = iota
	Forbidden
	NotFound
	Conflict
)

// Refusal is an error with the vendor's sentence. Fields has one sentence for
// each field that is at fault, by its id.
type Refusal struct {
	Reason  Reason
	Message string
	Fields  map[string]string
}

// Error is the sentences in a row.
func (r *Refusal) Error() string {
	parts := make([]string, 0, len(r.Fields)+1)
	if r.Message != "" {
		parts = append(parts, r.Message)
	}
	for id, text := range r.Fields {
		parts = append(parts, id+": "+text)
	}
	slices.Sort(parts)
	return "jira: " + strings.Join(parts, "; ")
}

func invalid(format string, args ...any) *Refusal {
	return &Refusal{Reason: Invalid, Message: fmt.Sprintf(format, args...)}
}

func forbidden(format string, args ...any) *Refusal {
	return &Refusal{Reason: Forbidden, Message: fmt.Sprintf(format, args...)}
}

func conflicting(format string, args ...any) *Refusal {
	return &Refusal{Reason: Conflict, Message: fmt.Sprintf(format, args...)}
}

func notFound(format string, args ...any) *Refusal {
	return &Refusal{Reason: NotFound, Message: fmt.Sprintf(format, args...)}
}

// BadField refuses the value of one field.
func BadField(id, format string, args ...any) *Refusal {
	return &Refusal{Reason: Invalid, Fields: map[string]string{id: fmt.Sprintf(format, args...)}}
}

// NotScreened is the vendor's text for a field that cannot be set here.
func NotScreened(id string) *Refusal {
	return BadField(id, "Field '%s' cannot be set. It is not on the appropriate screen, or unknown.", id)
}

// InField lays a refusal at the door of one field.
func InField(id string, err error) error {
	r := new(Refusal)
	if !errors.As(err, &r) || r.Fields != nil {
		return err
	}
	return &Refusal{Reason: r.Reason, Fields: map[string]string{id: r.Message}}
}

// NoIssue is the same for what does not exist and what may not be seen.
func NoIssue() *Refusal {
	return notFound("Issue does not exist or you do not have permission to see it.")
}
