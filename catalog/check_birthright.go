package catalog

import (
	"fmt"
	"slices"
)

// birthrights reports what can't be meant of the birthrights.
func (k *checker) birthrights() {
	b := k.catalog.birthrights
	seen := map[string]bool{}
	for i, r := range b.Rules {
		path := k.birthrightPath(i)
		k.birthrightID(path+".id", r.ID, seen)
		if len(r.Roles) == 0 {
			k.add(path+".roles", "the birthright %q gives nothing: list roles, for example [figma/viewer]", r.ID)
		}
		if !r.If.OfWhom() && r.If.When.Text == "" {
			k.add(path, "the birthright %q doesn't say whom it is about: add who, for example who: {departments: [Design]}; for everybody write when: \"true\"", r.ID)
		}
		if r.If.When.Peers {
			k.add(path+".when", "a birthright can't depend on what colleagues have: what one is given would change what the next one is")
		}
		for n, g := range r.If.Groups {
			k.directory(fmt.Sprintf("%s.who.groups[%d]", path, n), g)
		}
		for n, ref := range r.Roles {
			k.birthrightRole(fmt.Sprintf("%s.roles[%d]", path, n), r, ref, slices.Index(r.Roles, ref) < n)
		}
	}
}

// birthrightPath is where a rule stands: the list may be all there is, or one key of several.
func (k *checker) birthrightPath(i int) string {
	if k.facts.BirthrightsUnder != "" {
		return fmt.Sprintf("%s[%d]", k.facts.BirthrightsUnder, i)
	}
	return fmt.Sprintf("birthrights[%d]", i)
}

func (k *checker) birthrightID(path, id string, seen map[string]bool) {
	k.id(path, id)
	if id != "" && seen[id] {
		k.add(path, "the id %q is used twice: every birthright needs an id of its own, by which the record names it", id)
	}
	seen[id] = true
}

// birthrightRole reports a role that nobody may have without somebody's yes, or that can't last as long as its rule holds.
func (k *checker) birthrightRole(path string, b Birthright, ref RoleRef, twice bool) {
	app, role, ok := k.known(path, ref)
	switch {
	case !ok:
		return
	case twice:
		k.add(path, "the birthright %q names %s twice", b.ID, ref)
	case !app.Offered():
		k.add(path, "%s isn't offered (status: %s), so nobody gets it: take it out, or offer the app", ref, app.Status)
	case app.Provisioning == Manual:
		k.add(path, "%s is set up by hand, so it can't come by itself: take it out, and put it into a bundle", ref)
	case len(role.Needs) > 0:
		k.add(path, "%s needs another role first, so it can't come by itself: take it out, or take needs from the role", ref)
	}
	if why := guardedBirthright(k.catalog.policy, role); why != "" {
		k.add(path, "%s is %s, which nobody is given without somebody's yes: take it out of the birthright %q, and have people ask for it", ref, why, b.ID)
	}
	if id := apartFrom(k.catalog, ref); id != "" {
		k.add(path, "%s is on one side of the conflict %q, so whether somebody may have it depends on what else they have: take it out of the birthright %q, and have people ask for it", ref, id, b.ID)
	}
	if most := k.catalog.policy.Max[role.Risk]; most != Forever {
		k.add(path, "%s lasts as long as its rule holds, but a role of %s risk is held for %s at most: take it out, or raise policy.max.%s", ref, role.Risk, ShortDuration(most), role.Risk)
	}
}

// apartFrom is the conflict that keeps a role apart from something else; "" if none does.
func apartFrom(c *Catalog, ref RoleRef) string {
	for _, k := range c.policy.Conflicts {
		if slices.ContainsFunc(slices.Concat(k.Not[0], k.Not[1]), func(h Holding) bool { return touches(c, ref, h) }) {
			return k.ID
		}
	}
	return ""
}

// guardedBirthright says why a role is never given without a human's yes; "" if it may be. What was accepted of a role is that
// it has no approver when it is asked for, not that it comes unasked.
func guardedBirthright(p Policy, r Role) string {
	switch {
	case r.NeedsStepUp():
		return "a role for which people sign in"
	case p.PrivilegedRole(r):
		return "a role that opens a privileged group"
	case r.Assurance != "":
		return "a role with assurance: " + string(r.Assurance)
	}
	return guardedName(r)
}
