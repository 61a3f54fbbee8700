package catalog

import "strings"

// appsOfRoles is how many apps the first words of a query for roles may find.
const appsOfRoles = 5

// SearchRoles finds roles that a query names after their app, as in "figma editor": the more of it names the
// app, the better. Apps with a single role are found as apps.
func (c *Catalog) SearchRoles(query string, limit int) (out []RoleRef) {
	words := strings.Fields(Fold(strings.NewReplacer("·", " ", "/", " ").Replace(query)))
	for cut := len(words) - 1; cut > 0 && len(out) == 0; cut-- {
		for _, app := range c.Search(strings.Join(words[:cut], " "), appsOfRoles) {
			for _, r := range app.Roles {
				if len(out) < limit && len(app.Roles) > 1 && containsAll(foldedLines(r.Name, r.ID), words[cut:]) {
					out = append(out, RoleRef{App: app.ID, Role: r.ID})
				}
			}
		}
	}
	return out
}

// SearchBundles finds bundles whose name, id or description contain every word
// of the query, in configured order. At most limit are returned.
func (c *Catalog) SearchBundles(query string, limit int) []Bundle {
	words := strings.Fields(Fold(query))
	var out []Bundle
	for _, b := range c.bundles {
		if len(out) < limit && containsAll(foldedLines(b.Name, b.ID, b.Description), words) {
			out = append(out, b)
		}
	}
	return out
}
