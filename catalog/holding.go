package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Holding is something that somebody may have, as a configuration names it: a role as in "figma/editor", any role
// of an app as in "figma", or a place in a group as in "okta:figma-editors".
type Holding struct {
	App   string
	Role  string   // empty: any role of the app
	Group GroupRef // instead of App and Role
}

// String is the form used in configuration.
func (h Holding) String() string {
	switch {
	case h.OfGroup():
		return h.Group.String()
	case h.Role == "":
		return h.App
	}
	return h.App + "/" + h.Role
}

// OfGroup reports whether it is a place in a group.
func (h Holding) OfGroup() bool { return h.Group != GroupRef{} }

// Ref is the role that is meant, where it is one.
func (h Holding) Ref() (RoleRef, bool) {
	return RoleRef{h.App, h.Role}, h.Role != "" && !h.OfGroup()
}

// Holding is the role as something that somebody may have.
func (r RoleRef) Holding() Holding { return Holding{App: r.App, Role: r.Role} }

// ParseHolding reads "app/role", "app", "directory:group" or "directory:id:id".
func ParseHolding(s string) (Holding, error) {
	switch text := strings.TrimSpace(s); {
	case strings.Contains(text, ":"):
		g, err := ParseGroupRef(text)
		return Holding{Group: g}, err
	case strings.Contains(text, "/"):
		ref, err := ParseRoleRef(text)
		return ref.Holding(), err
	case text != "" && !strings.ContainsAny(text, " \t"):
		return Holding{App: text}, nil
	}
	return Holding{}, fmt.Errorf("%q can't be held: write app/role, as in figma/editor, an app, or directory:group, as in okta:figma-editors", s)
}

// MarshalText keeps records readable.
func (h Holding) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (h *Holding) UnmarshalText(b []byte) (err error) {
	*h, err = ParseHolding(string(b))
	return err
}

// Holdings are what somebody has: roles that were given to them, and groups, whoever put them there. Of a group that
// is missing here it is not known whether they are in it.
type Holdings struct {
	Roles  []RoleRef
	Groups map[GroupRef]Truth
}

// Holds tells whether somebody has something. A role is held by whom it was given to, and by whoever is in all of its
// groups: then it opens what it opens.
func (c *Catalog) Holds(has Holdings, h Holding) Truth {
	if h.OfGroup() {
		return c.inGroup(has, h.Group)
	}
	if ref, one := h.Ref(); one {
		return c.hasRole(has, ref)
	}
	held := Told(slices.ContainsFunc(has.Roles, func(r RoleRef) bool { return r.App == h.App }))
	app, _ := c.App(h.App)
	for _, r := range app.Roles {
		held = held.Or(c.hasRole(has, RoleRef{h.App, r.ID}))
	}
	return held
}

func (c *Catalog) hasRole(has Holdings, ref RoleRef) Truth {
	_, role, _ := c.Role(ref.App, ref.Role)
	if slices.Contains(has.Roles, ref) || len(role.Groups) == 0 {
		return Told(slices.Contains(has.Roles, ref))
	}
	held := Yes
	for _, g := range role.Groups {
		held = held.And(c.inGroup(has, g))
	}
	return held
}

// inGroup tells whether somebody is in a group: it was seen, or a role that they were given opens it.
func (c *Catalog) inGroup(has Holdings, g GroupRef) Truth {
	opens := func(ref RoleRef) bool {
		_, role, _ := c.Role(ref.App, ref.Role)
		return slices.ContainsFunc(role.Groups, g.Confusable)
	}
	return Told(slices.ContainsFunc(has.Roles, opens)).Or(has.Groups[g])
}

// with is what somebody would have with a further role.
func (has Holdings) with(ref RoleRef) Holdings {
	has.Roles = append(slices.Clip(has.Roles), ref)
	return has
}

// And are holdings together: what is known of either is known of both.
func (has Holdings) And(more Holdings) Holdings {
	out := Holdings{Roles: slices.Concat(has.Roles, more.Roles), Groups: maps.Clone(has.Groups)}
	for g, t := range more.Groups {
		if out.Groups == nil {
			out.Groups = map[GroupRef]Truth{}
		}
		if out.Groups[g] != Yes {
			out.Groups[g] = t
		}
	}
	return out
}

// Names says what something is called that somebody may have.
func (c *Catalog) Names(h Holding) string {
	if h.OfGroup() {
		return "the group " + h.Group.Group
	}
	app, known := c.App(h.App)
	if !known {
		return h.String()
	}
	if role, is := app.Role(h.Role); is {
		return app.Name + " · " + role.Name
	}
	if h.Role != "" {
		return app.Name + " · " + h.Role
	}
	return app.Name
}

// groupsOf are the groups that say whether somebody has something.
func (c *Catalog) groupsOf(h Holding) (out []GroupRef) {
	if h.OfGroup() {
		return []GroupRef{h.Group}
	}
	app, _ := c.App(h.App)
	for _, r := range app.Roles {
		if h.Role == "" || h.Role == r.ID {
			out = append(out, r.Groups...)
		}
	}
	return out
}

// NeededGroups are the groups in which somebody has to be to have the role. A role that is needed counts where it
// was given, not by its groups.
func (r Role) NeededGroups() (out []GroupRef) {
	for _, need := range r.Needs {
		if need.OfGroup() {
			out = append(out, need.Group)
		}
	}
	return out
}
