package world

import (
	"fmt"
	"slices"
	"time"
)

// AdminRole is a role of an administrator that was assigned to a group.
type AdminRole struct {
	ID, Type string
	Since    time.Time
}

// roleLabels are the administrator roles that are modelled, as Okta calls them.
func roleLabels() map[string]string {
	return map[string]string{
		"SUPER_ADMIN": "Super Administrator", "ORG_ADMIN": "Organization Administrator", "APP_ADMIN": "Application Administrator",
		"USER_ADMIN": "Group Administrator", "HELP_DESK_ADMIN": "Help Desk Administrator", "READ_ONLY_ADMIN": "Read-Only Administrator",
	}
}

// Label is what Okta calls the role.
func (r AdminRole) Label() string { return roleLabels()[r.Type] }

// AssignRole has everybody in a group be an administrator, as a super administrator does in the Admin Console.
func (w *World) AssignRole(group, kind string) error {
	return w.changeRoles(group, func(s *State, g *LiveGroup) error {
		if roleLabels()[kind] == "" {
			return fmt.Errorf("okta: the role %q is not modelled", kind)
		}
		if !slices.ContainsFunc(g.Roles, func(r AdminRole) bool { return r.Type == kind }) {
			g.Roles = append(g.Roles, AdminRole{ID: fmt.Sprintf("grr%017d", s.next()), Type: kind, Since: s.Now()})
			s.record("group.privilege.grant", admin(), g.target())
		}
		return nil
	})
}

// UnassignRoles takes all of a group's administrator roles from it.
func (w *World) UnassignRoles(group string) error {
	return w.changeRoles(group, func(s *State, g *LiveGroup) error {
		if len(g.Roles) > 0 {
			g.Roles = nil
			s.record("group.privilege.revoke", admin(), g.target())
		}
		return nil
	})
}

func (w *World) changeRoles(group string, change func(*State, *LiveGroup) error) error {
	err := fmt.Errorf("okta: there is no group %s", group)
	w.Update(func(s *State) {
		if g := s.groupNamed(group); g != nil {
			err = change(s, g)
			s.note("group.saved", g.ID)
		}
	})
	return err
}
