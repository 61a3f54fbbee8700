package catalog

import (
	"slices"
	"time"
)

// Conflict is a segregation of duties: nobody has something of one side together with something of the other.
type Conflict struct {
	ID         string
	Line       int `json:"-"` // of the configuration; 0 if it has none
	Not        [2][]Holding
	Why        string         // in a sentence, for whoever asks
	Exception  ExceptionTerms // how it may be otherwise for a while; none: never
	BreakGlass bool           // who takes a role in an emergency may have both meanwhile
}

// ExceptionTerms are how somebody may get what a conflict rules out.
type ExceptionTerms struct {
	Route string        // who decides about it
	Max   time.Duration // and for how long it lasts at most
}

// Allowed reports whether there are exceptions at all.
func (t ExceptionTerms) Allowed() bool { return t.Route != "" && t.Max > 0 }

// Excepts reports whether somebody may have both sides at all, for a while.
func (k Conflict) Excepts() bool { return k.Exception.Allowed() || k.BreakGlass }

// Violation is that somebody has, or would have, one thing of each side of a conflict.
type Violation struct {
	Conflict Conflict
	Between  [2]Holding // one of each side, in the conflict's order
	Known    bool       // false: it isn't known whether they have both
}

// Exception is that somebody is to be allowed to have two things that a conflict rules out, in the words of
// when it was asked for. It names nobody.
type Exception struct {
	Conflict string
	Between  [2]Holding
	With     string        // what the role that is asked for can't go with, as people read it
	Why      string        `json:",omitempty"`
	Max      time.Duration `json:",omitempty"` // how long it lasts at most; 0: it is no longer than the role
	Unsure   bool          `json:",omitempty"` // it wasn't known whether they have both
}

// Exceptions are what would allow violations that a role brings about.
func (c *Catalog) Exceptions(list []Violation, ref RoleRef) (out []Exception) {
	for _, v := range list {
		k := v.Conflict
		out = append(out, Exception{k.ID, v.Between, c.Names(c.Other(v, ref)), k.Why, k.Exception.Max, !v.Known})
	}
	return out
}

// AmongExceptions reports whether one of the exceptions allows the violation.
func (v Violation) AmongExceptions(list []Exception) bool {
	return slices.ContainsFunc(list, func(e Exception) bool { return e.Conflict == v.Conflict.ID && e.Between == v.Between })
}

// Violations says which conflicts somebody has by what they have. Where it isn't known of a thing whether
// they have it, and they may have the other one, that is one, too: it says that it isn't known.
func (c *Catalog) Violations(has Holdings) (out []Violation) {
	for _, k := range c.policy.Conflicts {
		for _, a := range k.Not[0] {
			for _, b := range k.Not[1] {
				if t := c.Holds(has, a).And(c.Holds(has, b)); t != No {
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
		matters := func(h Holding) bool { return c.gives(ref, h) || c.Holds(with, h) != c.Holds(has, h) }
		return !slices.ContainsFunc(v.Between[:], matters)
	})
}

// Other is what of a violation a role doesn't give by itself.
func (c *Catalog) Other(v Violation, ref RoleRef) Holding {
	if c.gives(ref, v.Between[0]) {
		return v.Between[1]
	}
	return v.Between[0]
}

// gives tells whether a role alone gives something.
func (c *Catalog) gives(ref RoleRef, h Holding) bool {
	return c.Holds(Holdings{Roles: []RoleRef{ref}}, h) == Yes
}

// Conflicting tells whether a role has to do with any conflict.
func (c *Catalog) Conflicting(ref RoleRef) bool { return len(c.besides(ref)) > 0 }

// besides are the things of which somebody's having them can stand against a role.
func (c *Catalog) besides(ref RoleRef) (out []Holding) {
	_, role, _ := c.Role(ref.App, ref.Role)
	touches := func(h Holding) bool {
		return c.gives(ref, h) || slices.ContainsFunc(c.groupsOf(h), func(g GroupRef) bool { return slices.ContainsFunc(role.Groups, g.Confusable) })
	}
	for _, k := range c.policy.Conflicts {
		for side, list := range k.Not {
			if slices.ContainsFunc(list, touches) {
				out = append(append(out, k.Not[1-side]...), list...)
			}
		}
	}
	return out
}

// Watched are the groups that conflicts and prerequisites are about: of all roles where ref is the zero reference.
func (c *Catalog) Watched(ref RoleRef) (out []GroupRef) {
	_, role, one := c.Role(ref.App, ref.Role)
	roles, things := []Role{role}, c.besides(ref)
	if !one {
		roles, things = nil, nil
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
		out = append(out, c.groupsOf(h)...)
	}
	return out
}

// Conflict finds a conflict by its id.
func (p Policy) Conflict(id string) (Conflict, bool) {
	i := slices.IndexFunc(p.Conflicts, func(k Conflict) bool { return k.ID == id })
	if i < 0 {
		return Conflict{}, false
	}
	return p.Conflicts[i], true
}
