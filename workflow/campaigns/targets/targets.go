// Package targets says which groups a review is about, by the catalogue, and what it can't see.
package targets

import (
	"cmp"
	"slices"
	"strings"

	"latchkey/catalog"
	"latchkey/workflow/campaigns/imported"
)

// Target is a group that a review is about, with what it opens.
type Target struct {
	Ref        catalog.GroupRef
	App        catalog.App
	Roles      []catalog.Role // of the app, that open the group and are in scope
	Risk       catalog.Risk
	Privileged bool
	Excluded   string // why nobody decides on any of it: all its roles are left out
}

// Listed tells whether there is a list of an app that is looked after by hand, on which a review can rest.
type Listed func(app string) bool

// Of are the groups of a catalogue that a review is about, those of an app together. An app without a directory is among
// them if it is listed, or named by the scope: then it has to be.
func Of(known *catalog.Catalog, scope catalog.ReviewScope, listed Listed) (out []Target) {
	for _, app := range known.Apps() {
		if !inApps(scope, app) {
			continue
		}
		for _, role := range app.Roles {
			if !inRoles(scope, app, role) {
				continue
			}
			refs := role.Groups
			if byFile(scope, app, listed) {
				refs = []catalog.GroupRef{imported.Ref(app.ID, role.ID)}
			}
			for _, ref := range refs {
				out = add(out, Target{Ref: ref, App: app, Roles: []catalog.Role{role}, Risk: role.Risk, Privileged: role.Privileged || known.Policy().PrivilegedRole(role)})
			}
		}
	}
	for i := range out {
		out[i].Excluded = roleExcluded(scope, out[i])
	}
	return out
}

// byFile tells whether it is read from a file who has access to an app.
func byFile(scope catalog.ReviewScope, app catalog.App, listed Listed) bool {
	named := slices.Contains(scope.Apps, app.ID) || slices.ContainsFunc(scope.Roles, func(r catalog.RoleRef) bool { return r.App == app.ID })
	return app.Provisioning == catalog.Manual && (named || listed != nil && listed(app.ID))
}

// add adds a target, or what it opens to the one that there is of its group. A group that several apps share is the first one's.
func add(all []Target, t Target) []Target {
	i := slices.IndexFunc(all, func(o Target) bool { return o.Ref == t.Ref })
	if i < 0 {
		return append(all, t)
	}
	o := &all[i]
	if o.App.ID == t.App.ID {
		o.Roles = append(o.Roles, t.Roles...)
	}
	if weight(t.Risk) > weight(o.Risk) {
		o.Risk = t.Risk
	}
	o.Privileged = o.Privileged || t.Privileged
	return all
}

func weight(r catalog.Risk) int {
	return slices.Index([]catalog.Risk{catalog.Low, catalog.Medium, catalog.High}, r)
}

func inApps(scope catalog.ReviewScope, app catalog.App) bool {
	tagged := func(tag string) bool {
		return slices.ContainsFunc(app.Tags, func(t string) bool { return strings.EqualFold(t, tag) })
	}
	return (len(scope.Apps) == 0 || slices.Contains(scope.Apps, app.ID)) && (len(scope.Tags) == 0 || slices.ContainsFunc(scope.Tags, tagged))
}

func inRoles(scope catalog.ReviewScope, app catalog.App, role catalog.Role) bool {
	return (len(scope.Roles) == 0 || slices.Contains(scope.Roles, catalog.RoleRef{App: app.ID, Role: role.ID})) &&
		(len(scope.Risks) == 0 || slices.Contains(scope.Risks, role.Risk))
}

// roleExcluded is why nobody decides on a group; "" where a role opens it that isn't left out.
func roleExcluded(scope catalog.ReviewScope, t Target) (why string) {
	for _, role := range t.Roles {
		ref := catalog.RoleRef{App: t.App.ID, Role: role.ID}
		i := slices.IndexFunc(scope.Exclude, func(e catalog.ReviewExclude) bool { return e.Role == ref })
		if i < 0 {
			return ""
		}
		why = Exclusion(scope.Exclude[i])
	}
	return why
}

// Exclusion says why something is left out, and who approved that.
func Exclusion(e catalog.ReviewExclude) string { return e.Why + " (approved by " + e.By + ")" }

// Opens says what a group opens, in words for those who decide.
func (t Target) Opens() string {
	names := make([]string, len(t.Roles))
	for i, r := range t.Roles {
		names[i] = r.Name
	}
	said := t.App.Name + " · " + strings.Join(names, ", ")
	if more := cmp.Or(t.Roles[0].Description, t.App.Description); more != "" {
		said += ": " + more
	}
	return said
}

// RoleIDs are the roles that open the group.
func (t Target) RoleIDs() []string {
	out := make([]string, len(t.Roles))
	for i, r := range t.Roles {
		out[i] = r.ID
	}
	return out
}
