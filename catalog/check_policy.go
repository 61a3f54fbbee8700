package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// reserved are rules that stand for keys of the house, or for its limits.
var reserved = [...]string{"contractors", "limit"}

// policy reports what can't be meant of the policy.
func (k *checker) policy() {
	p := k.catalog.policy
	if len(p.Contractors.Types) > 0 && p.Contractors.Max <= 0 {
		k.add("policy.contractors.max", "it isn't said how long contractors' access lasts at most: add max, for example 90d")
	}
	if len(p.Contractors.Types) == 0 && p.Contractors.Max > 0 {
		k.add("policy.contractors.types", "it isn't said who is a contractor: add types, as the directory names them, for example [Contractor]")
	}
	for i, g := range p.Privileged {
		k.directory(fmt.Sprintf("privileged_groups[%d]", i), g)
	}
	if _, taken := k.catalog.routes[ByPolicy]; taken {
		k.add("approvals."+ByPolicy, "the record calls what a rule approves by the name %q: give the route another one", ByPolicy)
	}
	seen := map[string]bool{}
	conflictChecks{k}.conflicts(p.Conflicts, seen)
	for i, r := range p.Rules {
		path := fmt.Sprintf("policy.rules[%d]", i)
		k.ruleID(path+".id", r.ID, seen)
		k.condition(path, r.If)
		k.consequence(path, r)
	}
}

func (k *checker) ruleID(path, id string, seen map[string]bool) {
	k.id(path, id)
	switch {
	case id != "" && seen[id]:
		k.add(path, "the id %q is used twice: every rule and conflict needs an id of its own, by which the record names it", id)
	case slices.Contains(reserved[:], id):
		k.add(path, "the id %q is that of the house's own rule: choose another one", id)
	}
	seen[id] = true
}

func (k *checker) directory(path string, g GroupRef) {
	if g.Directory != "" && !slices.Contains(k.facts.Directories, g.Directory) {
		k.add(path, "the group %q names the directory %q, which is not under idp: %s", g, g.Directory, suggest(g.Directory, k.facts.Directories, "add it there"))
	}
}

// condition reports what no ask can ever be.
func (k *checker) condition(path string, c Condition) {
	var ids, tags []string
	for _, a := range k.catalog.apps {
		ids, tags = append(ids, a.ID), append(tags, a.Tags...)
	}
	faults := len(k.faults)
	for i, id := range c.Apps {
		if !slices.Contains(ids, id) && !k.twice {
			k.add(fmt.Sprintf("%s.what.apps[%d]", path, i), "there is no app %q: %s", id, suggest(id, ids, "define it under apps"))
		}
	}
	for i, ref := range c.Roles {
		k.known(fmt.Sprintf("%s.what.roles[%d]", path, i), ref)
	}
	for i, tag := range c.Tags {
		if !listed(tags, tag) {
			k.add(fmt.Sprintf("%s.what.tags[%d]", path, i), "no app has the tag %q: %s", tag, suggest(tag, tags, "add it to an app"))
		}
	}
	for i, g := range c.Groups {
		k.directory(fmt.Sprintf("%s.who.groups[%d]", path, i), g)
	}
	k.expression(path+".when", c.When, ids, tags)
	if c.UpTo > 0 && c.Over >= c.UpTo {
		k.add(path+".wanted", "nothing is over %s and up to %s: swap over and up_to, or leave one out", ShortDuration(c.Over), ShortDuration(c.UpTo))
	}
	if len(k.faults) == faults && c.OfWhat() && len(matching(k.catalog, c)) == 0 && !k.twice {
		k.add(path+".what", "no role of the catalogue is meant by %s together, so the rule could never hold: leave something out", c.inWords())
	}
}

// expression reports what an expression names and there isn't.
func (k *checker) expression(path string, e Expression, ids, tags []string) {
	for _, g := range e.Groups {
		k.directory(namedIn(path, g.String()), g)
	}
	for _, id := range e.Apps {
		if !slices.Contains(ids, id) && !k.twice {
			k.add(namedIn(path, id), "there is no app %q: %s", id, suggest(id, ids, "define it under apps"))
		}
	}
	for _, tag := range e.Tags {
		if !slices.Contains(tags, tag) {
			k.add(namedIn(path, tag), "no app has the tag %q: %s", tag, suggest(tag, tags, "add it to an app"))
		}
	}
}

