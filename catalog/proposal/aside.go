package proposal

import (
	"fmt"
	"slices"
	"strings"

	"latchkey/catalog"
)

// groupAside says why a group becomes no role, whatever it is assigned to; "" if nothing speaks against it.
func (m *maker) groupAside(g Group) string {
	words := keys(split(g.Name))
	has := func(any ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(any, w) })
	}
	all := key(split(g.Name)...)
	switch {
	case m.protected(g):
		return "It is listed under protected_groups, so it is never changed."
	case !g.Governable:
		return "It can't be governed. " + m.remedy(g)
	case has("breakglass", "emergency", "firefighter", "firecall") || strings.Contains(all, "breakglass"):
		return "Its name says that it is for an emergency: keep it out of the catalogue and list it under protected_groups, or map it by hand with break_glass."
	case has("deprecated", "old", "obsolete", "legacy", "retired", "archived", "unused", "zz", "zzz", "tmp", "temp") || strings.Contains(all, "donotuse") || strings.Contains(all, "todelete"):
		return "Its name says that it is no longer used."
	case has("svc", "service", "bot", "bots", "serviceaccount", "serviceaccounts", "robot", "robots") && !has("desk", "cloud", "now"):
		return "Its name says that it is for programs, and only people ask here."
	}
	return ""
}

// remedy is the directory's own sentence of why a group isn't to be changed.
func (m *maker) remedy(g Group) string {
	if g.Why == "" {
		return "The directory doesn't say why: look at it there."
	}
	return g.Why
}

func (m *maker) protected(g Group) bool {
	return slices.ContainsFunc(m.Protected, func(ref catalog.GroupRef) bool {
		return ref.Means(m.Directory, g.ID, g.Name) || ref.Directory == m.Directory && !ref.ByID && catalog.Same(ref.Group, g.Name)
	})
}

// appAside says why an application is not proposed; "" if nothing speaks against it.
func (m *maker) appAside(a App) string {
	by := fmt.Sprintf("%d people have it, each assigned in person", a.InPerson)
	switch {
	case a.InPerson < 0:
		by = "who has it was assigned in person"
	case a.InPerson == 0:
		by = "nobody is assigned in person either"
	case a.InPerson == 1:
		by = "one person has it, assigned in person"
	}
	switch {
	case a.Why != "":
		return a.Why
	case !a.Active:
		return "It isn't active: nobody gets in."
	case len(a.Groups) == 0 && len(m.named[a.ID]) == 0:
		return "No group is assigned to it, so there is nothing that Latchkey could change (" + by + "): assign a group in the directory, or offer it with provisioning: manual."
	}
	return ""
}

// several says that a group opens more than one application, so that it is no role of any of them; "" if it is one of the
// application's: because it opens that alone, or is called after it.
func (m *maker) several(g Group, a App) string {
	in := m.assigned[g.ID]
	if len(in) < 2 {
		return ""
	}
	var called, names []string
	for _, i := range in {
		names = append(names, shown(m.Apps[i].Name))
		if _, is := without(split(g.Name), strong(m.Apps[i])); is {
			called = append(called, m.Apps[i].ID)
		}
	}
	if len(called) == 1 && called[0] == a.ID {
		return ""
	}
	slices.Sort(names)
	const most = 4
	if len(names) > most {
		names = append(names[:most], "others")
	}
	return fmt.Sprintf("It opens %d applications at once (%s), so it is no role of one of them: give each a group of its own, or see birthrights for what comes with the job.", len(in), strings.Join(names, ", "))
}
