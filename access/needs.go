package access

import (
	"fmt"
	"slices"

	"latchkey/catalog"
)

// NeedsGrants tells whether Objection to a waiting request depends on the grants that
// its beneficiary has, as it does where the role needs another one, or can't go with one. What they have
// asked for besides never matters to it.
func (r Request) NeedsGrants(c *catalog.Catalog) bool {
	_, role, _ := c.Role(r.App, r.Role)
	return len(role.Needs) > 0 || c.Conflicting(catalog.RoleRef{App: r.App, Role: r.Role})
}

// prerequisites refuses a role as long as what it needs isn't held.
func (a Ask) prerequisites(c *catalog.Catalog, app catalog.App, role catalog.Role) error {
	for _, need := range role.Needs {
		met := Met(need, a.Beneficiary.ID, a.Beside.Grants, a.Around.Groups)
		if met == catalog.Yes {
			continue
		}
		name, wants := app.Name+" · "+role.Name, c.PlainName(need)
		whose := "you are"
		if a.Beneficiary.ID != a.Requester.ID {
			whose = a.Beneficiary.Display() + " is"
		}
		switch {
		case !need.OfGroup():
			return Refuse(NotAllowed, "role", fmt.Sprintf("%s needs %s first. Ask for that, and come back once it is there.", name, wants))
		case met == catalog.Unknown:
			return Refuse(Undetermined, "role", fmt.Sprintf("%s is only for who is in %s, and it can't be found out now whether %s. Please try again in a while.", name, wants, whose))
		}
		return Refuse(NotAllowed, "role", fmt.Sprintf("%s is only for who is in %s, and %s not. Ask IT how to get there, and come back then.", name, wants, whose))
	}
	return nil
}

// Met tells whether somebody has what a role needs: a role that was given to them and is there, or a place in a group,
// whoever put them there.
func Met(need catalog.Holding, who PersonID, grants []Grant, groups map[catalog.GroupRef]catalog.Truth) catalog.Truth {
	if need.OfGroup() {
		return groups[need.Group]
	}
	return catalog.Told(slices.ContainsFunc(grants, func(g Grant) bool {
		return g.State == GrantActive && g.Person == who && g.App == need.App && (need.Role == "" || g.Role == need.Role)
	}))
}
