package catalog

import (
	"fmt"
	"slices"
)

// needs reports prerequisites that can never be met.
func (k *checker) needs(path string, own RoleRef, role Role) {
	for i, need := range role.Needs {
		at := fmt.Sprintf("%s.needs[%d]", path, i)
		k.thing(at, need)
		ref, one := need.Ref()
		_, other, _ := k.catalog.Role(ref.App, ref.Role)
		switch {
		case need == Holding{}:
		case slices.Contains(role.Needs[:i], need):
			k.add(at, "%q is needed twice: keep one", need)
		case one && ref == own:
			k.add(at, "%q can't be a prerequisite of itself: remove it", need)
		case one && slices.Contains(other.Needs, own.Holding()):
			k.add(at, "%q and %q need each other, so nobody could ever ask for either: remove one", own, need)
		case one && circle(k.catalog, own, ref) != "":
			k.add(at, "%s", circle(k.catalog, own, ref))
		case need.OfGroup() && slices.ContainsFunc(role.Groups, need.Group.Confusable):
			k.add(at, "the role %q opens %q itself, so it can't be needed first: remove it here or from groups", role.ID, need)
		}
	}
	switch {
	case role.OnNeedsLost == "":
	case role.OnNeedsLost != EndAccess:
		k.add(path+".on_needs_lost", "%q is nothing to do when something that is needed is lost: write end_access, or leave it out, and IT hears of it", role.OnNeedsLost)
	case len(role.Needs) == 0:
		k.add(path+".on_needs_lost", "the role %q needs nothing that could be lost: add needs, or leave it out", role.ID)
	}
}

// thing reports what nobody can have, because there is no such thing.
func (k *checker) thing(at string, h Holding) {
	ref, one := h.Ref()
	var ids []string
	for _, a := range k.catalog.apps {
		ids = append(ids, a.ID)
	}
	switch {
	case h == Holding{}: // said already by whoever read it
	case h.OfGroup():
		k.directory(at, h.Group)
	case one:
		k.known(at, ref)
	case !slices.Contains(ids, h.App) && !k.twice:
		k.add(at, "there is no app %q: %s", h.App, suggest(h.App, ids, "define it under apps, or write app/role or directory:group"))
	}
}

// conflictChecks are those of what nobody is to have together.
type conflictChecks struct{ *checker }

// conflicts reports what can't be meant of what nobody is to have together.
func (k conflictChecks) conflicts(all []Conflict, seen map[string]bool) {
	for i, c := range all {
		path := fmt.Sprintf("policy.conflicts[%d]", i)
		k.ruleID(path+".id", c.ID, seen)
		for side, list := range c.Not {
			for n, h := range list {
				at := sidePath(path, side, n, list)
				k.thing(at, h)
				if h != (Holding{}) && slices.Contains(list[:n], h) {
					k.add(at, "%q is on this side twice: keep one", h)
				}
			}
		}
		k.exception(path+".exception", c)
		if !k.twice {
			k.within(path, c)
			k.unattainable(path, c)
		}
	}
}

// sidePath is where one thing of a side stands. A side of one thing may be written without a list.
func sidePath(path string, side, n int, list []Holding) string {
	if len(list) == 1 {
		return fmt.Sprintf("%s.not[%d]", path, side)
	}
	return fmt.Sprintf("%s.not[%d][%d]", path, side, n)
}

// exception reports an exception that nobody decides on, or that has no end.
func (k conflictChecks) exception(path string, c Conflict) {
	t := c.Exception
	switch {
	case t == ExceptionTerms{}:
		return
	case t.Max <= 0:
		k.add(path, "an exception from %q has no end: add max, for example 7d", c.ID)
	case t.Route == "":
		k.add(path, "nobody decides on an exception from %q: add route, %s", c.ID, knownRoutes(k.catalog))
	}
	route, known := k.catalog.routes[t.Route]
	switch {
	case t.Route == "":
	case !known:
		k.add(path+".route", "there is no approval route %q: %s", t.Route, suggest(t.Route, routeNames(k.catalog), "define it under approvals"))
	case route.Automatic():
		k.add(path+".route", "the route %q asks nobody, so everybody would get an exception from %q: name one that asks somebody", t.Route, c.ID)
	default:
		k.exceptionReachable(path+".route", c, route)
	}
}

