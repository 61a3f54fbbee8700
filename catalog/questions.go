package catalog

import (
	"slices"
	"strings"
)

// Questions are what has to be looked up before something can be judged.
type Questions struct {
	Groups  []GroupRef // who is in them
	Beside  []GroupRef // whether whoever gets the role is in them: what can't go with it, or is needed first
	Manager bool       // who the person's manager is
	Peers   bool       // how many colleagues have the role
}

// Asks says what the rules and stages that could be about a role have to know; the zero reference stands for
// all roles.
func (c *Catalog) Asks(ref RoleRef) (q Questions) {
	app, role, one := c.Role(ref.App, ref.Role)
	for _, i := range conditions(c, role, one) {
		if !one || i.what(Attributes{App: app, Role: role}) == Yes {
			q.Groups = append(append(q.Groups, i.Groups...), i.When.Groups...)
			q.Manager = q.Manager || len(i.Managers) > 0 || i.When.Manager
			q.Peers = q.Peers || i.When.Peers
		}
	}
	q.Groups = eachOnce(q.Groups)
	q.Beside = slices.DeleteFunc(eachOnce(Watched(c, ref)), func(g GroupRef) bool { return slices.Contains(q.Groups, g) })
	return q
}

func eachOnce(groups []GroupRef) []GroupRef {
	slices.SortFunc(groups, func(a, b GroupRef) int { return strings.Compare(a.String(), b.String()) })
	return slices.Compact(groups)
}

// conditions are those of all rules, and of the stages that they and the role can lead to; of all stages
// where it is about no one role.
func conditions(c *Catalog, role Role, one bool) (out []Condition) {
	stages, led := []Stage(nil), map[string]bool{role.Route: true}
	for _, b := range c.birthrights.Rules {
		out = append(out, b.If)
	}
	for _, r := range c.policy.rules() {
		out, stages = append(out, r.If), append(stages, r.Then.Stages...)
		led[r.Then.Route] = true
	}
	for name, r := range c.routes {
		if !one || led[name] {
			stages = append(stages, r.Stages...)
		}
	}
	for _, s := range stages {
		out = append(out, s.If)
	}
	return out
}
