package okta

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"

	"latchkey/idp"
)

// scopeReadRoles is what a service app needs besides to see which groups carry administrator roles.
const scopeReadRoles = "okta.roles.read"

// adminGroups are the groups of the org by which people are its administrators.
type adminGroups struct{ d *Directory }

// AdminRoles implements idp.AdminGroups. A role that is not active makes nobody an administrator.
func (a adminGroups) AdminRoles(ctx context.Context, groupID string) ([]string, error) {
	if groupID == "" {
		return nil, fmt.Errorf("%s: a group without an id, look it up by name first: %w", a.d.cfg.ID, idp.ErrNotFound)
	}
	var assigned []*sdk.Role
	err := a.d.call(ctx, fmt.Sprintf("see which administrator roles the group %s carries (a service app needs the scope %s, an API token an administrator who may view roles)", groupID, scopeReadRoles), func(ctx context.Context, c *sdk.Client) (resp *sdk.Response, err error) {
		assigned, resp, err = c.Group.ListGroupAssignedRoles(ctx, url.PathEscape(groupID), nil)
		return resp, err
	})
	if err != nil {
		return nil, err
	}
	var roles []string
	for _, r := range assigned {
		if r.Status == "" || r.Status == "ACTIVE" {
			roles = append(roles, cmp.Or(r.Label, r.Type, "a role without a name"))
		}
	}
	slices.Sort(roles)
	return slices.Compact(roles), nil
}
