package google

import (
	"context"
	"slices"
	"strconv"

	admin "google.golang.org/api/admin/directory/v1"
)

// adminRoles are the roles of those who administer the customer.
type adminRoles struct {
	*api
	groups *groups
}

const rolePage = 100 // the most roles, and the most of their assignments, that a page holds

// AdminRoles implements idp.AdminGroups: the administrator roles that are assigned to a group.
func (d *adminRoles) AdminRoles(ctx context.Context, groupID string) ([]string, error) {
	if _, err := d.groups.readGroup(ctx, groupID); err != nil {
		return nil, err
	}
	assigned, err := d.assignments(ctx, func(a *admin.RoleAssignment) bool { return a.AssignedTo == groupID })
	if err != nil || len(assigned) == 0 {
		return nil, err
	}
	names, err := d.roleNames(ctx)
	if err != nil {
		return nil, err
	}
	var roles []string
	for _, id := range assigned {
		name := names[id]
		if name == "" {
			name = "the role " + strconv.FormatInt(id, 10)
		}
		roles = append(roles, name)
	}
	slices.Sort(roles)
	return slices.Compact(roles), nil
}

// assignments are the ids of the roles in those that are wanted.
func (d *adminRoles) assignments(ctx context.Context, wanted func(*admin.RoleAssignment) bool) (roles []int64, err error) {
	list := pages(func(token string) (some []*admin.RoleAssignment, next string, err error) {
		err = d.call(ctx, admin.AdminDirectoryRolemanagementReadonlyScope, "see who has administrator roles", func(ctx context.Context) error {
			c := d.admin.RoleAssignments.List(myCustomer).MaxResults(rolePage).Context(ctx)
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
	})
	for a, err := range list {
		if err != nil {
			return nil, err
		}
		if wanted(a) {
			roles = append(roles, a.RoleId)
		}
	}
	return roles, nil
}

func (d *adminRoles) roleNames(ctx context.Context) (map[int64]string, error) {
	names := map[int64]string{}
	list := pages(func(token string) (some []*admin.Role, next string, err error) {
		err = d.call(ctx, admin.AdminDirectoryRolemanagementReadonlyScope, "read the administrator roles", func(ctx context.Context) error {
			c := d.admin.Roles.List(myCustomer).MaxResults(rolePage).Context(ctx)
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
	})
	for r, err := range list {
		if err != nil {
			return nil, err
		}
		names[r.RoleId] = r.RoleName
	}
	return names, nil
}
