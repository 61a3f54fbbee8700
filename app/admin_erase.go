package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/erasure"
)

// Erasure is what there is to erase of somebody, and what was erased.
type Erasure = erasure.Plan

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

// Erasure finds what there is to erase of somebody that is older than that.
func (c *AdminClient) Erasure(ctx context.Context, person, after, by string) (e Erasure, err error) {
	err = c.ask(ctx, http.MethodGet, "/erase", url.Values{"person": {person}, "after": {after}, "by": {by}}, &e)
	return e, err
}

// Erase erases what was found.
func (c *AdminClient) Erase(ctx context.Context, found Erasure, by string) (e Erasure, err error) {
	err = c.ask(ctx, http.MethodPost, "/erase", url.Values{"person": {string(found.Person)}, "before": {found.Before.Format(time.RFC3339Nano)}, "by": {by}}, &e)
	return e, err
}

func (s adminServer) erasure(r *http.Request) (any, error) {
	before, err := ParseAge(r.FormValue("after"), s.now())
	if err != nil {
		return nil, err
	}
	who, err := s.whom(r)
	if err != nil {
		return nil, err
	}
	return s.workflow.Erasure.Plan(r.Context(), who, before, operator(r))
}

func (s adminServer) erase(r *http.Request) (any, error) {
	before, err := time.Parse(time.RFC3339Nano, r.FormValue("before"))
	if err != nil {
		return nil, fmt.Errorf("until when to erase can't be read: %w", err)
	}
	who, err := s.whom(r)
	if err != nil {
		return nil, err
	}
	return s.workflow.Erasure.Erase(r.Context(), who, before, operator(r))
}

// whom is who is meant: by an address, or by the id of somebody whose addresses were
// erased.
func (s adminServer) whom(r *http.Request) (access.PersonID, error) {
	if id := access.PersonID(r.FormValue("person")); id.Valid() {
		return id, nil
	}
	who, err := s.workflow.People.Had(r.Context(), access.NewEmail(r.FormValue("person")))
	return who.ID, err
}
