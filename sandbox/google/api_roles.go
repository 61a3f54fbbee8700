package google

import (
	"strconv"

	"latchkey/sandbox/google/world"
)

// customer refuses somebody else's.
func (s *Server) customer(c *call) *reply {
	if name := c.PathValue("customer"); name != "my_customer" && name != s.cfg.CustomerID {
		r := notFound("customer")
		return &r
	}
	return nil
}

func (s *Server) listRoles(c *call) reply {
	if refused := s.customer(c); refused != nil {
		return *refused
	}
	some, next, good := page(c.URL.Query(), "maxResults", c.dir.Roles, func(r *world.Role) int64 { return r.ID }, 100, 100)
	if !good {
		return badPage()
	}
	var items []any
	for _, r := range some {
		var rights []any
		for _, p := range r.Privileges {
			rights = append(rights, object{"privilegeName": p, "serviceId": "00haapch16h1ysv"})
		}
		o := object{"kind": "admin#directory#role", "roleId": strconv.FormatInt(r.ID, 10), "roleName": r.Name, "isSystemRole": r.Super, "isSuperAdminRole": r.Super}
		s.with(o, "rolePrivileges", rights)
		items = append(items, stamped(o))
	}
	o := object{"kind": "admin#directory#roles"}
	s.with(o, "items", items)
	s.with(o, "nextPageToken", next)
	return ok(stamped(o))
}

func (s *Server) listAssignments(c *call) reply {
	if refused := s.customer(c); refused != nil {
		return *refused
	}
	wanted := ""
	if key := c.URL.Query().Get("userKey"); key != "" {
		wanted = c.dir.MemberOf(key).ID
	}
	var found []*world.Assignment
	for _, a := range c.dir.Assigned {
		if wanted == "" || a.To == wanted {
			found = append(found, a)
		}
	}
	some, next, good := page(c.URL.Query(), "maxResults", found, func(a *world.Assignment) int64 { return a.ID }, 100, 200)
	if !good {
		return badPage()
	}
	var items []any
	for _, a := range some {
		kind := map[bool]string{true: "group", false: "user"}[a.Group]
		items = append(items, stamped(object{
			"kind": "admin#directory#roleAssignment", "roleAssignmentId": strconv.FormatInt(a.ID, 10), "roleId": strconv.FormatInt(a.Role, 10),
			"assignedTo": a.To, "assigneeType": kind, "scopeType": "CUSTOMER",
		}))
	}
	o := object{"kind": "admin#directory#roleAssignments"}
	s.with(o, "items", items)
	s.with(o, "nextPageToken", next)
	return ok(stamped(o))
}
