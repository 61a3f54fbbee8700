package entra

import (
	"context"
	"slices"
)

// adminGroups are the groups by which people are administrators of the tenant.
type adminGroups struct{ d *groups }

// AdminRoles implements idp.AdminGroups. Only a group to which roles can be assigned carries any. Which they are is
// shown with a permission of its own; and those that people may take up for a while, or that an organisation has made
// itself, aren't shown at all: so such a group is said to be one in any case.
func (a adminGroups) AdminRoles(ctx context.Context, groupID string) ([]string, error) {
	g, err := a.d.readGroup(ctx, groupID)
	if err != nil || !g.Assignable {
		return nil, err
	}
	all, err := list[account](ctx, a.d.api, "see which administrator roles the group "+groupID+" carries", exchange{path: "/groups/" + groupID + "/memberOf", query: options("$top", mostInPage)})
	if err != nil {
		return nil, err
	}
	var roles []string
	for _, r := range all {
		if r.Kind == kindRole {
			roles = append(roles, firstOf(r.Name, "a role that Latchkey may not see (grant "+permitRoles+")"))
		}
	}
	if len(roles) == 0 {
		roles = []string{"any role: administrators can assign roles to it"}
	}
	slices.Sort(roles)
	return slices.Compact(roles), nil
}
