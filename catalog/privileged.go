package catalog

import "slices"

// WithSignIn is the catalogue where people can sign in to a directory: whoever says yes to a role that opens a
// privileged group does so, whatever the role says of itself. The receiver isn't changed.
func (c *Catalog) WithSignIn() *Catalog {
	out := *c
	out.apps = slices.Clone(c.apps)
	for i, a := range out.apps {
		roles := slices.Clone(a.Roles)
		for n, r := range roles {
			roles[n].Privileged = c.policy.PrivilegedRole(r)
		}
		out.apps[i].Roles = roles
	}
	out.version = versionOf(&out)
	return &out
}
