package targets

import (
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/people"
)

// NotCovered is what a review can't see.
func NotCovered(known *catalog.Catalog, dirs people.Directories, c access.Campaign, listed Listed) (out []string) {
	if c.Small() {
		return ofOnePerson(known, c, listed)
	}
	for _, app := range known.Apps() {
		for _, role := range app.Roles {
			if inApps(c.Review.Scope, app) && inRoles(c.Review.Scope, app, role) && len(role.Groups) == 0 && !byFile(c.Review.Scope, app, listed) {
				out = append(out, app.Name+" · "+role.Name+" is opened by no group: who has it stands in no directory, and no list of it was imported in the last days.")
			}
		}
	}
	for _, d := range dirs {
		if !slices.ContainsFunc(Of(known, c.Review.Scope, listed), func(t Target) bool { return t.Ref.Directory == d.ID() }) {
			out = append(out, "No group of the directory "+d.ID()+" is in its scope.")
		}
	}
	return append(out, "Groups that no role of the catalogue opens, accounts that applications keep for themselves, and what was assigned to somebody without a group.")
}

// ofOnePerson is what a small review can't see.
func ofOnePerson(known *catalog.Catalog, c access.Campaign, listed Listed) []string {
	out := []string{"Only what one person has."}
	var unknown []string
	for _, app := range known.Apps() {
		if inApps(c.Review.Scope, app) && app.Provisioning == catalog.Manual && (listed == nil || !listed(app.ID)) {
			unknown = append(unknown, app.Name)
		}
	}
	if len(unknown) > 0 {
		out = append(out, "What they have in "+strings.Join(unknown, ", ")+": no list of who has it was imported in the last days.")
	}
	return out
}
