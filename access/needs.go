package access

import "latchkey/catalog"

// NeedsGrants tells whether Objection to a waiting request depends on the grants that
// its beneficiary has, as it does where the role needs another one. What they have asked for
// besides never matters to it.
func (r Request) NeedsGrants(c *catalog.Catalog) bool {
	_, role, _ := c.Role(r.App, r.Role)
	return len(role.Needs) > 0
}
