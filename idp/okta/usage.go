package okta

import (
	"context"
	"fmt"
	"time"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"
)

const (
	// logReach is how far back the System Log answers (developer.okta.com, "System Log").
	logReach = 90 * 24 * time.Hour
	// logSkew allows for a clock here that is behind Okta's.
	logSkew    = 5 * time.Minute
	timeLayout = "2006-01-02T15:04:05.000Z"
)

// LastUse implements idp.UsageReporter from the System Log, which knows the last 90 days.
func (d *Directory) LastUse(ctx context.Context, personID, appID string) (time.Time, bool, error) {
	var events []*sdk.LogEvent
	err := d.call(ctx, "read the System Log", func(ctx context.Context, c *sdk.Client) (resp *sdk.Response, err error) {
		events, resp, err = c.LogEvent.GetLogs(ctx, d.signIns(personID, appID))
		return resp, err
	})
	if err != nil || len(events) == 0 || events[0].Published == nil {
		return time.Time{}, false, err
	}
	return *events[0].Published, true, nil
}

// signIns asks for the latest success: the event is written for failures too. A query without an end
// would be one that polls and never runs out of pages.
func (d *Directory) signIns(personID, appID string) *query.Params {
	now := d.cfg.Now().UTC()
	return query.NewQueryParams(
		query.WithFilter(fmt.Sprintf(`eventType eq "user.authentication.sso" and outcome.result eq "SUCCESS" and actor.id eq %s and target.id eq %s`, quote(personID), quote(appID))),
		query.WithSince(now.Add(-logReach).Format(timeLayout)),
		query.WithUntil(now.Add(logSkew).Format(timeLayout)),
		query.WithSortOrder("DESCENDING"),
		query.WithLimit(1),
	)
}
