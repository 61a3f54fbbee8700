package okta

import (
	"context"
	"fmt"
	"time"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"latchkey/idp"
)

const (
	// logReach is how far back the System Log answers (developer.okta.com, "System Log").
	logReach = 90 * 24 * time.Hour
	// logSkew allows for a clock here that is behind Okta's.
	logSkew = 5 * time.Minute
	// useLate is by how much the log may trail what happened: it is called near real time, and no figure is given.
	useLate = 15 * time.Minute
	// logPage is the most that one page of the System Log holds.
	logPage    = 1000
	timeLayout = "2006-01-02T15:04:05.000Z"
)

// RemembersUse is for how long the directory knows when an app was used.
func (Settings) RemembersUse() time.Duration { return logReach }

// Usage implements idp.UsageReporter from the System Log, which knows the last 90 days.
func (d *Directory) Usage(ctx context.Context, appID string) (idp.Usage, error) {
	now := d.cfg.Clock.Now().UTC()
	p := &pager[*sdk.LogEvent]{api: d.api, what: "read the System Log", first: func(ctx context.Context, c *sdk.Client) ([]*sdk.LogEvent, *sdk.Response, error) {
		return c.LogEvent.GetLogs(ctx, signIns(appID, now, logPage))
	}}
	page, err := p.next(ctx)
	if err != nil {
		return idp.Usage{}, err
	}
	return idp.Usage{Source: "sign-ins in Okta's System Log", Since: now.Add(-logReach), Complete: now.Add(-useLate), All: func(yield func(idp.Use, error) bool) {
		seen := map[string]bool{}
		for e, err := range p.rest(ctx, page) {
			if err != nil {
				yield(idp.Use{}, err)
				return
			}
			if e.Actor == nil || e.Published == nil || seen[e.Actor.Id] {
				continue // the newest comes first
			}
			seen[e.Actor.Id] = true
			if !yield(idp.Use{PersonID: e.Actor.Id, Last: *e.Published}, nil) {
				return
			}
		}
	}}, nil
}

// signIns asks for the successes, the latest first: the event is written for failures too. A query without
// an end would be one that polls and never runs out of pages.
func signIns(appID string, now time.Time, most int64) *query.Params {
	return query.NewQueryParams(
		query.WithFilter(fmt.Sprintf(`eventType eq "user.authentication.sso" and outcome.result eq "SUCCESS" and target.id eq %s`, quote(appID))),
		query.WithSince(now.Add(-logReach).Format(timeLayout)),
		query.WithUntil(now.Add(logSkew).Format(timeLayout)),
		query.WithSortOrder("DESCENDING"),
		query.WithLimit(most),
	)
}
