package app

import (
	"context"
	"net/http"
	"net/url"

	"latchkey/workflow/birthright"
)

// BirthrightPlan is what birthrights would do if everybody was looked at now.
type BirthrightPlan = birthright.Plan

func (s adminServer) birthrightPlan(r *http.Request) (any, error) {
	return s.workflow.Birthrights.Plan(r.Context(), operator(r))
}

// BirthrightPlan says what birthrights would do if everybody was looked at now. Nothing is changed.
func (c *AdminClient) BirthrightPlan(ctx context.Context, by string) (p BirthrightPlan, err error) {
	err = c.ask(ctx, http.MethodGet, "/birthright/plan", url.Values{"by": {by}}, &p)
	return p, err
}
