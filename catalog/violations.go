package catalog

import "slices"

// Violations says which conflicts somebody has by what they have. Where it isn't known of a thing whether
// they have it, and they may have the other one, that is one, too: it says that it isn't known.
func (c *Catalog) Violations(has Holdings) (out []Violation) {
	for _, k := range c.policy.Conflicts {
		for _, a := range k.Not[0] {
			for _, b := range k.Not[1] {
				if t := Holds(c, has, a).And(Holds(c, has, b)); t != No {
					out = append(out, Violation{k, [2]Holding{a, b}, t == Yes})
				}
			}
		}
	}
	return out
}

// Brings says which conflicts somebody would have by getting a role, or has by it already.
func (c *Catalog) Brings(has Holdings, ref RoleRef) []Violation {
	if len(c.policy.Conflicts) == 0 {
		return nil
	}
	with := has.with(ref)
	return slices.DeleteFunc(c.Violations(with), func(v Violation) bool {
		matters := func(h Holding) bool { return gives(c, ref, h) || Holds(c, with, h) != Holds(c, has, h) }
		return !slices.ContainsFunc(v.Between[:], matters)
	})
}

// Other is what of a violation a role doesn't give by itself.
func Other(c *Catalog, v Violation, ref RoleRef) Holding {
	if gives(c, ref, v.Between[0]) {
		return v.Between[1]
	}
	return v.Between[0]
}

// gives tells whether a role alone gives something.
func gives(c *Catalog, ref RoleRef, h Holding) bool {
	return Holds(c, Holdings{Roles: []RoleRef{ref}}, h) == Yes
}

// touches tells whether a role gives something, or opens a group that may be the same as one of its.
func touches(c *Catalog, ref RoleRef, h Holding) bool {
	_, role, _ := c.Role(ref.App, ref.Role)
	return gives(c, ref, h) || slices.ContainsFunc(groupsOf(c, h), func(g GroupRef) bool { return slices.ContainsFunc(role.Groups, g.Confusable) })
}

// Conflicting tells whether a role has to do with any conflict.
func (c *Catalog) Conflicting(ref RoleRef) bool { return len(besides(c, ref)) > 0 }

// besides are the things of which somebody's having them can stand against a role.
func besides(c *Catalog, ref RoleRef) (out []Holding) {
	for _, k := range c.policy.Conflicts {
		for side, list := range k.Not {
			if slices.ContainsFunc(list, func(h Holding) bool { return touches(c, ref, h) }) {
				out = append(append(out, k.Not[1-side]...), list...)
			}
		}
	}
	return out
}

// Watched are the groups that conflicts and prerequisites are about: of all roles where ref is the zero reference,
// of none where it names a role that there is not, or no role yet.
func Watched(c *Catalog, ref RoleRef) (out []GroupRef) {
	var roles []Role
	var things []Holding
	switch _, role, one := c.Role(ref.App, ref.Role); {
	case one:
		roles, things = []Role{role}, besides(c, ref)
	case ref == RoleRef{}:
		for _, a := range c.apps {
			roles = append(roles, a.Roles...)
		}
		for _, k := range c.policy.Conflicts {
			things = append(append(things, k.Not[0]...), k.Not[1]...)
		}
	}
	for _, r := range roles {
		out = append(out, r.NeededGroups()...)
	}
	for _, h := range things {
		out = append(out, groupsOf(c, h)...)
	}
	return out
}

// Exceptions are what would allow violations that a role brings about.
func Exceptions(c *Catalog, list []Violation, ref RoleRef) (out []Exception) {
	for _, v := range list {
		k := v.Conflict
		out = append(out, Exception{k.ID, v.Between, c.PlainName(Other(c, v, ref)), k.Why, k.Exception.Max, !v.Known})
	}
	return out
}
