package idptest

import (
	"context"
	"fmt"
	"slices"

	"latchkey/idp"
)

// MakeAdmin has a group carry an administrator's role.
func (v *Vendor) MakeAdmin(groupID, role string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.admins[groupID] = append(v.admins[groupID], role)
}

// NoAdmin has a group carry none any more.
func (v *Vendor) NoAdmin(groupID string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.admins, groupID)
}

// AdminRoles implements idp.AdminGroups.
func (d directory) AdminRoles(ctx context.Context, groupID string) (roles []string, err error) {
	err = d.v.reads(ctx, func() error {
		if d.v.group(groupID) == nil {
			return fmt.Errorf("%s: no group has the id %q: %w", d.ID(), groupID, idp.ErrNotFound)
		}
		roles = slices.Sorted(slices.Values(d.v.admins[groupID]))
		return nil
	})
	return roles, err
}

// seesAdminGroups: what a group carries and nothing of others, and a right that lacks is no answer.
func seesAdminGroups(w world) {
	sees, able := idp.As[idp.AdminGroups](w.Directory)
	if !able {
		return
	}
	admins, plain := w.AddGroup("it-admins", Plain), w.AddGroup("figma", Plain)
	w.MakeAdmin(admins, "Super Administrator")
	w.MakeAdmin(admins, "Application Administrator")
	if roles, err := sees.AdminRoles(w.ctx, admins); err != nil || !slices.Equal(roles, []string{"Application Administrator", "Super Administrator"}) {
		w.Errorf("AdminRoles = %q, %v", roles, err)
	}
	if roles, err := sees.AdminRoles(w.ctx, plain); err != nil || len(roles) != 0 {
		w.Errorf("AdminRoles of a plain group = %q, %v", roles, err)
	}
	for _, none := range []string{"none", ""} {
		_, err := sees.AdminRoles(w.ctx, none)
		w.wantErr("AdminRoles of no group", err, idp.ErrNotFound)
	}
	w.Fail(Denied)
	_, err := sees.AdminRoles(w.ctx, admins)
	w.wantErr("AdminRoles without the right", err, idp.ErrDenied)
}
