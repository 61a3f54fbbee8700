package okta

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"

	"latchkey/idp"
)

// changes tries whether members can be changed, by putting somebody into the test group who is in it: Okta answers
// that with success, and nothing changes.
func (d *Directory) changes(ctx context.Context) idp.Finding {
	f := idp.Finding{Check: "change members"}
	if d.cfg.ProbeGroup == "" {
		f.OK, f.Detail = true, "It is seen at the first change; where probe_group names a test group with somebody in it, it is tried there."
		return f
	}
	group, err := d.FindGroup(ctx, d.cfg.ProbeGroup)
	if err != nil {
		f.Detail = fmt.Sprintf("The test group %q (probe_group) can't be read: %v", d.cfg.ProbeGroup, err)
		return f
	}
	who, err := d.anybodyIn(ctx, group.ID)
	switch {
	case err != nil:
		f.Detail = err.Error()
	case who == "":
		f.Detail = fmt.Sprintf("Nobody is in the test group %q (probe_group), so it can't be tried: put somebody into it who has not left.", d.cfg.ProbeGroup)
	default:
		if err = d.Add(ctx, group.ID, who); err != nil {
			f.Detail = err.Error()
			break
		}
		f.OK, f.Detail = true, fmt.Sprintf("Members can be changed: it was tried in the group %q, with somebody who is in it.", d.cfg.ProbeGroup)
	}
	return f
}

// anybodyIn is somebody in a group who has not left; "" if there is nobody.
func (d *Directory) anybodyIn(ctx context.Context, groupID string) (string, error) {
	in, err := d.Members(ctx, groupID)
	if err != nil {
		return "", err
	}
	for m, err := range in.All {
		if err != nil || m.Status != idp.Left {
			return m.PersonID, err
		}
	}
	return "", nil
}

// excess says what the credentials allow beyond what Latchkey uses: whoever gets hold of them can do it, too.
func (d *Directory) excess(ctx context.Context) idp.Finding {
	f := idp.Finding{Check: "no more rights than needed", OK: true, Detail: "None was found."}
	if d.cfg.ClientID != "" {
		if more := unneeded(d.cfg.Scopes); len(more) > 0 {
			f.Detail = "It has more than it needs. Latchkey has no use for " + strings.Join(more, ", ") + ": take that out of scopes, and from the service app."
		}
		return f
	}
	roles, err := d.ownRoles(ctx)
	switch {
	case errors.Is(err, idp.ErrDenied) && !errors.As(err, new(badCredentials)):
		f.Detail = "What the token's owner may do besides can't be seen with it."
	case err != nil:
		f.OK, f.Detail = false, err.Error()
	default:
		if more := slices.DeleteFunc(roles, func(r string) bool { return !slices.Contains(broadRoles(), r) }); len(more) > 0 {
			f.Detail = "It has more than it needs. The token's owner is " + strings.Join(more, ", ") + ": make the token as an administrator who may only read, and change who is in groups."
		}
	}
	return f
}

// broadRoles are administrator roles that are never needed (developer.okta.com, "Standard role types").
func broadRoles() []string {
	return []string{"SUPER_ADMIN", "ORG_ADMIN", "APP_ADMIN", "API_ACCESS_MANAGEMENT_ADMIN", "MOBILE_ADMIN"}
}

// unneeded are the scopes that nothing here uses.
func unneeded(scopes []string) (more []string) {
	known := append(StandardScopes(), "okta.orgs.read", scopeManageUsers, scopeReadRoles)
	for _, s := range scopes {
		if !slices.Contains(known, s) {
			more = append(more, s)
		}
	}
	return more
}

// ownRoles are the administrator roles of whoever owns the API token.
func (d *Directory) ownRoles(ctx context.Context) (kinds []string, err error) {
	var assigned []*sdk.Role
	err = d.call(ctx, "see what the token's owner may do", func(ctx context.Context, c *sdk.Client) (*sdk.Response, error) {
		me, resp, err := c.User.GetUser(ctx, "me")
		if err == nil {
			assigned, resp, err = c.User.ListAssignedRolesForUser(ctx, me.Id, nil)
		}
		return resp, err
	})
	for _, r := range assigned {
		kinds = append(kinds, r.Type)
	}
	return kinds, err
}
