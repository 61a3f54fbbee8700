package idp

import (
	"context"
	"log/slog"
	"time"
)

type loggedApps struct {
	logged
	inner AppLister
}

// Apps implements AppLister.
func (l loggedApps) Apps(ctx context.Context) ([]App, error) {
	began := time.Now()
	apps, err := l.inner.Apps(ctx)
	l.tell(ctx, slog.LevelDebug, "apps", began, err, "count", len(apps))
	return apps, err
}

// Assignments implements AppLister.
func (l loggedApps) Assignments(ctx context.Context, appID string) (Assignments, error) {
	began := time.Now()
	all, err := l.inner.Assignments(ctx, appID)
	l.tell(ctx, slog.LevelDebug, "assignments", began, err, "app", appID, "groups", len(all.Groups))
	return all, err
}

type loggedSizer struct {
	logged
	inner GroupSizer
}

// GroupSizes implements GroupSizer.
func (l loggedSizer) GroupSizes(ctx context.Context, groupIDs []string) (map[string]int, error) {
	began := time.Now()
	sizes, err := l.inner.GroupSizes(ctx, groupIDs)
	l.tell(ctx, slog.LevelDebug, "group sizes", began, err, "asked", len(groupIDs), "known", len(sizes))
	return sizes, err
}
