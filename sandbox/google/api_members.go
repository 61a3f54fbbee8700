package google

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"latchkey/sandbox/google/world"
)

// memberObject writes a place in a group. That of everybody has no address.
func (s *Server) memberObject(c *call, m *world.Member) object {
	o := object{"kind": "admin#directory#member", "id": m.ID, "role": m.Role, "type": m.Type}
	s.with(o, "email", c.dir.AddressOf(m))
	if u := c.dir.User(m.ID); u != nil {
		o["status"] = "ACTIVE"
		switch {
		case u.Archived:
			o["status"] = "ARCHIVED"
		case u.Suspended:
			o["status"] = "SUSPENDED"
		}
	}
	return stamped(o)
}

func (s *Server) listMembers(c *call) reply {
	g, refused := s.group(c, c.PathValue("group"))
	if refused != nil {
		return *refused
	}
	q := c.URL.Query()
	if q.Get("includeDerivedMembership") == "true" || q.Get("roles") != "" {
		return s.refuse(c.Request, "includeDerivedMembership or roles")
	}
	some, next, good := page(q, "maxResults", c.dir.Seen(g), func(m *world.Member) int64 { return m.Seq }, 200, 200)
	if !good {
		return badPage()
	}
	var items []any
	for _, m := range some {
		items = append(items, s.memberObject(c, m))
	}
	o := object{"kind": "admin#directory#members"}
	s.with(o, "members", items)
	s.with(o, "nextPageToken", next)
	return ok(stamped(o))
}

// member finds what a key in a path means, or the refusal: nothing at all, an address that
// Google doesn't know, nobody.
func (s *Server) member(c *call, key string) (world.Member, *reply) {
	var r reply
	u, g := c.dir.User(key), c.dir.Group(key)
	switch {
	case u != nil:
		return world.Member{ID: u.ID, Type: world.TypeUser}, nil
	case g != nil:
		return world.Member{ID: g.ID, Type: world.TypeGroup}, nil
	case strings.Contains(key, "@") && !c.dir.Ours(key):
		return world.Member{ID: c.dir.Outsider(key), Type: world.TypeUser, Address: key}, nil
	case isNumber(key) || strings.Contains(key, "@"):
		r = notFound("memberKey")
	case key == "":
		r = failure(http.StatusBadRequest, "required", "Missing required field: memberKey")
	default:
		r = invalid("memberKey")
	}
	return world.Member{}, &r
}

func (s *Server) getMember(c *call) reply {
	g, refused := s.group(c, c.PathValue("group"))
	if refused != nil {
		return *refused
	}
	for _, m := range c.dir.Seen(g) {
		key := c.PathValue("member")
		if m.ID == key || world.Folded(c.dir.AddressOf(m)) == world.Folded(key) || c.dir.User(key) != nil && c.dir.User(key).ID == m.ID {
			return ok(s.memberObject(c, m))
		}
	}
	return notFound("memberKey")
}

// hasMember also knows who is in the group by another one; somebody from outside is an
// invalid input to it.
func (s *Server) hasMember(c *call) reply {
	g, refused := s.group(c, c.PathValue("group"))
	if refused != nil {
		return *refused
	}
	m, refused := s.member(c, c.PathValue("member"))
	switch {
	case refused != nil:
		return *refused
	case m.Address != "":
		return invalid("memberKey")
	}
	return ok(object{"isMember": c.dir.Reaches(g, m.ID, map[string]bool{})})
}

// editable refuses to change groups that something else fills. Google's own words for that are not known.
func (s *Server) editable(c *call) (*world.LiveGroup, *reply) {
	g, refused := s.group(c, c.PathValue("group"))
	if refused != nil {
		return nil, refused
	}
	if g.Dynamic || g.Locked {
		r := failure(http.StatusPreconditionFailed, "conditionNotMet", "The membership of this group cannot be modified.")
		return nil, &r
	}
	return g, nil
}

func (s *Server) insertMember(c *call) reply {
	g, refused := s.editable(c)
	if refused != nil {
		return *refused
	}
	var ask map[string]string
	if err := json.Unmarshal(c.body, &ask); err != nil {
		return failure(http.StatusBadRequest, "parseError", "Parse Error")
	}
	for _, field := range slices.Sorted(maps.Keys(ask)) {
		if !slices.Contains([]string{"id", "email", "role", "kind", "type"}, field) {
			return s.refuse(c.Request, "member field "+field)
		}
	}
	key := ask["id"]
	if key == "" {
		key = ask["email"]
	}
	m, refused := s.member(c, key)
	inner := c.dir.Group(m.ID)
	switch {
	case refused != nil:
		return *refused
	case m.Address != "" && g.Insiders:
		return failure(http.StatusForbidden, "forbidden", "External members are not allowed in this group.")
	case inner != nil && (inner.ID == g.ID || c.dir.Reaches(inner, g.ID, map[string]bool{})):
		return failure(http.StatusBadRequest, "conditionNotMet", "Cyclic memberships not allowed")
	}
	m.Role = ask["role"]
	if !c.dir.Join(g, m) {
		return failure(http.StatusConflict, "duplicate", "Member already exists.")
	}
	return ok(s.memberObject(c, &m))
}

func (s *Server) deleteMember(c *call) reply {
	g, refused := s.editable(c)
	if refused != nil {
		return *refused
	}
	m, refused := s.member(c, c.PathValue("member"))
	if refused != nil {
		return *refused
	}
	if !c.dir.Leave(g, m.ID) {
		if m.Address != "" {
			return failure(http.StatusBadRequest, "required", "Missing required field: memberKey")
		}
		return notFound("memberKey")
	}
	return reply{status: http.StatusNoContent}
}
