package app

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"latchkey/workflow/erasure"
)

// Erasure is what there is to erase of somebody, and what was erased.
type Erasure = erasure.Plan

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
