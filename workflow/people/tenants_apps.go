package people

import (
	"context"

	"latchkey/idp"
)

// guardedApps are the applications of an organisation, as long as it is ours.
type guardedApps struct {
	*guarded
	inner idp.AppLister
}

// Apps implements idp.AppLister.
func (g guardedApps) Apps(ctx context.Context) ([]idp.App, error) {
	return read(ctx, g.guarded, func() ([]idp.App, error) { return g.inner.Apps(ctx) })
}

// Assignments implements idp.AppLister.
func (g guardedApps) Assignments(ctx context.Context, appID string) (idp.Assignments, error) {
	return read(ctx, g.guarded, func() (idp.Assignments, error) { return g.inner.Assignments(ctx, appID) })
}

type guardedReporter struct {
	*guarded
	inner idp.UsageReporter
}

// Usage implements idp.UsageReporter.
func (g guardedReporter) Usage(ctx context.Context, appID string) (idp.Usage, error) {
	return read(ctx, g.guarded, func() (idp.Usage, error) { return g.inner.Usage(ctx, appID) })
}

type guardedLister struct {
	*guarded
	inner idp.Lister
}

// Groups implements idp.Lister.
func (g guardedLister) Groups(ctx context.Context, prefix string) ([]idp.Group, error) {
	return read(ctx, g.guarded, func() ([]idp.Group, error) { return g.inner.Groups(ctx, prefix) })
}

type guardedSizer struct {
	*guarded
	inner idp.GroupSizer
}

// GroupSizes implements idp.GroupSizer.
func (g guardedSizer) GroupSizes(ctx context.Context, groupIDs []string) (map[string]int, error) {
	return read(ctx, g.guarded, func() (map[string]int, error) { return g.inner.GroupSizes(ctx, groupIDs) })
}
