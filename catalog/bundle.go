package catalog

import (
	"slices"
	"strings"
)

// Bundle is a named set of roles that are asked for together, such as what a
// new designer needs. Each role keeps its own route and default duration.
type Bundle struct {
	ID          string
	Name        string
	Description string
	Roles       []RoleRef
}

// MaxBundle is the most roles a bundle may hold; one request of each is made.
const MaxBundle = 12

// Bundles are the bundles in configured order.
func (c *Catalog) Bundles() []Bundle { return c.bundles }

// Bundle finds a bundle by id.
func (c *Catalog) Bundle(id string) (Bundle, bool) {
	i := slices.IndexFunc(c.bundles, func(b Bundle) bool { return b.ID == id })
	if i < 0 {
		return Bundle{}, false
	}
	return c.bundles[i], true
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
