package idp

import (
	"context"
	"log/slog"
	"time"
)

type loggedAdminGroups struct {
	logged
	inner AdminGroups
}

// AdminRoles implements AdminGroups.
func (l loggedAdminGroups) AdminRoles(ctx context.Context, groupID string) ([]string, error) {
	began := time.Now()
	roles, err := l.inner.AdminRoles(ctx, groupID)
	l.tell(ctx, slog.LevelDebug, "admin roles", began, err, "group", groupID, "roles", roles)
	return roles, err
}
