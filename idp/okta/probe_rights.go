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
		f.OK, f.Untried, f.Detail = true, true, "It is seen at the first change; where probe_group names a test group with somebody in it, it is tried there."
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

// rights says what the credentials lack, as far as that can be seen, and what they allow beyond what Latchkey uses: whoever
// gets hold of them can do it, too.
func (d *Directory) rights(ctx context.Context) idp.Finding {
	f := idp.Finding{Check: "no more rights than needed", OK: true, Detail: "None was found."}
	if d.cfg.ClientID != "" {
		if more := unneeded(d.cfg.Scopes); len(more) > 0 {
			f.Note, f.Detail = true, "It has more than it needs. Latchkey has no use for "+strings.Join(more, ", ")+": take that out of scopes, and from the service app."
		}
		return f
	}
	roles, err := d.ownRoles(ctx)
	switch {
	case errors.Is(err, idp.ErrDenied) && !errors.As(err, new(badCredentials)):
		f.Detail = "What the token's owner may do besides can't be seen with it."
	case err != nil:
		f.OK, f.Detail = false, err.Error()
	case readsOnly(roles):
		return idp.Finding{Check: "rights to change members", Detail: "The token's owner is " + roleNames(roles) + " only, who can't put anybody into a group: give them the role Group Membership Administrator, for the groups of the catalogue."}
	default:
		if more := slices.DeleteFunc(roles, func(r string) bool { return !slices.Contains(broadRoles(), r) }); len(more) > 0 {
			f.Note, f.Detail = true, "It has more than it needs. The token's owner is "+roleNames(more)+": make the token as an administrator who may only read, and change who is in groups."
		}
	}
	return f
}

// readsOnly: by all of these roles together nobody is put into a group (help.okta.com, "Standard administrator roles and
// permissions"). One that the organisation made itself may allow anything.
func readsOnly(roles []string) bool {
	return len(roles) > 0 && !slices.ContainsFunc(roles, func(r string) bool {
		return !slices.Contains([]string{"READ_ONLY_ADMIN", "REPORT_ADMIN", "APP_ADMIN", "API_ACCESS_MANAGEMENT_ADMIN", "MOBILE_ADMIN"}, r)
	})
}

// roleNames are roles as Okta's pages call them, as in "Super Administrator".
func roleNames(roles []string) string {
	var names []string
	for _, r := range roles {
		name := ""
		for word := range strings.SplitSeq(strings.TrimSuffix(r, "_ADMIN"), "_") {
			name += word[:min(1, len(word))] + strings.ToLower(word[min(1, len(word)):]) + " "
		}
		names = append(names, name+"Administrator")
	}
	return strings.Join(names, ", ")
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
