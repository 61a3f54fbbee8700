package okta

import (
	"net/http"
	"strings"

	"latchkey/sandbox/okta/world"
)

func (s *Server) getUser(c *call) reply {
	key := c.PathValue("id")
	if key == "me" {
		return s.tokenOwner(c)
	}
	u := c.org.FindUser(s.understood(key))
	if u == nil {
		return notFound(key, "User")
	}
	return ok(userJSON(u.User, c.base))
}

func (s *Server) listUsers(c *call) reply {
	q := c.URL.Query()
	keep, bad := s.userQuery(c)
	if bad != nil {
		return *bad
	}
	var hits []*world.LiveUser
	for _, u := range c.org.People {
		if keep(u) {
			hits = append(hits, u)
		}
	}
	if q.Has("q") {
		return ok(userList(c.base, hits[:min(len(hits), limitOf(q, 10, 200))]))
	}
	page, links := pageOf(c, hits, func(u *world.LiveUser) int64 { return u.Seq }, 200, 200)
	return reply{status: http.StatusOK, body: userList(c.base, page), links: links}
}

// userQuery is the predicate of a user listing. Plain lists and q leave out deactivated accounts.
func (s *Server) userQuery(c *call) (func(*world.LiveUser) bool, *reply) {
	q, now := c.URL.Query(), c.org.Now()
	if q.Has("sortBy") || q.Has("sortOrder") {
		r := s.refuse(c.Request, "sorting of users")
		return nil, &r
	}
	switch {
	case q.Has("search"):
		expression, none, all := s.search(q.Get("search"))
		match, err := world.ParseFilter(expression, world.SearchUsers())
		if err != nil {
			return nil, badExpression(codeSearch, err)
		}
		if none || all {
			return func(*world.LiveUser) bool { return all }, nil
		}
		return func(u *world.LiveUser) bool {
			seen, known := c.org.AsIndexed(u, now)
			return known && match(seen.Attribute)
		}, nil
	case q.Has("filter"):
		match, err := world.ParseFilter(s.filter(q.Get("filter")), world.FilterUsers())
		if err != nil {
			return nil, badExpression(codeSearch, err)
		}
		return func(u *world.LiveUser) bool { return match(u.Attribute) }, nil
	case q.Has("q"):
		prefix := strings.ToLower(q.Get("q"))
		return func(u *world.LiveUser) bool { return u.Status != world.Deprovisioned && u.StartsWith(prefix) }, nil
	}
	return func(u *world.LiveUser) bool { return u.Status != world.Deprovisioned }, nil
}
