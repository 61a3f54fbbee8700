package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// Check reports every fault of the catalogue at once, in configuration order.
func (c *Catalog) Check(f Facts) []Fault {
	k := checker{catalog: c, facts: f, twice: len(c.byID) < len(c.apps)}
	seen := unique{found: &k.findings, of: "app"}
	for i, a := range c.apps {
		path := fmt.Sprintf("apps[%d]", i)
		seen.see(path, a.ID, a.Name)
		k.app(path, a)
	}
	k.bundles()
	for _, name := range routeNames(c) {
		k.routes().route("approvals."+name, c.routes[name])
		k.routes().asksSomebody("approvals."+name, c.routes[name])
	}
	k.policy()
	k.birthrights()
	k.reviews()
	return k.faults
}

// unique finds ids and names that are there twice. Ids are told apart by machines,
// names by people.
type unique struct {
	found     *findings
	of        string // what they are of
	within    string // what all of them belong to, if anything
	ids       map[string]bool
	firstName map[string]string // the id of whichever has a name, as people read it
}

func (n *unique) see(path, id, name string) {
	if n.ids == nil {
		n.ids, n.firstName = map[string]bool{}, map[string]string{}
	}
	first, taken := n.firstName[Fold(name)]
	switch {
	case n.ids[id] && id != "" && n.within != "":
		n.found.add(path+".id", "the %s id %q is used twice in %q: every %s of an app needs an id of its own", n.of, id, n.within, n.of)
	case n.ids[id] && id != "":
		n.found.add(path+".id", "the id %q is used twice: every %s needs an id of its own", id, n.of)
	case taken && Fold(name) != "":
		n.found.add(path+".name", "the %ss %q and %q are both called %q, so people can't tell them apart: give one another name", n.of, first, id, name)
	}
	n.ids[id] = true
	if !taken {
		n.firstName[Fold(name)] = id
	}
}

type checker struct {
	findings
	catalog *Catalog
	facts   Facts
	twice   bool // an id is there twice, so what refers to apps can't be judged
}

func (k *checker) app(path string, a App) {
	k.id(path+".id", a.ID)
	if strings.TrimSpace(a.Name) == "" {
		k.add(path+".name", "the app %q has no name: add name", a.ID)
	}
	if !slices.Contains([]Status{Unassigned, Approved, Retired}, a.Status) {
		k.add(path+".status", "%q is not a status: write unassigned, approved or retired", a.Status)
	}
	if !slices.Contains([]Provisioning{ByDirectory, Manual}, a.Provisioning) {
		k.add(path+".provisioning", "%q is not a way to provision: write directory or manual", a.Provisioning)
	}
	k.wrong(path+".icon", a.Icon.bad())
	k.opening(path, a.Opens)
	k.people(path+".owners", a.Owners)
	k.people(path+".fulfillers", a.FulfilledBy)
	if a.Provisioning == Manual && len(a.Fulfillers()) == 0 {
		k.add(path+".fulfillers", "the app %q is provisioned manually but nobody is named: add owners or fulfillers", a.ID)
	}
	if len(a.Roles) == 0 {
		k.add(path+".roles", "the app %q has no roles: add at least one under roles", a.ID)
	}
	seatChecker{&k.findings, k.facts}.app(path, a)
	seen := unique{found: &k.findings, of: "role", within: a.ID}
	for i, r := range a.Roles {
		at := fmt.Sprintf("%s.roles[%d]", path, i)
		seen.see(at, r.ID, r.Name)
		k.role(at, a, r)
	}
}

