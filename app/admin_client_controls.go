package app

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Holdings are what offboarding somebody would end.
func (c *AdminClient) Holdings(ctx context.Context, person, by string) (h Holding, err error) {
	err = c.ask(ctx, http.MethodGet, "/offboard", url.Values{"person": {person}, "by": {by}}, &h)
	return h, err
}

// Offboard ends everything somebody holds.
func (c *AdminClient) Offboard(ctx context.Context, person, reason, by string) (h Holding, err error) {
	err = c.ask(ctx, http.MethodPost, "/offboard", url.Values{"person": {person}, "reason": {reason}, "by": {by}}, &h)
	return h, err
}

// Pause stops new access for a while.
func (c *AdminClient) Pause(ctx context.Context, wanted time.Duration, reason, by string) (p Pause, err error) {
	err = c.ask(ctx, http.MethodPost, "/pause", url.Values{"for": {wanted.String()}, "reason": {reason}, "by": {by}}, &p)
	return p, err
}

// Resume ends a pause.
func (c *AdminClient) Resume(ctx context.Context, by string) (p Pause, err error) {
	err = c.ask(ctx, http.MethodPost, "/resume", url.Values{"by": {by}}, &p)
	return p, err
}

// AcceptRestored takes a restored store as it is: new access goes on.
func (c *AdminClient) AcceptRestored(ctx context.Context, by string) (h RestoredQuarantine, err error) {
	err = c.ask(ctx, http.MethodPost, "/restore/accept", url.Values{"by": {by}}, &h)
	return h, err
}
