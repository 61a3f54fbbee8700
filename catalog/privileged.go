package catalog

import "slices"

// WithSignIn is the catalogue where people can sign in to a directory: whoever says yes to a role that opens a
// privileged group does so, whatever the role says of itself. The receiver isn't changed.
func (c *Catalog) WithSignIn() *Catalog {
	out := *c
	out.signsIn = true
	out.apps = privileged(c.apps, c.policy)
	out.version = ""
	return &out
}

// Carrying is the catalogue where these groups were seen to make administrators of the directory: they count as privileged,
// though nobody has listed them. It says what it said before, so it has the same version. The receiver isn't changed.
func (c *Catalog) Carrying(seen []GroupRef) *Catalog {
	out := *c
	out.version = c.Version()
	out.policy.Carrying = slices.Clone(seen)
	if c.signsIn {
		out.apps = privileged(c.apps, out.policy)
	}
	return &out
}

// privileged are the apps with those roles marked that open a privileged group.
func privileged(apps []App, p Policy) []App {
	apps = slices.Clone(apps)
	for i, a := range apps {
		apps[i].Roles = slices.Clone(a.Roles)
		for n, r := range apps[i].Roles {
			apps[i].Roles[n].Privileged = p.PrivilegedRole(r)
		}
	}
	return apps
}
