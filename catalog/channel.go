package catalog

import "slices"

// Channel is where the approvers of a role are asked; empty: in direct messages.
// A role's own channel, or its app's, goes before the route's.
func (c *Catalog) Channel(app, role string) string {
	_, r, _ := c.Role(app, role)
	if r.Channel != "" {
		return r.Channel
	}
	return c.routes[r.Route].Channel
}

// Channels are all channels in which approvers are asked, or it is shown how far a review is, sorted.
func (c *Catalog) Channels() []string {
	var out []string
	for _, r := range c.reviews {
		if r.Channel != "" {
			out = append(out, r.Channel)
		}
	}
	for _, a := range c.apps {
		for _, r := range a.Roles {
			if name := c.Channel(a.ID, r.ID); name != "" {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
