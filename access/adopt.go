package access

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// Found is a role that explains groups somebody was found in.
type Found struct {
	App    string
	Role   string
	Groups []catalog.GroupRef
}

// Explain finds roles of the catalogue that explain why somebody is in the
// groups: whole roles first, the largest before the others, in configured order.
// What is left over of a role is explained by the first role that opens it.
// Groups no role opens are not governed and are left out.
func Explain(c *catalog.Catalog, in []catalog.GroupRef) []Found {
	left, roles := slices.Clone(in), rolesOf(c)
	var out []Found
	for _, whole := range roles {
		if within(whole.Groups, left) {
			out = append(out, whole)
			left = slices.DeleteFunc(left, func(g catalog.GroupRef) bool { return slices.Contains(whole.Groups, g) })
		}
	}
	for _, g := range left {
		i := slices.IndexFunc(roles, func(f Found) bool { return slices.Contains(f.Groups, g) })
		if i >= 0 {
			out = append(out, Found{roles[i].App, roles[i].Role, []catalog.GroupRef{g}})
		}
	}
	return out
}

// rolesOf are the roles that open groups, those with the most groups first.
func rolesOf(c *catalog.Catalog) []Found {
	var out []Found
	for _, a := range c.Apps() {
		for _, r := range a.Roles {
			if len(r.Groups) > 0 {
				out = append(out, Found{a.ID, r.ID, r.Groups})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Found) int { return len(b.Groups) - len(a.Groups) })
	return out
}

func within(part, whole []catalog.GroupRef) bool {
	return !slices.ContainsFunc(part, func(g catalog.GroupRef) bool { return !slices.Contains(whole, g) })
}

// Adoption is a membership found in a directory that is to be taken over.
type Adoption struct {
	ID     string // of the grant to be; unique
	Person PersonID
	Found  Found
	For    time.Duration // how long it is kept from now on; catalog.Forever for no end
	Why    string        // how it was found, for the log
	By     Actor
}

// Adopt makes the grant that explains a membership that was there before. The
// access is there already, so the grant is active from the start. It has no
// request and no issue: nobody asked for it, and no change is made.
func Adopt(a Adoption, at time.Time) (Grant, Event, []Effect, error) {
	if a.Person == "" || len(a.Found.Groups) == 0 {
		return Grant{}, Event{}, nil, refuse(Invalid, "There is nothing to take over.")
	}
	g := Grant{
		ID: a.ID, Person: a.Person, App: a.Found.App, Role: a.Found.Role, Source: SourceAdopted, Wanted: a.For, Created: at,
	}
	for _, ref := range a.Found.Groups {
		g.Entitlements = append(g.Entitlements, Entitlement{Group: ref, State: EntitlementHeld, Before: true})
	}
	g.activate(at)
	e := g.Event(EventAdopted, a.By, at)
	e.Note, e.Until, e.Wanted, e.Groups = a.Why, g.Ends, a.For, a.Found.Groups
	return g, e, effects(EffectShowCards), nil
}

// Explains reports whether the grant accounts for finding the person in the
// group: it was seen to put them there, or to find them there, and has not yet
// been seen to let go. A grant that has not touched the group explains nothing.
func (g Grant) Explains(ref catalog.GroupRef) bool {
	e, ok := g.Entitlement(ref)
	return ok && g.State != GrantEnded && !lapsed(g, e) && (e.State == EntitlementHeld || e.State == EntitlementWanted && e.Absent)
}

// FoundBefore is the grant among others that explains the membership, in a group, of the
// account that g is about as one that was found, whether it is still there or not.
func FoundBefore(g Grant, ref catalog.GroupRef, others []Grant) (Grant, bool) {
	mine, _ := g.Entitlement(ref)
	i := slices.IndexFunc(others, func(o Grant) bool {
		e, opens := o.Entitlement(ref)
		return opens && o.Source == SourceAdopted && o.State == GrantActive && o.ID != g.ID && o.Person == g.Person &&
			mine.Account != "" && e.Account == mine.Account && e.GroupID == mine.GroupID
	})
	if i < 0 {
		return Grant{}, false
	}
	return others[i], true
}

// GivenBesides reports whether a membership that was seen at a moment, after it had been
// missing from what g explains, may be another grant's doing. Where that one misses it,
// too, somebody else brought it back.
func GivenBesides(g Grant, ref catalog.GroupRef, others []Grant, seen time.Time) bool {
	return slices.ContainsFunc(others, func(o Grant) bool {
		e, _ := o.Entitlement(ref)
		open := o.State != GrantEnded && (e.State == EntitlementHeld || e.State == EntitlementWanted)
		return (open || o.State == GrantEnded && !o.Finished.Before(seen)) && gave(e) && o.ID != g.ID && o.Person == g.Person && !apart(g, o, ref)
	})
}

// gave tells of one of a grant's groups whether the membership is, or may be, Latchkey's
// own work, and not only what was found. Whoever was seen not to be there is there by
// somebody else's, if they are again.
func gave(e Entitlement) bool { return (e.Absent || e.Sent) && !e.Missing }

// Restored are those of the others that g puts right by giving the group: they gave it, too,
// and somebody took it away past Latchkey.
func Restored(g Grant, ref catalog.GroupRef, others []Grant) (all []Grant) {
	for _, o := range others {
		e, opens := o.Entitlement(ref)
		if opens && e.Missing && o.State == GrantActive && o.Source != SourceAdopted && o.ID != g.ID && o.Person == g.Person && !apart(g, o, ref) {
			all = append(all, o)
		}
	}
	return all
}

// Unexplained reports whether a membership that g found when it came to add the
// person is explained by nobody: neither by what g itself has done before nor by
// another grant.
func (g Grant) Unexplained(ref catalog.GroupRef, others []Grant) bool {
	return !slices.ContainsFunc(append(others[:len(others):len(others)], g), func(o Grant) bool {
		return o.Person == g.Person && o.Explains(ref)
	})
}

// Untouched reports whether g has changed nothing about the group so far. Its
// end then has nothing to take back.
func (g Grant) Untouched(ref catalog.GroupRef) bool {
	e, ok := g.Entitlement(ref)
	return ok && e.State == EntitlementWanted && !e.Absent
}

// PassOn returns those of the others that take over what g knows of a group it
// leaves alone: the membership is Latchkey's own work, so whoever comes to add
// the person must not take it for one that was there before. Where it was found,
// not given, they look themselves: it may have gone meanwhile.
func (g Grant) PassOn(ref catalog.GroupRef, others []Grant) []Grant {
	mine, _ := g.Entitlement(ref)
	found := func(o Grant) bool {
		e, opens := o.Entitlement(ref)
		was := opens && o.Source == SourceAdopted && o.State == GrantActive && o.Person == g.Person && o.ID != g.ID && !apart(g, o, ref)
		return was && !(lapsed(o, e) && gave(mine))
	}
	if g.Untouched(ref) || slices.ContainsFunc(others, found) {
		return nil
	}
	var out []Grant
	for _, o := range others {
		e, _ := o.Entitlement(ref)
		takes := o.Untouched(ref) || gave(mine) && !gave(e) && o.Explains(ref)
		if o.ID != g.ID && o.Person == g.Person && takes && !apart(g, o, ref) {
			out = append(out, o.Pin(ref, mine.Account, mine.GroupID, true))
		}
	}
	return out
}