// exceptionReachable reports a route that has nobody to ask for a role of the conflict.
func (k conflictChecks) exceptionReachable(path string, c Conflict, route Route) {
	for _, a := range k.catalog.apps {
		for _, r := range a.Roles {
			ref := RoleRef{a.ID, r.ID}
			if slices.ContainsFunc(slices.Concat(c.Not[0], c.Not[1]), func(h Holding) bool { return gives(k.catalog, ref, h) }) {
				k.routes().reachable(path, asker{a, r}, route)
			}
		}
	}
}

// within reports a conflict of something with itself: nobody could have it at all.
func (k conflictChecks) within(path string, c Conflict) {
	for _, a := range c.Not[0] {
		for n, b := range c.Not[1] {
			at := sidePath(path, 1, n, c.Not[1])
			switch {
			case a == Holding{} || b == Holding{}:
			case a == b:
				k.add(at, "%q is on both sides, so it would conflict with itself: remove it from one", b)
				return
			case !a.OfGroup() && !b.OfGroup() && a.App == b.App && (a.Role == "" || b.Role == ""):
				k.add(at, "%q is part of %q, so it would conflict with itself: name the roles that can't go together", longer(a, b), shorter(a, b))
				return
			}
		}
	}
}

func shorter(a, b Holding) Holding {
	if a.Role == "" {
		return a
	}
	return b
}

func longer(a, b Holding) Holding {
	if a.Role == "" {
		return b
	}
	return a
}

// unattainable reports roles and bundles that a conflict keeps everybody from.
func (k conflictChecks) unattainable(path string, c Conflict) {
	both := func(refs ...RoleRef) bool {
		has := Holdings{Roles: refs}
		one := func(list []Holding) bool {
			return slices.ContainsFunc(list, func(h Holding) bool { return Holds(k.catalog, has, h) == Yes })
		}
		return one(c.Not[0]) && one(c.Not[1])
	}
	for i, a := range k.catalog.apps {
		for j, r := range a.Roles {
			ref, at := RoleRef{a.ID, r.ID}, fmt.Sprintf("apps[%d].roles[%d]", i, j)
			if both(ref) && !k.itself(c) {
				k.add(path+".not", "the role %q alone has both sides of the conflict %q by the groups it opens, so nobody could have it: part its groups, or what is said here", ref, c.ID)
				continue
			}
			for n, need := range r.Needs {
				if needed, one := need.Ref(); one && !both(needed) && both(ref, needed) {
					k.add(fmt.Sprintf("%s.needs[%d]", at, n), "%q needs %q, and the conflict %q keeps the two apart, so nobody could have it: remove one of the two", ref, need, c.ID)
				} else if need.OfGroup() && k.apart(c, ref, need) {
					k.add(fmt.Sprintf("%s.needs[%d]", at, n), "%q needs %q, and the conflict %q keeps the two apart, so nobody could have it: remove one of the two", ref, need, c.ID)
				}
			}
		}
	}
	for i, b := range k.catalog.bundles {
		if both(b.Roles...) && !slices.ContainsFunc(b.Roles, func(r RoleRef) bool { return both(r) }) {
			k.add(fmt.Sprintf("bundles[%d].roles", i), "the bundle %q has both sides of the conflict %q, so it could never be asked for: take one side out", b.ID, c.ID)
		}
	}
}

// itself tells whether something is on both sides, which is said already.
func (k conflictChecks) itself(c Conflict) bool {
	faults := len(k.faults)
	defer func() { k.faults = k.faults[:faults] }()
	k.within("", c)
	return len(k.faults) > faults
}

// apart tells whether a conflict keeps a role from a group.
func (k conflictChecks) apart(c Conflict, ref RoleRef, need Holding) bool {
	for side, list := range c.Not {
		gives := slices.ContainsFunc(list, func(h Holding) bool { return gives(k.catalog, ref, h) })
		if gives && slices.Contains(c.Not[1-side], need) {
			return true
		}
	}
	return false
}
