package proposal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"latchkey/catalog"
)

// everybody is the role of a group whose name says the application and nothing else.
const everybody = "User"

// role is what a group of an application becomes; said is what the directory says that its members are there.
func (m *maker) role(a App, g Group, said string) Role {
	rest, inside, named := m.said(a, g)
	if saysNothing(said) {
		said = ""
	}
	r := Role{Group: m.reference(g), Called: g.Name, Members: g.Members, Certain: Likely}
	r.Name = cmp.Or(cleaned(said), roleName(rest), everybody)
	if inside != "" && said == "" {
		r.Name += " (" + inside + ")"
	}
	assigned := slices.ContainsFunc(m.assigned[g.ID], func(i int) bool { return m.Apps[i].ID == a.ID })
	switch {
	case !assigned:
		r.Certain = Guess
		r.Why = append(r.Why, "It is assigned to no application, and called after this one.")
	case said != "":
		r.Certain = Sure
		r.Why = append(r.Why, "It is assigned, and the directory says what its members are.")
	case named && (len(rest) == 0 || saysRole(rest)):
		r.Certain = Sure
		r.Why = append(r.Why, "It is assigned, and its name says so.")
	case named:
		r.Why = append(r.Why, "It is assigned; what its members may do is read from its name.")
	default:
		r.Why = append(r.Why, "It is assigned, and its name doesn't say the application.")
	}
	r.Kind = catalog.Role{ID: slug(r.Name, 0), Name: r.Name}.LooksLike(catalog.App{ID: slug(a.Name, 0), Name: a.Name})
	r.Why = append(r.Why, m.besides(a, g, r.Kind)...)
	return r
}

// saysNothing tells whether what a directory calls an assignment is what it calls all of them: Entra gives each application
// of its gallery such roles.
func saysNothing(said string) bool {
	return slices.Contains([]string{"", "user", "msiamaccess", "defaultaccess", "default", "access"}, key(split(said)...))
}

// besides is what else is to be known of a group.
func (m *maker) besides(a App, g Group, kind catalog.Kind) (out []string) {
	var others []string
	for _, i := range m.assigned[g.ID] {
		if m.Apps[i].ID != a.ID {
			others = append(others, shown(m.Apps[i].Name))
		}
	}
	if slices.Sort(others); len(others) > 0 {
		out = append(out, "It opens "+strings.Join(others, ", ")+", too.")
	}
	if g.Members == 0 {
		out = append(out, "Nobody is in it now.")
	}
	if kind != "" {
		out = append(out, fmt.Sprintf("It looks like a role of kind %s: whoever says yes looks twice, and it ends.", kind))
	}
	return out
}

// rest is what remains of a group's name without the application's and without what says that it is a group.
func (m *maker) rest(a App, g Group) []string {
	rest, _, _ := m.said(a, g)
	return rest
}

// mostAliases is how often a group may call its application: as in "Adobe CC - All Apps".
const mostAliases = 2

// said is the rest of a group's name, what stands in brackets in it, and whether the name says which application it is of.
func (m *maker) said(a App, g Group) (rest []string, inside string, named bool) {
	outside, within := apart(g.Name)
	known := aliases(a)
	within, was := strip(within, known)
	rest = trimmed(split(outside))
	for range mostAliases {
		less, found := without(rest, known)
		if !found {
			break
		}
		rest, named = less, true
	}
	if !named && !was && len(rest) > 1 && abbreviates(rest[0], a) {
		rest, named = rest[1:], true
	}
	rest = tailed(rest)
	if len(rest) == 1 && slices.Contains(affixes(), strings.ToLower(rest[0])) {
		rest = nil
	}
	return rest, within, named || was
}

// strip takes an application's name out of what stands in brackets.
func strip(within string, known []string) (string, bool) {
	rest, named := without(split(within), known)
	if !named {
		return cleaned(within), false
	}
	return strings.Join(rest, " "), true
}

// unlike gives a role a name and an id that no other role of the app has.
func unlike(r *Role, seen map[string]bool) {
	if seen[catalog.Fold(r.Name)] {
		r.Name += " (" + cleaned(r.Called) + ")"
	}
	name := r.Name
	for n := 2; seen[catalog.Fold(r.Name)]; n++ {
		r.Name = fmt.Sprintf("%s %d", name, n)
	}
	r.ID = cmp.Or(slug(r.Name, 0), "role")
	id := r.ID
	for n := 2; seen["id:"+r.ID]; n++ {
		r.ID = fmt.Sprintf("%s-%d", id, n)
	}
	seen[catalog.Fold(r.Name)], seen["id:"+r.ID] = true, true
}
