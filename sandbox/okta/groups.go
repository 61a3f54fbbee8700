package okta

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Group types as Okta names them.
const (
	OktaGroup = "OKTA_GROUP" // made and filled in Okta
	AppGroup  = "APP_GROUP"  // mastered by an application such as Active Directory
	BuiltIn   = "BUILT_IN"   // Okta's own, such as Everyone
	everyone  = "Everyone"
)

// Group is a group of accounts.
type Group struct {
	ID, Name, Description string
	Type                  string // OktaGroup if empty
}

type group struct {
	Group
	seq     int64
	created time.Time
	changed time.Time // of its membership
	members map[string]*member
	sticky  bool
	visible time.Time // from when search knows it
}

type member struct {
	*user
	seq  int64
	rule string // id of the rule that put the account here, "" if by hand or by API
}

// AddGroup creates a group, or renames the one with the same id, and returns it as stored.
func (s *Server) AddGroup(in Group) Group {
	s.change(func() {
		in.Type = cmp.Or(in.Type, OktaGroup)
		g := s.groups[in.ID]
		if g == nil {
			now := s.now()
			g = &group{seq: s.next(), created: now, changed: now, members: map[string]*member{}, visible: now.Add(s.cfg.SearchLag)}
			in.ID = cmp.Or(in.ID, fmt.Sprintf("00g%017d", g.seq))
		}
		g.Group = in
		s.groups[in.ID] = g
	})
	return in
}

// DeleteGroup removes a group for good. It reports whether it existed.
func (s *Server) DeleteGroup(name string) bool {
	found := false
	s.change(func() {
		g := s.groupNamed(name)
		if found = g != nil; !found {
			return
		}
		for _, m := range g.members {
			delete(m.joined, g.ID)
		}
		delete(s.groups, g.ID)
		s.record("group.lifecycle.delete", admin, g.target())
	})
	return found
}

// SetMember puts an account into a group or takes it out, as an administrator does by hand. It reports
// whether both exist.
func (s *Server) SetMember(groupName, login string, isMember bool) bool {
	found := false
	s.change(func() {
		g, u := s.groupNamed(groupName), s.find(login)
		if found = g != nil && u != nil; !found {
			return
		}
		if isMember {
			s.join(g, u, admin)
		} else {
			s.leave(g, u, admin)
		}
	})
	return found
}

// IsMember tells whether the account with this login or e-mail is in the group.
func (s *Server) IsMember(groupName, loginOrEmail string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groupNamed(groupName)
	if g == nil {
		return false
	}
	for _, m := range g.members {
		if strings.EqualFold(m.Login, loginOrEmail) || strings.EqualFold(m.Email, loginOrEmail) {
			return true
		}
	}
	return false
}

// Members lists the logins of a group's members in the order they joined.
func (s *Server) Members(groupName string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var logins []string
	if g := s.groupNamed(groupName); g != nil {
		for _, m := range g.sorted() {
			logins = append(logins, m.Login)
		}
	}
	return logins
}

// Groups lists all groups in the order of their creation.
func (s *Server) Groups() []Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Group
	for _, g := range s.sortedGroups() {
		out = append(out, g.Group)
	}
	return out
}

func (s *Server) sortedGroups() []*group {
	all := make([]*group, 0, len(s.groups))
	for _, g := range s.groups {
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b *group) int { return cmp.Compare(a.seq, b.seq) })
	return all
}

// groupNamed finds a group by name or id; the oldest if several share the name.
func (s *Server) groupNamed(name string) *group {
	var found *group
	for _, g := range s.groups {
		if (g.Name == name || g.ID == name) && (found == nil || g.seq < found.seq) {
			found = g
		}
	}
	return found
}

func (g *group) sorted() []*member {
	all := make([]*member, 0, len(g.members))
	for _, m := range g.members {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *member) int { return cmp.Compare(a.seq, b.seq) })
	return all
}

// join adds a member; rule is the id of the rule that says so, "" for a change by hand or by API,
// which makes a membership that a rule had made a manual one.
func (g *group) join(u *user, seq int64, rule string) (added bool) {
	if m := g.members[u.ID]; m != nil {
		if rule == "" {
			m.rule = ""
		}
		return false
	}
	g.members[u.ID] = &member{u, seq, rule}
	u.joined[g.ID] = true
	return true
}

func (g *group) leave(u *user) (removed bool) {
	removed = g.members[u.ID] != nil
	delete(g.members, u.ID)
	delete(u.joined, g.ID)
	return removed
}

func (s *Server) join(g *group, u *user, by actor) {
	if g.join(u, s.next(), "") {
		g.changed = s.now()
		s.record("group.user_membership.add", by, u.target(), g.target())
	}
}

// leave takes a member out. One that a rule had put there goes on the rule's exclusion list and stays on it.
func (s *Server) leave(g *group, u *user, by actor) (poisoned bool) {
	m := g.members[u.ID]
	if m == nil {
		return false
	}
	g.leave(u)
	g.changed = s.now()
	s.record("group.user_membership.remove", by, u.target(), g.target())
	for _, r := range s.rules {
		if m.rule != "" && r.ID == m.rule {
			r.exclude[u.ID] = true
			poisoned = true
			s.record("group.user_membership.rule.add_exclusion", by, u.target(), g.target())
		}
	}
	if g.sticky {
		g.join(u, s.next(), "")
		s.record("group.user_membership.add", syncAgent, u.target(), g.target())
	}
	return poisoned
}

// editable finds the group and account of a membership change, or the refusal.
func (s *Server) editable(c *call) (*group, *user, *reply) {
	g, u := s.groups[c.PathValue("id")], s.users[c.PathValue("user")]
	var r reply
	switch {
	case g == nil:
		r = notFound(c.PathValue("id"), "UserGroup")
	case g.Type == BuiltIn && c.Method == http.MethodDelete:
		r = forbidden()
	case g.Type != OktaGroup:
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
	if u.Status == Deprovisioned {
		return problem(http.StatusForbidden, codeUserStatus, "This operation is not allowed in the user's current status.")
	}
	s.join(g, u, c.by)
	return reply{status: http.StatusNoContent}
}

func (s *Server) deleteMember(c *call) reply {
	g, u, refused := s.editable(c)
	if refused != nil {
		return *refused
	}
	r := reply{status: http.StatusNoContent}
	if s.leave(g, u, c.by) {
		r.violation = fmt.Sprintf("%s is now excluded from the rule that feeds %s", u.Login, g.Name)
	}
	return r
}

func (s *Server) getGroup(c *call) reply {
	g := s.groups[c.PathValue("id")]
	if g == nil {
		return notFound(c.PathValue("id"), "UserGroup")
	}
	return ok(g.wire(c.base))
}

func (s *Server) listMembers(c *call) reply {
	g := s.groups[c.PathValue("id")]
	if g == nil {
		return notFound(c.PathValue("id"), "UserGroup")
	}
	page, links := pageOf(c, g.sorted(), func(m *member) int64 { return m.seq }, 1000, 1000)
	users := make([]*user, len(page))
	for i, m := range page {
		users[i] = m.user
	}
	return reply{status: http.StatusOK, body: userList(c.base, users), links: links}
}

func (s *Server) listUserGroups(c *call) reply {
	u := s.find(c.PathValue("id"))
	if u == nil {
		return notFound(c.PathValue("id"), "User")
	}
	var all []*group
	for id := range u.joined {
		all = append(all, s.groups[id])
	}
	slices.SortFunc(all, func(a, b *group) int { return cmp.Compare(a.seq, b.seq) })
	return groupPage(c, all)
}