func (k *checker) role(path string, a App, r Role) {
	k.id(path+".id", r.ID)
	if strings.TrimSpace(r.Name) == "" {
		k.add(path+".name", "the role %q has no name: add name", r.ID)
	}
	if a.Provisioning == ByDirectory && len(r.Groups) == 0 {
		k.add(path+".groups", "the role %q opens no group: add groups, or set the app's provisioning to manual", r.ID)
	}
	if a.Provisioning == Manual && len(r.Groups) > 0 {
		k.add(path+".groups", "the app is provisioned manually, so groups would never be used: remove them or set provisioning to directory")
	}
	for i, g := range r.Groups {
		k.group(fmt.Sprintf("%s.groups[%d]", path, i), g)
	}
	if !slices.Contains([]Risk{Low, Medium, High}, r.Risk) {
		k.add(path+".risk", "%q is not a risk: write low, medium or high", r.Risk)
	}
	k.assurance(path, r)
	k.onRevoke(path+".on_revoke", r)
	k.partial(path+".partial", r)
	k.opening(path, r.Opens)
	k.durations(path+".duration", r.Durations)
	k.house(path, r)
	k.people(path+".eligible.people", r.For.People)
	k.needs(path, RoleRef{a.ID, r.ID}, r)
	seatChecker{&k.findings, k.facts}.role(path+".reclaim", a, r)
	route, ok := k.catalog.routes[r.Route]
	switch {
	case r.Route == "":
		k.add(path+".route", "the role %q has no approval route: add route, %s", r.ID, knownRoutes(k.catalog))
		return
	case !ok:
		k.add(path+".route", "there is no approval route %q: %s", r.Route, suggest(r.Route, routeNames(k.catalog), "define it under approvals"))
		return
	}
	k.routes().reachable(path+".route", asker{a, r}, route)
	k.routes().roleApprovers(path+".approvers", r, route)
}

func (k *checker) partial(path string, r Role) {
	if r.Partial != "" && r.Partial != Keep && r.Partial != Undo {
		k.add(path, "%q is nothing to do with access of which only a part can be given: write keep, and it stays while the rest is tried again, or undo, and it is taken back", r.Partial)
	}
}

func (k *checker) onRevoke(path string, r Role) {
	switch {
	case r.OnRevoke == "":
		return
	case r.OnRevoke != EndSessions:
		k.add(path, "%q is nothing to do when a role is revoked: write end_sessions, or leave it out", r.OnRevoke)
		return
	case len(r.Groups) == 0:
		k.add(path, "the role %q opens no group, so Latchkey doesn't know in which directory there are sessions to end: leave on_revoke out", r.ID)
	}
	for _, d := range r.Directories() {
		if slices.Contains(k.facts.Directories, d) && !slices.Contains(k.facts.EndSessions, d) {
			k.add(path, "sessions in %q can't be ended: docs/directories.md says whether that kind of directory can, and by which right; or leave on_revoke out", d)
		}
	}
}

func (k *checker) assurance(path string, r Role) {
	if !slices.Contains([]Assurance{"", Confirm, Verified, StepUp}, r.Assurance) {
		k.add(path+".assurance", "%q is not an assurance: write confirm, verified or step-up, or leave it out", r.Assurance)
	}
	if r.Assurance != StepUp { // that of a privileged role follows by itself, and never without somebody's yes
		return
	}
	if !k.facts.SignsIn {
		k.add(path+".assurance", "a yes to the role %q needs a sign-in, and nobody can sign in to a directory here: give one under idp a sign_in_client, and sign_in a listen and url if people's browsers reach Latchkey; or write assurance: confirm in place of step-up", r.ID)
	}
	if route, known := k.catalog.routes[r.Route]; known && route.Automatic() {
		k.add(path+".assurance", "a yes to the role %q needs a sign-in, and its route %q asks nobody: name approvers there, or take assurance: step-up from the role", r.ID, r.Route)
	}
}

// knownRoutes says which routes there are to choose from.
func knownRoutes(c *Catalog) string {
	if names := routeNames(c); len(names) > 0 {
		return "one of " + strings.Join(names, ", ")
	}
	return "and define it under approvals"
}

func (k *checker) group(path string, g GroupRef) {
	if !slices.Contains(k.facts.Directories, g.Directory) {
		k.add(path, "the group %q names the directory %q, which is not under idp: %s", g, g.Directory, suggest(g.Directory, k.facts.Directories, "add it there"))
	}
	if slices.ContainsFunc(k.facts.Protected, g.Confusable) {
		k.add(path, "the group %q is listed under protected_groups, so Latchkey will never change it: remove it here or there", g)
	}
}

func routeNames(c *Catalog) []string {
	var names []string
	for n := range c.routes {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
