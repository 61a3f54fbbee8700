package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// asker is where a route is used: whom its sources "owner" and "role" stand for there.
type asker struct {
	app  App
	role Role
}

// routeChecker reports what is wrong with routes: with one wherever it is used, and for a role that uses it.
type routeChecker struct{ *checker }

// routes judges routes with what the checker knows.
func (k *checker) routes() routeChecker { return routeChecker{k} }

// route reports what is wrong with a route wherever it is used.
func (k routeChecker) route(path string, r Route) {
	for i, s := range r.Stages {
		at := fmt.Sprintf("%s[%d]", path, i)
		if len(s.Approvers) == 0 {
			k.add(at+".approvers", "stage %d of route %q asks nobody: name approvers, for example manager, or remove the stage", i+1, r.Name)
		}
		k.need(at+".need", r, i)
		for j, ap := range s.Approvers {
			k.approver(fmt.Sprintf("%s.approvers[%d]", at, j), ap)
		}
		k.backups(at+".backups", r, i)
		k.condition(at+".if", s.If)
	}
	k.distinct(path, r)
}

// asksSomebody reports a route in which every stage may be left out: it would let through at once
// whoever none of the conditions is about.
func (k routeChecker) asksSomebody(path string, r Route) {
	if len(r.Stages) > 0 && !slices.ContainsFunc(r.Stages, func(s Stage) bool { return !s.Conditional() }) {
		k.add(path, "every stage of route %q has an if, so where none of them holds nobody would be asked: leave one without, or say in a rule of the policy what is approved without asking anybody", r.Name)
	}
}

func (k routeChecker) approver(path string, ap Approver) {
	switch {
	case ap.Kind == GroupOf && !slices.Contains(k.facts.Directories, ap.Group.Directory):
		k.add(path, "the approver %q names the directory %q, which is not under idp: %s", ap, ap.Group.Directory,
			suggest(ap.Group.Directory, k.facts.Directories, "add it there"))
	case ap.Kind == Security && len(k.facts.Admins) == 0:
		k.add("people.admins", "people.admins is empty, and routes ask admins: add at least one address")
	case ap.Kind == OnCall && !slices.Contains(k.facts.OnCall, ap.Name):
		k.add(path, "the approver %q names the schedule %q, which is not under oncall: %s", ap, ap.Name, suggest(ap.Name, k.facts.OnCall, "add it there"))
	}
}

// backups reports back-up approvers who could never stand in for anybody.
func (k routeChecker) backups(path string, r Route, stage int) {
	s := r.Stages[stage]
	if s.Need.All && len(s.Backups) > 0 {
		k.add(path, "stage %d of route %q needs everybody, so nobody can stand in for somebody: remove backups, or let need say how many have to agree", stage+1, r.Name)
	}
	for j, ap := range s.Backups {
		at := fmt.Sprintf("%s[%d]", path, j)
		if slices.Contains(s.Approvers, ap) {
			k.add(at, "stage %d of route %q asks %q already: name somebody else under backups, or remove it", stage+1, r.Name, ap)
			continue
		}
		k.approver(at, ap)
	}
}

// roleApprovers reports approvers of a role who could never be asked.
func (k routeChecker) roleApprovers(path string, r Role, route Route) {
	for i, ap := range r.Approvers {
		at := fmt.Sprintf("%s[%d]", path, i)
		if ap.Kind == RoleApprover {
			k.add(at, "the approvers of the role %q can't be \"role\", which stands for these very approvers: name owner, manager, people, a group, a user group or a schedule", r.ID)
			continue
		}
		k.approver(at, ap)
	}
	if len(r.Approvers) > 0 && !slices.ContainsFunc(r.Approvers, asksRole) && !slices.ContainsFunc(route.Deciders(), asksRole) {
		k.add(path, "the role %q names approvers, but no stage of its route %q asks them: write role into a stage, or remove approvers", r.ID, route.Name)
	}
}

// reachable reports stages that can never be completed for this role: they ask the
// owners of an app that has none, or approvers that the role doesn't name, and nobody else
// will do instead; or they ask for more people than there are.
func (k routeChecker) reachable(path string, in asker, r Route) {
	for i, s := range r.Stages {
		if !slices.ContainsFunc(s.Approvers, asksOwner) && !slices.ContainsFunc(s.Approvers, asksRole) {
			continue // the same for every role, and said where the route is
		}
		k.lacks(path, in, r, i)
		most, limited := k.most(s, in)
		if limited && most > 0 && s.Need.Count() > most {
			k.add(path, "stage %d of route %q needs %d people to agree, but for %q it asks %d at most: %s, or lower need", i+1, r.Name, s.Need.Count(), RoleRef{in.app.ID, in.role.ID}, most, more(s))
		}
	}
	distinctFor(k, path, in, r)
}

// more says how a stage asks more people.
func more(s Stage) string {
	switch owner, role := slices.ContainsFunc(s.Approvers, asksOwner), slices.ContainsFunc(s.Approvers, asksRole); {
	case owner && role:
		return "add owners to the app or approvers to the role"
	case role:
		return "add approvers to the role"
	}
	return "add owners"
}

