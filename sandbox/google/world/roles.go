package world

import "fmt"

// Role is a role of an administrator.
type Role struct {
	ID         int64
	Name       string
	Privileges []string // such as USERS_RETRIEVE
	Super      bool
}

// Assignment gives a role to an account or to a group.
type Assignment struct {
	ID, Role int64
	To       string // the id
	Group    bool
}

// AddRole makes a role; one of the same name is replaced.
func (w *World) AddRole(r Role) {
	w.Update(func(s *State) {
		for _, old := range s.Roles {
			if old.Name == r.Name {
				old.Privileges, old.Super = r.Privileges, r.Super
				return
			}
		}
		r.ID = 10_000_000_000_000_000 + s.Number()
		s.Roles = append(s.Roles, &r)
		s.note("role.saved", r.Name)
	})
}

// AssignRole gives a role to an account or a group, by its id or address.
func (w *World) AssignRole(role, to string) (err error) {
	w.Update(func(s *State) {
		for _, r := range s.Roles {
			if r.Name != role {
				continue
			}
			m := s.MemberOf(to)
			s.Assigned = append(s.Assigned, &Assignment{ID: 20_000_000_000_000_000 + s.Number(), Role: r.ID, To: m.ID, Group: m.Type == TypeGroup})
			s.note("role.assigned", to)
			return
		}
		err = fmt.Errorf("google: there is no role %s", role)
	})
	return err
}

// May tells whether an account has a privilege, by itself or by a group it is in.
func (s *State) May(u *LiveUser, privilege string) bool {
	if u.Super {
		return true
	}
	for _, a := range s.Assigned {
		g := s.Group(a.To)
		if a.To != u.ID && (g == nil || !g.Holds(u.ID)) {
			continue
		}
		for _, r := range s.Roles {
			if r.ID == a.Role && (r.Super || contains(r.Privileges, privilege)) {
				return true
			}
		}
	}
	return false
}

// Delegated tells whether an account has any role of an administrator.
func (s *State) Delegated(id string) bool {
	for _, a := range s.Assigned {
		if a.To == id {
			return true
		}
	}
	return false
}

func contains(all []string, one string) bool {
	for _, o := range all {
		if o == one {
			return true
		}
	}
	return false
}
