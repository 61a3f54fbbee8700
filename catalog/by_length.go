package catalog

import "slices"

// OfLength reports whether it asks for how long somebody wants something.
func (c Condition) OfLength() bool { return c.Over != 0 || c.UpTo != 0 || c.When.Length }

// ByLength reports whether what is said of a role may depend on for how long it is asked for: by a rule of the
// policy, or by a stage that is asked then.
func (c *Catalog) ByLength(ref RoleRef) bool {
	app, role, known := c.Role(ref.App, ref.Role)
	if !known {
		return false
	}
	about := func(i Condition) bool { return i.OfLength() && i.what(Attributes{App: app, Role: role}) != No }
	return slices.ContainsFunc(c.policy.Rules, func(r Rule) bool { return about(r.If) }) ||
		slices.ContainsFunc(c.Routes(), func(r Route) bool {
			return slices.ContainsFunc(r.Stages, func(s Stage) bool { return about(s.If) })
		})
}
