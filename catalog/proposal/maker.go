package proposal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"latchkey/catalog"
)

// maker works on one proposal.
type maker struct {
	Source
	groups   map[string]Group
	namesake map[string]int      // how many groups have a name
	assigned map[string][]int    // the applications of a group, by its id
	named    map[string][]string // groups that are assigned to nothing and called after an application, by its id
	open     map[string]bool     // groups that roles open already, by id
	opened   int                 // how many
	ids      map[string]bool     // of applications
	titles   map[string]bool     // folded names of applications
}

func newMaker(s Source) *maker {
	m := &maker{Source: s, groups: map[string]Group{}, namesake: map[string]int{}, assigned: map[string][]int{}, named: map[string][]string{},
		open: map[string]bool{}, ids: map[string]bool{}, titles: map[string]bool{}}
	if m.Existing == nil {
		m.Existing = catalog.New(nil, nil)
	}
	for _, g := range s.Groups {
		m.groups[g.ID] = g
		m.namesake[g.Name]++
	}
	for i, a := range s.Apps {
		for _, to := range a.Groups {
			if !slices.Contains(m.assigned[to.GroupID], i) {
				m.assigned[to.GroupID] = append(m.assigned[to.GroupID], i)
			}
		}
	}
	m.nameless()
	m.existing()
	return m
}

// nameless finds the applications of groups that are assigned to none, by what the groups are called.
func (m *maker) nameless() {
	index := newIndex(m.Apps)
	for _, g := range m.Groups {
		if len(m.assigned[g.ID]) > 0 {
			continue
		}
		if in := index.in(split(g.Name)); len(in) == 1 {
			id := m.Apps[in[0]].ID
			m.named[id] = append(m.named[id], g.ID)
		}
	}
}

// existing notes what the catalogue has already.
func (m *maker) existing() {
	refs := m.Existing.Groups()
	byName := map[string]bool{}
	for _, ref := range refs {
		if ref.Directory == m.Directory {
			byName[ref.String()] = true
		}
	}
	for _, g := range m.Groups {
		if byName[m.ref(g, false).String()] || byName[m.ref(g, true).String()] {
			m.open[g.ID] = true
			m.opened++
		}
	}
	for _, a := range m.Existing.Apps() {
		m.ids[a.ID], m.titles[catalog.Fold(a.Name)] = true, true
	}
}

// ref refers to a group by its name or its id.
func (m *maker) ref(g Group, byID bool) catalog.GroupRef {
	if byID {
		return catalog.GroupRef{Directory: m.Directory, Group: g.ID, ByID: true}
	}
	return catalog.GroupRef{Directory: m.Directory, Group: g.Name}
}

// reference is how the configuration is to refer to a group: by its name, unless that wouldn't lead there, or not be read
// as it is meant.
func (m *maker) reference(g Group) catalog.GroupRef {
	plain := m.ref(g, false)
	read, err := catalog.ParseGroupRef(plain.String())
	doubtful := m.namesake[g.Name] > 1 || catalog.Unreadable(g.Name) != "" || catalog.Lookalike(g.Name) || strings.ContainsAny(g.Name, "\n\r\t")
	return m.ref(g, err != nil || read != plain || doubtful)
}

