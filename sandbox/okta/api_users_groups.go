package okta

import (
	"cmp"
	"slices"

	"latchkey/sandbox/okta/world"
)

func (s *Server) listUserGroups(c *call) reply {
	u := c.org.FindUser(c.PathValue("id"))
	if u == nil {
		return notFound(c.PathValue("id"), "User")
	}
	var all []*world.LiveGroup
	for id := range u.Joined {
		all = append(all, c.org.GroupByID[id])
	}
	slices.SortFunc(all, func(a, b *world.LiveGroup) int { return cmp.Compare(a.Seq, b.Seq) })
	return s.groupPage(c, all, false)
}
