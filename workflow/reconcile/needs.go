package reconcile

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
	"latchkey/workflow/requests"
)

// lookForLost finds access whose role needs a group in which its holder isn't any more. Of a group that can't be read
// nothing is said.
func (v together) lookForLost(grants map[access.PersonID][]access.Grant) {
	for _, who := range slices.Sorted(maps.Keys(grants)) {
		for _, g := range grants[who] {
			_, role, _ := v.catalog.Role(g.App, g.Role)
			for _, ref := range role.NeededGroups() {
				if in, read := v.in[ref]; read && !in[who] && g.State == access.GrantActive {
					v.lost = append(v.lost, access.Mismatch{Person: who, App: g.App, Role: g.Role, Grant: g.ID, Lost: v.catalog.Names(catalog.Holding{Group: ref})})
				}
			}
		}
	}
}

// seeToLost remembers what is held without what it needs, and ends it where its role says so: not before a second look
// in a row, for a list may have been incomplete once.
func (v together) seeToLost(ctx context.Context) error {
	for _, m := range v.lost {
		v.Note(m)
		if !v.ends(m) {
			continue
		}
		err := v.units.Update(ctx, func(u *engine.Unit) error { return endLost(u, m) })
		switch {
		case err == nil:
			v.did.lost++
		case broken(ctx, err):
			return err
		default:
			v.problem("access that is held without what it needs can't be ended", err, "grant", m.Grant)
		}
	}
	return nil
}

// ends tells whether access ends because something that it needs isn't held.
func (v together) ends(m access.Mismatch) bool {
	_, role, _ := v.catalog.Role(m.App, m.Role)
	return role.OnNeedsLost == catalog.EndAccess && v.known(m) && !v.First && !v.held
}

func endLost(u *engine.Unit, m access.Mismatch) error {
	g, err := u.Grant(m.Grant)
	if err != nil || !g.Live() {
		return err
	}
	_, role, _ := u.Catalog.Role(g.App, g.Role)
	for _, need := range role.Needs {
		if u.Catalog.Names(need) == m.Lost {
			return requests.LoseNeed(u, g, need)
		}
	}
	return nil
}

// lostLines tell IT of access that is held without what it needs.
func (v together) lostLines() (lines []string) {
	for i, m := range v.lost {
		if i == listed {
			return append(lines, fmt.Sprintf("… and %d more.", len(v.lost)-i))
		}
		name := v.catalog.Names(catalog.RoleRef{App: m.App, Role: m.Role}.Holding())
		_, role, _ := v.catalog.Role(m.App, m.Role)
		line := fmt.Sprintf("• %s has %s and isn't in %s, which it needs.", v.names[m.Person], name, m.Lost)
		switch {
		case v.ends(m):
			line += " It is being taken away."
		case role.OnNeedsLost == catalog.EndAccess:
			line += " If that is so the next time, it is taken away."
		}
		lines = append(lines, line)
	}
	return lines
}
