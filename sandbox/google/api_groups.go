package google

import (
	"slices"
	"strconv"
	"strings"

	"latchkey/sandbox/google/world"
)

// group finds the group that a path key means, or the refusal.
func (s *Server) group(c *call, key string) (*world.LiveGroup, *reply) {
	if g := c.dir.Group(key); g != nil {
		return g, nil
	}
	r := notFound("groupKey")
	if strings.Contains(key, "@") && !c.dir.Ours(key) {
		r = forbidden()
	}
	return nil, &r
}

func (s *Server) getGroup(c *call) reply {
	g, refused := s.group(c, s.understood(c.PathValue("group")))
	if refused != nil {
		return *refused
	}
	return ok(s.groupObject(c, g))
}

// groupObject writes a group. Nothing in it tells whether a query or another system fills it.
func (s *Server) groupObject(c *call, g *world.LiveGroup) object {
	o := object{
		"kind": "admin#directory#group", "id": g.ID, "email": g.Email, "name": g.Name, "description": g.Description,
		"adminCreated": true, "nonEditableAliases": []string{world.TestAddress(g.Email)},
	}
	s.with(o, "aliases", g.Aliases)
	if n, said := s.Said(g.ID, len(c.dir.Seen(g))); said {
		o["directMembersCount"] = strconv.Itoa(n)
	}
	return stamped(o)
}

func (s *Server) listGroups(c *call) reply {
	q := c.URL.Query()
	fits, refused := s.groupsWanted(c)
	if refused != nil {
		return *refused
	}
	var found []*world.LiveGroup
	for _, g := range c.dir.Groups {
		if fits(g) {
			found = append(found, g)
		}
	}
	some, next, good := page(q, "maxResults", found, func(g *world.LiveGroup) int64 { return g.Seq }, 200, 200)
	if !good {
		return badPage()
	}
	var items []any
	for _, g := range some {
		items = append(items, s.groupObject(c, g))
	}
	o := object{"kind": "admin#directory#groups"}
	s.with(o, "groups", items)
	s.with(o, "nextPageToken", next)
	return ok(stamped(o))
}

// groupsWanted is which groups a listing asks for: those of an account, or those that a search fits.
func (s *Server) groupsWanted(c *call) (fits func(*world.LiveGroup) bool, refused *reply) {
	q := c.URL.Query()
	refuse := func(r reply) (func(*world.LiveGroup) bool, *reply) { return nil, &r }
	if key := q.Get("userKey"); key != "" {
		if q.Has("customer") || q.Has("query") {
			return refuse(invalid("userKey"))
		}
		m := c.dir.MemberOf(key)
		return func(g *world.LiveGroup) bool {
			return slices.ContainsFunc(c.dir.Seen(g), func(o *world.Member) bool { return o.ID == m.ID })
		}, nil
	}
	if r := s.ofCustomer(c); r != nil {
		return nil, r
	}
	clauses, err := clausesOf(q.Get("query"))
	if err != nil {
		return refuse(s.refuse(c.Request, "query "+err.Error()))
	}
	for _, cl := range clauses {
		if known := []string{"name=", "email="}; !slices.Contains(known, cl.field+cl.operator) {
			return refuse(s.refuse(c.Request, "query "+cl.field+cl.operator))
		}
	}
	now := s.now()
	return func(g *world.LiveGroup) bool {
		for _, cl := range clauses {
			held := map[string]string{"name": g.Name, "email": g.Email}[cl.field]
			if world.Folded(held) != world.Folded(s.understood(cl.value)) || g.Visible.After(now) {
				return false
			}
		}
		return true
	}, nil
}
