package catalog

import (
	"fmt"
	"slices"
	"time"
)

// inVain are the rules that say something, and change nothing.
func inVain(c *Catalog) []Fault {
	v := vain{catalog: c}
	rules := c.policy.Rules
	for i, r := range rules {
		at := fmt.Sprintf("policy.rules[%d]", i)
		for n, other := range rules {
			if n != i && v.shadowed(at, r, other, n < i) {
				break
			}
		}
		v.boundless(at+".then.max", r)
	}
	return v.faults
}

// vain looks at one rule beside the others.
type vain struct {
	findings
	catalog *Catalog
}

// shadowed reports a rule that never counts, because wherever it holds another one holds as well that goes before it.
func (v *vain) shadowed(at string, r, by Rule, earlier bool) bool {
	refused := by.Then.Refuses() && (!r.Then.Refuses() || by.Then.Hide && !r.Then.Hide || earlier && by.Then.Hide == r.Then.Hide)
	decided := earlier && by.Then.decides() && r.Then.decides()
	if !refused && !decided || !v.covers(by.If, r.If) {
		return false
	}
	if refused {
		v.add(at+".id", "the rule %q never counts: wherever it holds, %q (line %d) holds as well and refuses; say in one of them less whom or what it is about, or remove one", r.ID, by.ID, by.Line)
		return true
	}
	way := "approving"
	if at += ".then"; r.Then.Route != "" {
		at, way = at+".route", fmt.Sprintf("its route %q", r.Then.Route)
	}
	v.add(at, "%s never counts in the rule %q: wherever that holds, %q (line %d) holds as well and decides first; put the narrower rule before the wider one, or remove one", way, r.ID, by.ID, by.Line)
	return true
}

// decides reports whether the rule names a way to a yes, of which the first one counts.
func (t Consequence) decides() bool { return t.Approve || t.Route != "" }

// covers tells whether a condition holds wherever another one does, as far as that can be seen.
func (v *vain) covers(wide, narrow Condition) bool {
	for _, m := range matching(v.catalog, narrow) {
		if wide.what(m) != Yes {
			return false
		}
	}
	longer := wide.Over == 0 || narrow.Over >= wide.Over
	shorter := wide.UpTo == 0 || narrow.UpTo > 0 && narrow.UpTo <= wide.UpTo
	return longer && shorter && coversWhom(wide, narrow) && (wide.When.Text == "" || wide.When.Text == narrow.When.Text)
}

func coversWhom(wide, narrow Condition) bool {
	pairs := [][2][]string{
		{wide.Departments, narrow.Departments}, {wide.Titles, narrow.Titles}, {wide.Types, narrow.Types},
		{wide.Locations, narrow.Locations}, {wide.Managers, narrow.Managers}, {wide.People, narrow.People},
		{texts(wide.Groups), texts(narrow.Groups)},
	}
	return !slices.ContainsFunc(pairs, func(p [2][]string) bool { return !includes(p[0], p[1]) })
}

func texts(groups []GroupRef) (out []string) {
	for _, g := range groups {
		out = append(out, g.String())
	}
	return out
}

// includes tells whether all that one list allows is allowed by another, too; an empty one allows anything.
func includes(wide, narrow []string) bool {
	if len(wide) == 0 || len(narrow) == 0 {
		return len(wide) == 0
	}
	return !slices.ContainsFunc(narrow, func(one string) bool { return !listed(wide, one) })
}

// boundless reports a rule that bounds the time by more than anything it is about can be held.
func (v *vain) boundless(path string, r Rule) {
	about := matching(v.catalog, r.If)
	if r.Then.Max <= 0 || len(about) == 0 {
		return
	}
	var most time.Duration
	for _, m := range about {
		limit := v.catalog.policy.limited(m.Role).Max
		if limit == Forever || limit >= r.Then.Max {
			return
		}
		most = max(most, limit)
	}
	v.add(path, "max %s bounds nothing in the rule %q: what it is about is held for %s at most already, as policy.max or the roles themselves say; lower it, or remove it", ShortDuration(r.Then.Max), r.ID, ShortDuration(most))
}
