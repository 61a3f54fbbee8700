package reconcile

import (
	"maps"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
)

// resolution is what becomes of memberships that nothing explains.
type resolution string

const (
	tell   resolution = "tell"   // IT is told, nothing is changed
	adopt  resolution = "adopt"  // a grant explains them from now on
	remove resolution = "remove" // they are taken away
)

// resolutionFor is what an app's policy says. What is to be adopted is removed
// where the person has left.
func resolutionFor(app catalog.App, left bool) resolution {
	switch {
	case app.Unrequested == catalog.Remove, app.Unrequested == catalog.Adopt && left:
		return remove
	case app.Unrequested == catalog.Adopt:
		return adopt
	}
	return tell
}

// finding is memberships of one person that one role explains and nothing else
// does, and what is to become of them.
type finding struct {
	who   access.PersonID
	name  string // under which address people know them
	left  bool
	found access.Found
	seen  []member // of the person, of this role and others
	app   catalog.App
	do    resolution
}

// findings are what the memberships that were seen come to, by person.
func (v *survey) findings() (out []finding) {
	for _, who := range slices.SortedFunc(maps.Keys(v.odd), v.byName) {
		seen := v.odd[who]
		in := make([]catalog.GroupRef, len(seen))
		for i, s := range seen {
			in[i] = s.Group
		}
		for _, f := range access.Explain(v.catalog, in) {
			app, _ := v.catalog.App(f.App)
			do := resolutionFor(app, v.left[who])
			if do != tell && (v.held || v.onlyTold(f.Groups)) { // held: it may be explained by what this store doesn't know
				do = tell
			}
			out = append(out, finding{who: who, name: v.names[who], left: v.left[who], found: f, seen: seen, app: app, do: do})
		}
	}
	return out
}

// mismatches are a finding's memberships as the survey keeps them.
func (f finding) mismatches() []access.Mismatch {
	out := make([]access.Mismatch, len(f.found.Groups))
	for i, ref := range f.found.Groups {
		out[i] = access.Mismatch{Person: f.who, Group: ref, App: f.found.App, Role: f.found.Role, Left: f.left}
	}
	return out
}

// leavers are the people with open affairs who have left.
func (v *survey) leavers() []access.PersonID {
	gone := slices.DeleteFunc(slices.Clone(v.involved), func(who access.PersonID) bool { return !v.left[who] })
	slices.SortFunc(gone, v.byName)
	return gone
}

// planned is what resolving the findings would come to.
func planned(all []finding, leavers int) counts {
	c := counts{ended: leavers}
	for _, f := range all {
		c.add(f.do, len(f.found.Groups))
	}
	return c
}

func (c *counts) add(r resolution, n int) {
	switch r {
	case adopt:
		c.adopted += n
	case remove:
		c.removed += n
	case tell:
		c.told += n
	}
}

func sorted(set map[access.PersonID]bool) []access.PersonID { return slices.Sorted(maps.Keys(set)) }
