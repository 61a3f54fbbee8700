package requests

import (
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// loseNeeds sees to what somebody has that needs what is ending, and isn't given by anything else: it ends with
// it where its role says so; otherwise IT hears of it. What needs a group is seen to by the comparison of the groups.
func loseNeeds(u *engine.Unit, e access.Event, _ access.Effect) error {
	if !needed(u.Catalog, e) {
		return nil
	}
	grants, err := store.OpenGrantsOf(u.Tx, e.Person)
	if err != nil {
		return err
	}
	for _, g := range grants {
		need, lost := lostBy(u.Catalog, g, e, grants)
		if !lost {
			continue
		}
		if err := LoseNeed(u, g, need); err != nil {
			return err
		}
	}
	return nil
}

// needed tells whether any role needs the one of an event.
func needed(c *catalog.Catalog, e access.Event) bool {
	ends := catalog.RoleRef{App: e.App, Role: e.Role}.Holding()
	return slices.ContainsFunc(c.Apps(), func(a catalog.App) bool {
		return slices.ContainsFunc(a.Roles, func(r catalog.Role) bool { return slices.Contains(r.Needs, ends) })
	})
}

// lostBy tells whether a grant that lives needs the role of a grant that is ending, and nothing else gives that.
func lostBy(c *catalog.Catalog, g access.Grant, e access.Event, all []access.Grant) (catalog.Holding, bool) {
	_, role, _ := c.Role(g.App, g.Role)
	need := catalog.RoleRef{App: e.App, Role: e.Role}.Holding()
	if g.ID == e.Grant || !g.Live() || !slices.Contains(role.Needs, need) {
		return need, false
	}
	others := slices.DeleteFunc(slices.Clone(all), func(o access.Grant) bool { return o.ID == e.Grant })
	return need, access.Met(need, g.Person, others, nil) != catalog.Yes
}

// LoseNeed ends a grant whose role needs what isn't held any more, or has IT told, as the role says.
func LoseNeed(u *engine.Unit, g access.Grant, need catalog.Holding) error {
	_, role, _ := u.Catalog.Role(g.App, g.Role)
	who, err := people.ContactIn(u.Tx, g.Person)
	if err != nil {
		return err
	}
	why := "It needs " + u.Catalog.PlainName(need) + ", which " + who + " doesn't have any more."
	if role.OnNeedsLost != catalog.EndAccess {
		return notify.Announce(u, fmt.Sprintf("needs/%s/%s/%d", g.ID, need, u.At.UnixNano()), "", g.Label(u.Catalog)+" is held without what it needs", why,
			"It goes on until its end. Take it away, or see that "+who+" gets that again. With on_needs_lost: end_access the role ends by itself.", "Grant "+g.ID)
	}
	e := end(g, access.EndNeedsLost, access.System(), "", u.At)
	e.Note = why
	_, err = u.MoveGrant(g, e)
	if _, refused := access.AsRefusal(err); refused {
		return nil // it is ending already
	}
	return err
}
