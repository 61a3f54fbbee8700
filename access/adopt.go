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
