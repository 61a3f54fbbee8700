package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/reclaim/digest"
)

// What is said of idle seats.
type (
	// ReclaimSummary is how seats stand, and what became of questions about them.
	ReclaimSummary = digest.Summary
	ReclaimApp     = digest.App
	ReclaimSeat    = digest.Seat
	// ReclaimCase is one question about an idle seat.
	ReclaimCase struct {
		access.Reclaim
		Holder string // how people know whose it is
		What   string // the app and the role
		Stands string // in words
	}
)

// reclaimSummary reads how seats stand now, and what became of questions since a moment.
func (s adminServer) reclaimSummary(r *http.Request) (any, error) {
	since, err := time.Parse(time.RFC3339, r.FormValue("since"))
	if err != nil {
		since = s.now().Add(-catalog.Week)
	}
	return s.workflow.ReclaimDigest.Summary(r.Context(), since)
}

// reclaimCases are the questions in which something is still to happen, or all there ever were.
func (s adminServer) reclaimCases(r *http.Request) (any, error) {
	ctx := r.Context()
	all, err := s.workflow.Reclaim.Open(ctx)
	if r.FormValue("all") != "" {
		all, err = s.everyReclaim(ctx)
	}
	if err != nil {
		return nil, err
	}
	var who []access.PersonID
	for _, c := range all {
		who = append(who, c.Person)
	}
	names, out := s.workflow.People.Names(ctx, who), []ReclaimCase{}
	for _, c := range all {
		out = append(out, ReclaimCase{c, names[c.Person].Contact(), s.workflow.ReclaimDigest.Label(c), digest.Stands(c)})
	}
	return out, nil
}

// readAtOnce is how many questions are read at a time.
const readAtOnce = 1000

func (s adminServer) everyReclaim(ctx context.Context) (all []access.Reclaim, err error) {
	for after := ""; ; {
		page, err := s.workflow.Reclaim.List(ctx, after, readAtOnce)
		if err != nil || len(page) == 0 {
			return all, err
		}
		all, after = append(all, page...), page[len(page)-1].ID
	}
}

// exemptReclaim leaves a seat out, until a day or for good.
func (s adminServer) exemptReclaim(r *http.Request) (any, error) {
	until := time.Time{}
	if text := r.FormValue("until"); text != "" {
		var err error
		if until, err = time.Parse(time.DateOnly, text); err != nil {
			return nil, access.Refuse(access.Invalid, "until", fmt.Sprintf("%q is no day: write one like 2027-03-01.", text))
		}
	}
	return s.workflow.Reclaim.Exempt(r.Context(), operator(r), r.FormValue("id"), until, r.FormValue("why"))
}

// ReclaimSummary reads how seats stand now, and what became of questions since a moment; nothing is changed. It takes as long as
// the directories take.
func (c *AdminClient) ReclaimSummary(ctx context.Context, since time.Time) (sum ReclaimSummary, err error) {
	values := url.Values{}
	if !since.IsZero() {
		values.Set("since", since.UTC().Format(time.RFC3339))
	}
	err = c.ask(ctx, http.MethodGet, "/reclaim", values, &sum)
	return sum, err
}

// ReclaimCases are the questions about idle seats in which something is still to happen; all: those that are over, too.
func (c *AdminClient) ReclaimCases(ctx context.Context, all bool) (cases []ReclaimCase, err error) {
	values := url.Values{}
	if all {
		values.Set("all", "yes")
	}
	err = c.ask(ctx, http.MethodGet, "/reclaim/cases", values, &cases)
	return cases, err
}

// ExemptReclaim leaves out the seat that a question is about, until a day (2027-03-01) or, where that is empty, for good.
func (c *AdminClient) ExemptReclaim(ctx context.Context, id, until, why, by string) error {
	var kept access.Reclaim
	return c.ask(ctx, http.MethodPost, "/reclaim/exempt", url.Values{"id": {id}, "until": {until}, "why": {why}, "by": {by}}, &kept)
}
