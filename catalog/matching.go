package catalog

// matching are the roles that a condition can be about.
func matching(c *Catalog, i Condition) (out []Attributes) {
	for _, a := range c.apps {
		for _, r := range a.Roles {
			if at := (Attributes{App: a, Role: r}); i.what(at) == Yes {
				out = append(out, at)
			}
		}
	}
	return out
}
