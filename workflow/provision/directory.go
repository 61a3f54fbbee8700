package provision

import (
	"context"
	"slices"

	"latchkey/catalog"
	"latchkey/idp"
)

// findGroup finds a configured group.
func findGroup(ctx context.Context, d idp.Directory, ref catalog.GroupRef) (idp.Group, error) {
	return d.Group(ctx, ref.Group)
}

// isMember reads one membership, the cheapest way the directory has.
func isMember(ctx context.Context, d idp.Directory, group, person string) (bool, error) {
	if c, ok := d.(idp.MemberChecker); ok {
		return c.IsMember(ctx, group, person)
	}
	members, err := d.Members(ctx, group)
	return slices.ContainsFunc(members, func(m idp.Membership) bool { return m.PersonID == person }), err
}
