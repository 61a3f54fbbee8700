package catalog

import (
	"fmt"
	"strings"
)

// RoleRef names a role of an app, as in "figma/editor".
type RoleRef struct {
	App  string
	Role string
}

// String is the form used in configuration.
func (r RoleRef) String() string { return r.App + "/" + r.Role }

// ParseRoleRef reads "app/role".
func ParseRoleRef(s string) (RoleRef, error) {
	app, role, ok := strings.Cut(s, "/")
	app, role = strings.TrimSpace(app), strings.TrimSpace(role)
	if !ok || app == "" || role == "" {
		return RoleRef{}, fmt.Errorf("%q is not a role: write app/role, for example figma/editor", s)
	}
	return RoleRef{app, role}, nil
}
