package pack

import "slices"

// Whole is the campaign with an empty list where there is none: "nothing" is written [],
// and null is nowhere to be interpreted.
func (c Campaign) Whole() Campaign {
	c.Tool.Keys, c.Policy.Stages = full(c.Tool.Keys), full(c.Policy.Stages)
	c.Scope.NotGoverned, c.Scope.Exclusions = full(c.Scope.NotGoverned), full(c.Scope.Exclusions)
	c.Groups, c.Reviewers, c.Leavers, c.Exceptions = full(c.Groups), full(c.Reviewers), full(c.Leavers), full(c.Exceptions)
	for i := range c.Groups {
		g := &c.Groups[i]
		g.Owners, g.Population.Requests, g.Population.Readings = full(g.Owners), full(g.Population.Requests), full(g.Population.Readings)
		for j := range g.Population.Readings {
			g.Population.Readings[j].Requests = full(g.Population.Readings[j].Requests)
		}
	}
	for i := range c.Reviewers {
		r := &c.Reviewers[i]
		r.Delegations, r.Reassigned, r.Conflicts.Value = full(r.Delegations), full(r.Reassigned), full(r.Conflicts.Value)
	}
	for i := range c.Leavers {
		l := &c.Leavers[i]
		l.Rows, l.SignIns.Value = full(l.Rows), full(l.SignIns.Value)
	}
	return c
}

// Whole is the row with an empty list where there is none.
func (r Row) Whole() Row {
	r.Asked, r.Answers = full(r.Asked), full(r.Answers)
	r.Earlier.Value, r.SoD.Value, r.Changes.Value = full(r.Earlier.Value), full(r.SoD.Value), full(r.Changes.Value)
	if r.Removal != nil {
		m := *r.Removal
		m.Restored = full(m.Restored)
		r.Removal = &m
	}
	return r
}

// full is a copy of a list, or an empty one.
func full[T any](list []T) []T {
	if len(list) == 0 {
		return []T{}
	}
	return slices.Clone(list)
}
