package app

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"latchkey/access"
)

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

// SeatNamed is a seat as commands name it: by the question about it, or by whose it is and of which app.
type SeatNamed struct{ Case, Person, App string }

// ExemptReclaim leaves a seat out, until a day (2027-03-01) or, where that is empty, for good. It gives the number by which that stands.
func (c *AdminClient) ExemptReclaim(ctx context.Context, seat SeatNamed, until, why, by string) (id string, err error) {
	var kept access.Reclaim
	err = c.ask(ctx, http.MethodPost, "/reclaim/exempt", url.Values{"id": {seat.Case}, "person": {seat.Person}, "app": {seat.App}, "until": {until}, "why": {why}, "by": {by}}, &kept)
	return kept.ID, err
}
