package catalog

import (
	"fmt"
	"slices"
)

// circle says by which way a role needs itself in the end. Of all roles on it the first by name alone tells.
func circle(c *Catalog, own, needs RoleRef) string {
	seen := map[RoleRef]bool{}
	way := needed(c, needs, own, seen)
	if len(way) < 3 || slices.ContainsFunc(way, func(r RoleRef) bool { return r.String() < own.String() }) {
		return ""
	}
	words := fmt.Sprintf("%q needs %q", own, way[0])
	for _, r := range way[1:] {
		words += fmt.Sprintf(", which needs %q", r)
	}
	return words + ", so nobody could ever ask for any of them: remove one"
}

// needed is a way from one role to another by what each needs, both included; nil if there is none.
func needed(c *Catalog, from, to RoleRef, seen map[RoleRef]bool) []RoleRef {
	if from == to {
		return []RoleRef{to}
	}
	seen[from] = true
	_, role, _ := c.Role(from.App, from.Role)
	for _, need := range role.Needs {
		next, one := need.Ref()
		if !one || seen[next] {
			continue
		}
		if way := needed(c, next, to, seen); way != nil {
			return slices.Concat([]RoleRef{from}, way)
		}
	}
	return nil
}
