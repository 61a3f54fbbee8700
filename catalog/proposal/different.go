package proposal

import (
	"fmt"
	"slices"

	"latchkey/catalog"
)

// different are the roles that are configured and of whose groups the directory shows something else: it isn't there, it
// can't be governed, or no application lets it in any more.
func (m *maker) different() (out []Aside) {
	byName, byID := map[string][]Group{}, map[string]Group{}
	for _, g := range m.Groups {
		byName[g.Name] = append(byName[g.Name], g)
		byID[g.ID] = g
	}
	assigning := len(m.assigned) > 0
	for _, a := range m.Existing.Apps() {
		for _, r := range a.Roles {
			for _, ref := range r.Groups {
				if ref.Directory != m.Directory {
					continue
				}
				found := byName[ref.Group]
				if g, there := byID[ref.Group]; ref.ByID {
					found = nil
					if there {
						found = []Group{g}
					}
				}
				if why := m.changed(ref, found, assigning); why != "" {
					out = append(out, Aside{a.Name + " · " + r.Name, why})
				}
			}
		}
	}
	return out
}

// changed says what is different about a group that a role opens; "" if nothing is. Where the directory shows no
// assignments at all, it says nothing of them.
func (m *maker) changed(ref catalog.GroupRef, found []Group, assigning bool) string {
	switch {
	case len(found) == 0:
		return fmt.Sprintf("it opens %s, and no such group is listed.", quoted(ref.String()))
	case len(found) > 1:
		return fmt.Sprintf("it opens %s, and %d groups are called so: give the id of the right one.", quoted(ref.String()), len(found))
	case !found[0].Governable:
		return fmt.Sprintf("it opens %s, which can't be governed. %s", quoted(ref.String()), m.remedy(found[0]))
	case assigning && len(m.assigned[found[0].ID]) == 0:
		return fmt.Sprintf("it opens %s, which is assigned to no application.", quoted(ref.String()))
	}
	off := func(i int) bool { return !m.Apps[i].Active }
	if in := m.assigned[found[0].ID]; assigning && !slices.ContainsFunc(in, func(i int) bool { return !off(i) }) {
		return fmt.Sprintf("it opens %s, which is only assigned to applications that aren't active.", quoted(ref.String()))
	}
	return ""
}