// lacks reports a stage that asks owners or a role's approvers where there are none.
func (k routeChecker) lacks(path string, in asker, r Route, stage int) {
	s := r.Stages[stage]
	noOwner := slices.ContainsFunc(s.Approvers, asksOwner) && len(in.app.Owners) == 0
	noApprover := slices.ContainsFunc(s.Approvers, asksRole) && len(in.role.Approvers) == 0
	vain := func(ap Approver) bool { return noOwner && asksOwner(ap) || noApprover && asksRole(ap) }
	others := !s.Need.All && slices.ContainsFunc(s.Approvers, func(ap Approver) bool { return !vain(ap) })
	switch {
	case others:
	case noOwner:
		k.add(path, "stage %d of route %q asks the owner, but %q has no owners: add owners", stage+1, r.Name, in.app.ID)
	case noApprover:
		k.add(path, "stage %d of route %q asks the approvers of the role, but %q names none: add approvers to the role", stage+1, r.Name, in.role.ID)
	}
}

func asksOwner(ap Approver) bool { return ap.Kind == Owner }

func asksRole(ap Approver) bool { return ap.Kind == RoleApprover }

// need reports a rule that no answers can ever meet, whatever the app.
func (k routeChecker) need(path string, r Route, stage int) {
	s := r.Stages[stage]
	most, limited := k.most(s, asker{})
	depends := slices.ContainsFunc(s.Approvers, asksOwner) || slices.ContainsFunc(s.Approvers, asksRole)
	switch {
	case !s.Need.Valid():
		k.add(path, "%+v is not a rule: write any, all, or how many have to agree, for example 2", s.Need)
	case s.Need.Several() && limited && most > 0 && most < s.Need.Count() && !depends:
		k.add(path, "stage %d of route %q needs %d people to agree, but it asks %d at most: name more approvers, or lower need", stage+1, r.Name, s.Need.Count(), most)
	}
}

// most is the largest number of different people a stage can ask, if that is known.
func (k routeChecker) most(s Stage, in asker) (n int, known bool) {
	all, known := k.deciders(s, in)
	return len(all), known
}

// deciders are all who could answer a stage, if that is known; managers under the name of their source, as they
// may be anybody. Back-up approvers count: they may answer, too.
func (k routeChecker) deciders(s Stage, in asker) (all []string, known bool) {
	named := map[string]bool{}
	for _, ap := range expanded(slices.Concat(s.Approvers, s.Backups), in.role) {
		var some []string
		switch ap.Kind {
		case Manager, SecondManager:
			some = []string{string(ap.Kind)}
		case Owner:
			some = in.app.Owners
		case Named:
			some = []string{ap.Person}
		case Security:
			some = k.facts.Admins
		default:
			return nil, false // a group holds any number
		}
		for _, who := range some {
			named[strings.Map(lower, who)] = true
		}
	}
	return slices.Sorted(maps.Keys(named)), true
}

// expanded has the role's own approvers in the place of the source that stands for them.
func expanded(all []Approver, r Role) (out []Approver) {
	for _, ap := range all {
		if ap.Kind == RoleApprover {
			out = append(out, r.Approvers...)
			continue
		}
		out = append(out, ap)
	}
	return out
}

// userGroups warns of a role that can do much harm and is decided by a user group in Slack: in
// many workspaces whoever likes puts themselves into one.
func (k routeChecker) userGroups(path string, a App, r Role) {
	route := k.catalog.routes[r.Route]
	in := func(all []Approver) bool {
		return slices.ContainsFunc(expanded(all, r), func(a Approver) bool { return a.Kind == SlackUserGroup })
	}
	if what := guardedName(r); what != "" && r.Accepted == "" && in(route.Deciders()) {
		k.add(path+".route", "%s · %s, %s, is decided by a user group in Slack (route %q, %s), and in many workspaces every member may change those: name a group of the directory, or let only admins change user groups and say so with accepted:", a.Name, r.Name, what, r.Route, strings.Join(userGroupsOf(expanded(route.Deciders(), r)), ", "))
	}
}

func userGroupsOf(all []Approver) (out []string) {
	for _, a := range all {
		if a.Kind == SlackUserGroup {
			out = append(out, a.String())
		}
	}
	return out
}

// distinct reports a route whose stages need different people and can't have them, however those who are named
// were dealt out among its stages.
func (k routeChecker) distinct(path string, r Route) {
	if i, who := short(r, dealtTo(k, asker{})); i >= 0 {
		k.add(fmt.Sprintf("%s[%d]", path, i), "%s", sharing(r, i, who))
	}
}

// distinctFor is the same of a route whose stages ask owners or a role's approvers, who differ from role to role.
func distinctFor(k routeChecker, path string, in asker, r Route) {
	everywhere, _ := short(r, dealtTo(k, asker{}))
	if i, who := short(r, dealtTo(k, in)); i >= 0 && everywhere < 0 {
		k.add(path, "for %q %s", RoleRef{in.app.ID, in.role.ID}, sharing(r, i, who))
	}
}

// dealtTo tells who could answer a stage where a route is used; nobody where that isn't known, or is said elsewhere.
func dealtTo(k routeChecker, in asker) func(Stage) []string {
	return func(s Stage) []string {
		depends := slices.ContainsFunc(s.Approvers, asksOwner) || slices.ContainsFunc(s.Approvers, asksRole)
		all, known := k.deciders(s, in)
		if !known || len(all) < s.Need.Count() || depends && in.app.ID == "" {
			return nil
		}
		return all
	}
}
