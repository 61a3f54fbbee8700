package catalog

import "slices"

// Holds tells whether somebody has something. A role is held by whom it was given to, and by whoever is in all of its
// groups: then it opens what it opens.
func Holds(c *Catalog, has Holdings, h Holding) Truth {
	if h.OfGroup() {
		return isIn(c, has, h.Group)
	}
	if ref, one := h.Ref(); one {
		return hasRole(c, has, ref)
	}
	held := Told(slices.ContainsFunc(has.Roles, func(r RoleRef) bool { return r.App == h.App }))
	app, _ := c.App(h.App)
	for _, r := range app.Roles {
		held = held.Or(hasRole(c, has, RoleRef{h.App, r.ID}))
	}
	return held
}

func hasRole(c *Catalog, has Holdings, ref RoleRef) Truth {
	_, role, _ := c.Role(ref.App, ref.Role)
	if slices.Contains(has.Roles, ref) || len(role.Groups) == 0 {
		return Told(slices.Contains(has.Roles, ref))
	}
	held := Yes
	for _, g := range role.Groups {
		held = held.And(isIn(c, has, g))
	}
	return held
}

// isIn tells whether somebody is in a group: it was seen, or a role that they were given opens it.
func isIn(c *Catalog, has Holdings, g GroupRef) Truth {
	opens := func(ref RoleRef) bool {
		_, role, _ := c.Role(ref.App, ref.Role)
		return slices.ContainsFunc(role.Groups, g.Confusable)
	}
	return Told(slices.ContainsFunc(has.Roles, opens)).Or(has.Groups[g])
}

// PlainName is Names for those who ask and decide, and need not know what a group of a directory is.
func (c *Catalog) PlainName(h Holding) string {
	if h.OfGroup() {
		return h.Group.Group
	}
	return c.Names(h)
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
func groupsOf(c *Catalog, h Holding) (out []GroupRef) {
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