// namedIn leads to where an expression names something.
func namedIn(path, name string) string { return path + "[" + name + "]" }

// inWords says what a condition asks of what somebody wants.
func (c Condition) inWords() string {
	var out []string
	for _, one := range []struct {
		key  string
		list any
		some bool
	}{{"apps", c.Apps, len(c.Apps) > 0}, {"roles", c.Roles, len(c.Roles) > 0}, {"tags", c.Tags, len(c.Tags) > 0}, {"kinds", c.Kinds, len(c.Kinds) > 0}, {"risks", c.Risks, len(c.Risks) > 0}} {
		if one.some {
			out = append(out, fmt.Sprintf("%s %v", one.key, one.list))
		}
	}
	return strings.Join(out, " and ")
}

func (k *checker) consequence(path string, r Rule) {
	t, at := r.Then, path+".then"
	ways := 0
	for _, one := range []bool{t.Deny != "", t.Hide, t.Approve, t.Route != ""} {
		if one {
			ways++
		}
	}
	switch {
	case ways == 0 && len(t.Stages) == 0 && t.Max == 0:
		k.add(at, "nothing follows of the rule %q: write then: hide, then: approve, or {deny: a sentence}, {route: name}, {stages: […]} or {max: 8h}", r.ID)
	case ways > 1 || t.Refuses() && (len(t.Stages) > 0 || t.Max > 0):
		k.add(at, "the rule %q says things that can't go together: deny and hide stand alone, and approve goes with no route", r.ID)
	case t.Refuses() && r.If.Always():
		k.add(at, "the rule %q refuses everybody everything: say whom or what it is about, under who, what, wanted or when", r.ID)
	}
	if t.Max < 0 {
		k.add(at+".max", "a duration can't be negative: write for example 8h")
	}
	k.ruleRoute(at, r)
	k.ruleStages(at+".stages", r)
}

// ruleRoute reports a way to a yes that isn't there, can't be gone or asks nobody about what needs somebody.
func (k *checker) ruleRoute(at string, r Rule) {
	route, known := Route{}, r.Then.Approve
	if r.Then.Route != "" {
		at += ".route"
		if route, known = k.catalog.routes[r.Then.Route]; !known {
			k.add(at, "there is no approval route %q: %s", r.Then.Route, suggest(r.Then.Route, routeNames(k.catalog), "define it under approvals"))
		}
	}
	if !known {
		return
	}
	for _, m := range matching(k.catalog, r.If) {
		k.routes().reachable(at, asker{m.App, m.Role}, route)
	}
	if !route.Automatic() || len(r.Then.Stages) > 0 {
		return
	}
	var guarded []string
	for _, m := range matching(k.catalog, r.If) {
		if k.catalog.policy.needsSomebody(m.Role) {
			guarded = append(guarded, RoleRef{m.App.ID, m.Role.ID}.String())
		}
	}
	if len(guarded) > 0 {
		k.add(at, "the rule %q would approve %s without anybody's yes, which roles of high risk, of kind admin, production or finance, of a privileged group and with a sign-in need: name other roles under what, or say there why it has to be so, with accepted: and the reason", r.ID, fewOf(guarded))
	}
}

func (k *checker) ruleStages(path string, r Rule) {
	if len(r.Then.Stages) == 0 {
		return
	}
	added := Route{Name: r.ID, Stages: r.Then.Stages}
	k.routes().route(path, added)
	for _, m := range matching(k.catalog, r.If) {
		for i := range added.Stages {
			k.routes().reachable(fmt.Sprintf("%s[%d]", path, i), asker{m.App, m.Role}, Route{Name: strings.Join([]string{"rule", r.ID}, " "), Stages: added.Stages[i : i+1]})
		}
	}
}