func (m *maker) byName() []App {
	return slices.SortedStableFunc(slices.Values(m.Apps), func(a, b App) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
}

// propose makes roles of an application's groups.
func (m *maker) propose(a App) Proposed {
	p := m.place(a)
	seen := map[string]bool{}
	if app, known := m.Existing.App(p.ID); known {
		for _, r := range app.Roles {
			seen[catalog.Fold(r.Name)], seen["id:"+r.ID] = true, true
		}
	}
	for _, to := range m.candidates(a) {
		g, known := m.groups[to.GroupID]
		if !known || m.open[to.GroupID] {
			continue
		}
		why := cmp.Or(m.groupAside(g), m.several(g, a))
		role := m.role(a, g, to.Role)
		if why == "" && role.Certain == Guess && !saysRole(m.rest(a, g)) {
			why = "It is assigned to no application, and its name doesn't say what its members may do."
		}
		if why != "" {
			p.Aside = append(p.Aside, Aside{g.Name, why})
			continue
		}
		unlike(&role, seen)
		p.Roles = append(p.Roles, role)
		p.People += max(g.Members, 0)
	}
	return p
}

// candidates are the groups assigned to an application, and those that are called after it, by name.
func (m *maker) candidates(a App) []Assignment {
	out := slices.Clone(a.Groups)
	for _, id := range m.named[a.ID] {
		out = append(out, Assignment{GroupID: id})
	}
	slices.SortStableFunc(out, func(a, b Assignment) int {
		return cmp.Or(cmp.Compare(m.groups[a.GroupID].Name, m.groups[b.GroupID].Name), cmp.Compare(a.GroupID, b.GroupID), cmp.Compare(a.Role, b.Role))
	})
	return once(out)
}

// once has each group once: with all that it is in the application, where that is more than one thing.
func once(all []Assignment) (out []Assignment) {
	for _, a := range all {
		last := len(out) - 1
		switch {
		case last < 0 || out[last].GroupID != a.GroupID:
			out = append(out, a)
		case saysNothing(out[last].Role):
			out[last].Role = a.Role
		case !saysNothing(a.Role) && out[last].Role != a.Role:
			out[last].Role += " and " + a.Role
		}
	}
	return out
}

// place is where an application's roles go: to an app that is configured, if it opens one of its groups or is called the
// same; else to a new one.
func (m *maker) place(a App) Proposed {
	p := Proposed{Asked: m.Asked.of(a.ID)}
	if app, known := m.known(a); known {
		p.ID, p.Name, p.Known = app.ID, app.Name, true
		return p
	}
	p.Name = m.title(a)
	p.ID = slug(p.Name, 0)
	for n := 2; p.ID == "" || m.ids[p.ID]; n++ {
		p.ID = slug(cmp.Or(p.ID, slug(a.Kind, 0), "app"), n)
	}
	m.ids[p.ID] = true
	for _, o := range a.Owners {
		if catalog.IsEmail(o) && catalog.Unreadable(o) == "" {
			p.Owners = append(p.Owners, strings.ToLower(o))
		}
	}
	return p
}

// known is the app of the catalogue that an application is.
func (m *maker) known(a App) (catalog.App, bool) {
	best, most := catalog.App{}, 0
	for _, app := range m.Existing.Apps() {
		shared := 0
		if catalog.Same(app.Name, a.Name) {
			shared = 1
		}
		for _, to := range a.Groups {
			if g, there := m.groups[to.GroupID]; there && m.open[g.ID] && len(m.assigned[g.ID]) == 1 && opens(app, m.Directory, g) {
				shared += 2
			}
		}
		if shared > most {
			best, most = app, shared
		}
	}
	return best, most > 0
}

func opens(app catalog.App, directory string, g Group) bool {
	return slices.ContainsFunc(app.Roles, func(r catalog.Role) bool {
		return slices.ContainsFunc(r.Groups, func(ref catalog.GroupRef) bool { return ref.Means(directory, g.ID, g.Name) })
	})
}

// rolesOf tells whether the catalogue has roles of an application already.
func (m *maker) rolesOf(a App) bool {
	_, known := m.known(a)
	return known
}

// title is what an application is called in the catalogue, where no two are called the same.
func (m *maker) title(a App) string {
	plain := cmp.Or(cleaned(a.Name), cleaned(a.Kind), a.ID)
	name := plain
	for n := 2; m.titles[catalog.Fold(name)]; n++ {
		name = fmt.Sprintf("%s (%d)", plain, n)
	}
	m.titles[catalog.Fold(name)] = true
	return name
}

// slug is an id made of a name; n tells it from others. "" where a name has no letters of an id.
func slug(name string, n int) string {
	var out []rune
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			out = append(out, r)
		case len(out) > 0 && out[len(out)-1] != '-':
			out = append(out, '-')
		}
	}
	text := strings.Trim(string(out[:min(len(out), 50)]), "-")
	if n > 0 && text != "" {
		text = fmt.Sprintf("%s-%d", strings.TrimSuffix(text, fmt.Sprintf("-%d", n-1)), n)
	}
	return text
}

// unrelated counts the groups that have to do with no application.
func (m *maker) unrelated() int {
	n := 0
	related := map[string]bool{}
	for _, ids := range m.named {
		for _, id := range ids {
			related[id] = true
		}
	}
	for _, g := range m.Groups {
		if len(m.assigned[g.ID]) == 0 && !related[g.ID] && !m.open[g.ID] {
			n++
		}
	}
	return n
}
