package catalog

import (
	"slices"
	"time"
)

// WithBirthrights is the catalogue with birthrights. The receiver isn't changed.
func (c *Catalog) WithBirthrights(b Birthrights) *Catalog {
	out := *c
	b.Rules = slices.Clone(b.Rules)
	for i, r := range b.Rules {
		b.Rules[i].If.Roles = r.Roles
	}
	out.birthrights = b
	out.version = ""
	return &out
}

// Birthrights are the rules by which people have roles without asking.
func (c *Catalog) Birthrights() Birthrights { return c.birthrights }

// Birthright finds a rule by its id.
func (c *Catalog) Birthright(id string) (Birthright, bool) {
	i := slices.IndexFunc(c.birthrights.Rules, func(b Birthright) bool { return b.ID == id })
	if i < 0 {
		return Birthright{}, false
	}
	return c.birthrights.Rules[i], true
}

// Entitlement is what a birthright comes to for one person and role.
type Entitlement struct {
	Rule    string
	Role    RoleRef
	Truth   Truth         // whether they are to have it
	For     time.Duration // and for how long; Forever: as long as the rule holds
	Missing []string      // where that isn't known, what would have to be
	Clauses []Clause      // what the policy has its part in
}

// Entitled says of every role that a birthright gives whether somebody is to have it. The policy goes before: what it refuses isn't
// given, and whatever isn't known of somebody is no reason to give them anything or to take it away. named tells whether one of
// several addresses is theirs; around adds to an ask what the rules want to know of the person for that role.
func (c *Catalog) Entitled(named func([]string) bool, around func(RoleRef) Attributes) (out []Entitlement) {
	for _, b := range c.birthrights.Rules {
		for _, ref := range b.Roles {
			app, role, known := c.Role(ref.App, ref.Role)
			if !known {
				continue
			}
			a := around(ref)
			a.App, a.Role, a.Wanted = app, role, Forever
			out = append(out, entitled(c, b, ref, a, named))
		}
	}
	return out
}

// entitled says that of one rule and role.
func entitled(c *Catalog, b Birthright, ref RoleRef, a Attributes, named func([]string) bool) Entitlement {
	e := Entitlement{Rule: b.ID, Role: ref}
	e.Truth, e.Missing = b.If.Holds(a)
	if e.Truth == No {
		return e
	}
	judged := c.Judge(a)
	switch {
	case judged.Outcome == Denied || judged.Outcome == Hidden:
		e.Truth, e.Missing, e.Clauses = No, nil, judged.Clauses[:1]
		return e
	case judged.Outcome == Conflicting || len(judged.Violations) > 0: // what somebody has besides isn't looked at here
		e.Truth, e.Missing, e.Clauses = Unknown, append(e.Missing, "what they have besides"), judged.Clauses[:min(1, len(judged.Clauses))]
		return e
	case judged.Outcome == Undetermined:
		e.Truth, e.Missing, e.Clauses = Unknown, append(e.Missing, judged.Missing...), judged.Clauses[:1]
		return e
	case len(judged.Bounding) > 0:
		e.For, e.Clauses = judged.Durations.Max, judged.Bounding
	}
	for _, clause := range judged.Bounding {
		if len(clause.Missing) > 0 { // whether their access has to end isn't known
			e.Truth, e.Missing = Unknown, append(e.Missing, clause.Missing...)
		}
	}
	return e.admitted(a, named)
}

// admitted gives a role to nobody who couldn't ask for it.
func (e Entitlement) admitted(a Attributes, named func([]string) bool) Entitlement {
	switch {
	case a.Role.For.Admits(a.Person.Department, named):
	case a.Person.Department == "" && len(a.Role.For.Departments) > 0:
		e.Truth, e.Missing = Unknown, append(e.Missing, "department")
	default:
		e.Truth, e.Missing = No, nil
	}
	return e
}
