package people

import (
	"context"

	"latchkey/idp"
)

// guardedAdminGroups are the groups of an organisation that make administrators, as long as it is ours.
type guardedAdminGroups struct {
	*guarded
	inner idp.AdminGroups
}

// AdminRoles implements idp.AdminGroups.
func (g guardedAdminGroups) AdminRoles(ctx context.Context, groupID string) ([]string, error) {
	return read(ctx, g.guarded, func() ([]string, error) { return g.inner.AdminRoles(ctx, groupID) })
}
