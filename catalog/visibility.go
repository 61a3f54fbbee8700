package catalog

import "slices"

// Hides reports whether there is anything that some people aren't shown.
func (p Policy) Hides() bool {
	return slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.Then.Hide })
}

// Shown is the catalogue as somebody sees it, of whom a says who they are: without the roles that a rule
// hides from them, for certain or perhaps. An app of which nothing is left isn't offered to them.
func (c *Catalog) Shown(a Attributes) *Catalog {
	if !c.policy.Hides() {
		return c
	}
	out, hidden := *c, map[RoleRef]bool{}
	out.apps = slices.Clone(c.apps)
	for i, app := range c.apps {
		roles := slices.DeleteFunc(slices.Clone(app.Roles), func(r Role) bool {
			a.App, a.Role, a.Wanted = app, r, r.Durations.Default
			hidden[RoleRef{app.ID, r.ID}] = c.policy.hide(a)
			return hidden[RoleRef{app.ID, r.ID}]
		})
		if len(roles) == 0 && len(app.Roles) > 0 {
			out.apps[i].Status = Unassigned
		}
		out.apps[i].Roles = roles
	}
	out.bundles = nil
	for _, b := range c.bundles {
		if b.Roles = slices.DeleteFunc(slices.Clone(b.Roles), func(r RoleRef) bool { return hidden[r] }); len(b.Roles) > 0 {
			out.bundles = append(out.bundles, b)
		}
	}
	out.offered, out.categories = nil, nil
	out.arrange()
	return &out
}

// hide tells whether a rule hides what is asked for, for certain or perhaps.
func (p Policy) hide(a Attributes) bool {
	return slices.ContainsFunc(p.Rules, func(r Rule) bool {
		if !r.Then.Hide {
			return false
		}
		truth, _ := r.If.Holds(a)
		return truth != No
	})
}
