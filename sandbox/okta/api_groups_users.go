package okta

import (
	"fmt"
	"net/http"

	"latchkey/sandbox/okta/world"
)

// editable finds the group and account of a membership change, or the refusal.
func (s *Server) editable(c *call) (*world.LiveGroup, *world.LiveUser, *reply) {
	g, u := c.org.GroupByID[c.PathValue("id")], c.org.UserByID[c.PathValue("user")]
	var r reply
	switch {
	case g == nil:
		r = notFound(c.PathValue("id"), "UserGroup")
	case g.Type == world.BuiltIn && c.Method == http.MethodDelete:
		r = forbidden()
	case g.Type != world.OktaGroup:
		r = problem(http.StatusNotImplemented, codeUnsupported, "Unsupported operation.")
	case u == nil:
		r = notFound(c.PathValue("user"), "User")
	default:
		return g, u, nil
	}
	return nil, nil, &r
}

func (s *Server) putMember(c *call) reply {
	g, u, refused := s.editable(c)
	if refused != nil {
		return *refused
	}
	if u.Status == world.Deprovisioned {
		return problem(http.StatusForbidden, codeUserStatus, "This operation is not allowed in the user's current status.")
	}
	c.org.AddMember(g, u, c.by)
	return reply{status: http.StatusNoContent}
}

func (s *Server) deleteMember(c *call) reply {
	g, u, refused := s.editable(c)
	if refused != nil {
		return *refused
	}
	r := reply{status: http.StatusNoContent}
	if c.org.RemoveMember(g, u, c.by) {
		r.violation = fmt.Sprintf("%s is now excluded from the rule that feeds %s", u.Login, g.Name)
	}
	return r
}

func (s *Server) listMembers(c *call) reply {
	g := c.org.GroupByID[c.PathValue("id")]
	if g == nil {
		return notFound(c.PathValue("id"), "UserGroup")
	}
	page, links := pageOf(c, g.InOrder(), func(m *world.LiveMember) int64 { return m.Seq }, 1000, 1000)
	users := make([]*world.LiveUser, len(page))
	for i, m := range page {
		users[i] = m.LiveUser
	}
	return reply{status: http.StatusOK, body: userList(c.base, users), links: links}
}
