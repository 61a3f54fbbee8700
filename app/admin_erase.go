package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"latchkey/catalog"
	"latchkey/workflow"
)

// ParseAge reads the age after which something is erased, as a moment before now: a
// duration such as 90d, or a date, whose own day is not meant.
func ParseAge(text string, now time.Time) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		if day.After(now) {
			return day, fmt.Errorf("%s has not come yet: name a date in the past", text)
		}
		return day, nil
	}
	d, err := catalog.ParseDuration(text)
	if err != nil || d == catalog.Forever {
		return now, fmt.Errorf("%q is no age: write for example 90d, or a date such as 2026-01-31", text)
	}
	return now.Add(-d).UTC(), nil
}

// eraser answers the command that erases.
type eraser struct {
	workflow *workflow.Service
	now      func() time.Time
}

func (s eraser) plan(r *http.Request) (any, error) {
	before, err := ParseAge(r.FormValue("after"), s.now())
	if err != nil {
		return nil, err
	}
	who, err := whom(r, s.workflow.People)
	if err != nil {
		return nil, err
	}
	return s.workflow.Erasure.Plan(r.Context(), who, before, operator(r))
}

func (s eraser) erase(r *http.Request) (any, error) {
	before, err := time.Parse(time.RFC3339Nano, r.FormValue("before"))
	if err != nil {
		return nil, fmt.Errorf("until when to erase can't be read: %w", err)
	}
	who, err := whom(r, s.workflow.People)
	if err != nil {
		return nil, err
	}
	return s.workflow.Erasure.Erase(context.WithoutCancel(r.Context()), who, before, operator(r)) // who asked may be gone before it is done
}
