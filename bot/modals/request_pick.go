package modals

import (
	"github.com/slack-go/slack"

	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/catalog"
)

// fewApps is how many apps the menu may have found to name the roles of each: whoever typed so much means one of them.
const fewApps = 5

// typedOffers are the best matches for what was typed: apps, and the roles of a few, so that one choice
// is enough. Who names app and role is shown that role first.
func typedOffers(c *catalog.Catalog, typed string) (out []offer) {
	offered := map[catalog.RoleRef]bool{}
	pick := func(ref catalog.RoleRef) {
		if !offered[ref] && len(ref.String()) <= blocks.MaxOption { // what is longer is chosen as an app, and then as its role
			out = append(out, offer{"", pickOption(c, ref)})
		}
		offered[ref] = true
	}
	for _, ref := range c.SearchRoles(typed, blocks.MaxOptions) {
		pick(ref)
	}
	apps := c.Search(typed, blocks.MaxOptions)
	for _, app := range apps {
		out = append(out, offer{"", appOption(app)})
		if len(apps) > fewApps || len(app.Roles) < 2 {
			continue
		}
		for _, r := range app.Roles {
			pick(catalog.RoleRef{App: app.ID, Role: r.ID})
		}
	}
	return out
}

// pickOption is a role in the menu of apps.
func pickOption(c *catalog.Catalog, ref catalog.RoleRef) *slack.OptionBlockObject {
	_, role, _ := c.Role(ref.App, ref.Role)
	return blocks.Option(ref.String(), cards.RoleName(c, ref), role.Description)
}

// chosenApp reads what was chosen in the menu of apps: an app or a bundle, or a role of an app.
func chosenApp(c *catalog.Catalog, v payload.Values, block string) (app, role string) {
	chosen := v.Choice(block, actionApp)
	ref, err := catalog.ParseRoleRef(chosen)
	if err != nil {
		return chosen, ""
	}
	if _, _, known := c.Role(ref.App, ref.Role); !known {
		return ref.App, ""
	}
	return ref.App, ref.Role
}

// settled is the form as it is drawn next: a role that was chosen in the menu of apps is split among the two
// menus, which are drawn anew, so that nothing stays of what was chosen in them before.
func (f form) settled() form {
	if f.Picked {
		f.Picked, f.Turn, f.Picks = false, f.Turn+1, f.Picks+1
	}
	return f
}
