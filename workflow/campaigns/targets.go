package campaigns

import (
	"cmp"
	"slices"
	"strings"

	"latchkey/catalog"
)

// target is a group that a review is about, with what it opens.
type target struct {
	ref        catalog.GroupRef
	app        catalog.App
	roles      []catalog.Role // of the app, that open the group and are in scope
	risk       catalog.Risk
	privileged bool
	excluded   string // why nobody decides on any of it: all its roles are left out
}

// targets are the groups of a catalogue that a review is about, those of an app together.
func targets(known *catalog.Catalog, scope catalog.ReviewScope) (out []target) {
	for _, app := range known.Apps() {
		if !inApps(scope, app) {
			continue
		}
		for _, role := range app.Roles {
			if !inRoles(scope, app, role) {
				continue
			}
			for _, ref := range role.Groups {
				out = add(out, target{ref: ref, app: app, roles: []catalog.Role{role}, risk: role.Risk, privileged: role.Privileged || known.Policy().PrivilegedRole(role)})
			}
		}
	}
	for i := range out {
		out[i].excluded = roleExcluded(scope, out[i])
	}
	return out
}

// add adds a target, or what it opens to the one that there is of its group. A group that several apps share is the first one's.
func add(all []target, t target) []target {
	i := slices.IndexFunc(all, func(o target) bool { return o.ref == t.ref })
	if i < 0 {
		return append(all, t)
	}
	o := &all[i]
	if o.app.ID == t.app.ID {
		o.roles = append(o.roles, t.roles...)
	}
	if weight(t.risk) > weight(o.risk) {
		o.risk = t.risk
	}
	o.privileged = o.privileged || t.privileged
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
func roleExcluded(scope catalog.ReviewScope, t target) (why string) {
	for _, role := range t.roles {
		ref := catalog.RoleRef{App: t.app.ID, Role: role.ID}
		i := slices.IndexFunc(scope.Exclude, func(e catalog.ReviewExclude) bool { return e.Role == ref })
		if i < 0 {
			return ""
		}
		why = exclusion(scope.Exclude[i])
	}
	return why
}

// exclusion says why something is left out, and who approved that.
func exclusion(e catalog.ReviewExclude) string { return e.Why + " (approved by " + e.By + ")" }

// opens says what a group opens, in words for those who decide.
func (t target) opens() string {
	names := make([]string, len(t.roles))
	for i, r := range t.roles {
		names[i] = r.Name
	}
	said := t.app.Name + " · " + strings.Join(names, ", ")
	if more := cmp.Or(t.roles[0].Description, t.app.Description); more != "" {
		said += ": " + more
	}
	return said
}

// roleIDs are the roles that open the group.
func (t target) roleIDs() []string {
	out := make([]string, len(t.roles))
	for i, r := range t.roles {
		out[i] = r.ID
	}
	return out
}
