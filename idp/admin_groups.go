package idp

import "context"

// AdminGroups tells which groups make administrators of the directory itself of those who are in them.
type AdminGroups interface {
	// AdminRoles are the roles of an administrator that a group carries, in the directory's words and in a steady order;
	// none where it carries none. No such group: ErrNotFound. Whoever may not see it: ErrDenied, which says nothing of
	// the group.
	AdminRoles(ctx context.Context, groupID string) ([]string, error)
}
