package google

import (
	"context"
	"fmt"
	"strings"
	"time"

	reports "google.golang.org/api/admin/reports/v1"

	"latchkey/idp"
)

// auditLog is Google's log of what people did.
type auditLog struct{ *api }

const (
	// logReach is how far back reports go (support.google.com, "Data retention and lag times").
	logReach = 180 * 24 * time.Hour
	// useLate is by how much reports may trail what happened: as a rule minutes to a few hours (support.google.com, "Data
	// retention and lag times"), and longer in rare cases.
	useLate = 24 * time.Hour
	logPage = 1000
	// samlPrefix begins the name of an application that people sign in to by SAML; others are OAuth client ids.
	samlPrefix = "saml:"
)

// RemembersUse is for how long the directory knows when an app was used.
func (Settings) RemembersUse() time.Duration { return logReach }

// Usage implements idp.UsageReporter. An app is the OAuth client id of one that signs people in by Google, or saml: and the
// name of one that does so by SAML.
func (d *auditLog) Usage(ctx context.Context, appID string) (idp.Usage, error) {
	now := d.cfg.Clock.Now().UTC()
	q := query{since: now.Add(-logReach)}
	source := "what apps were let do and did in Google's token log, which may be some hours late"
	if name, saml := strings.CutPrefix(appID, samlPrefix); saml {
		source = "sign-ins by SAML in Google's log, which may be some hours late"
		q.application, q.events, q.parameter, q.value = "saml", []string{"login_success"}, "application_name", name
	} else {
		if strings.ContainsAny(appID, ",=<> ") || appID == "" {
			return idp.Usage{}, fmt.Errorf("%s: %q is no app: write its OAuth client ID, or saml: and its name: %w", d.cfg.ID, appID, idp.ErrNotFound)
		}
		q.application, q.events, q.parameter, q.value = "token", []string{"authorize", "activity"}, "client_id", appID
		q.filter = "client_id==" + appID
	}
	return idp.Usage{Source: source, Since: q.since, Complete: now.Add(-useLate), All: func(yield func(idp.Use, error) bool) {
		last, err := d.lastUses(ctx, q)
		if err != nil {
			yield(idp.Use{}, err)
			return
		}
		for person, at := range last {
			if !yield(idp.Use{PersonID: person, Last: at}, nil) {
				return
			}
		}
	}}, nil
}

// query is what a report is asked for.
type query struct {
	application, parameter, value, filter string
	events                                []string
	since                                 time.Time
}

// lastUses reads the reports to their end: each kind of event comes with its latest first, but who used an app last by
// which is known only then.
func (d *auditLog) lastUses(ctx context.Context, q query) (map[string]time.Time, error) {
	last := map[string]time.Time{}
	for _, event := range q.events {
		list := pages(func(token string) ([]*reports.Activity, string, error) { return d.report(ctx, q, event, token) })
		for a, err := range list {
			if err != nil {
				return nil, err
			}
			if a.Actor == nil || a.Actor.ProfileId == "" || a.Id == nil || !about(a, event, q) {
				continue
			}
			if at := instant(a.Id.Time); at.After(last[a.Actor.ProfileId]) {
				last[a.Actor.ProfileId] = at
			}
		}
	}
	return last, nil
}

// about tells whether an entry is of the event and the app that were asked for: an entry may hold several events.
func about(a *reports.Activity, event string, q query) bool {
	for _, e := range a.Events {
		if e.Name != event {
			continue
		}
		for _, p := range e.Parameters {
			if p.Name == q.parameter && p.Value == q.value {
				return true
			}
		}
	}
	return false
}

func (d *auditLog) report(ctx context.Context, q query, event, token string) (some []*reports.Activity, next string, err error) {
	err = d.call(ctx, reports.AdminReportsAuditReadonlyScope, "read the "+q.application+" log", func(ctx context.Context) error {
		c := d.reports.Activities.List("all", q.application).EventName(event).StartTime(q.since.Format(time.RFC3339)).MaxResults(logPage).Context(ctx)
		if q.filter != "" {
			c = c.Filters(q.filter)
		}
		if token != "" {
			c = c.PageToken(token)
		}
		page, err := c.Do()
		if err == nil {
			some, next = page.Items, page.NextPageToken
		}
		return err
	})
	return some, next, err
}
