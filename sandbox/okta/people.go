package okta

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Account states as Okta names them.
const (
	Staged        = "STAGED"
	Provisioned   = "PROVISIONED"
	Active        = "ACTIVE"
	Recovery      = "RECOVERY"
	Expired       = "PASSWORD_EXPIRED"
	LockedOut     = "LOCKED_OUT"
	Suspended     = "SUSPENDED"
	Deprovisioned = "DEPROVISIONED"
)

// User is an account.
type User struct {
	ID, Login, Email, First, Last, Title, Department string
	ManagerID                                        string // profile.managerId: free text, in life an id, login, e-mail or employee number
	Manager                                          string // profile.manager: a display name
	EmployeeNumber, UserType                         string
	Status                                           string         // Active if empty
	Custom                                           map[string]any // attributes that the org added: text, numbers, lists
	Created, StatusChanged, LastLogin                time.Time
}

type user struct {
	User
	seq    int64
	index  []version // what the search index will show and when, oldest first
	joined map[string]bool
}

type version struct {
	at time.Time
	User
}

// AddUser creates an account, or replaces the one with the same login, and returns it as stored.
// It joins Everyone and the groups that active rules give it.
func (s *Server) AddUser(in User) User {
	var out User
	s.change(func() { out = s.putUser(in).User })
	return out
}

func (s *Server) putUser(in User) *user {
	now := s.now()
	in.Status, in.Email = cmp.Or(in.Status, Active), cmp.Or(in.Email, in.Login)
	u := s.logins[strings.ToLower(in.Login)]
	if u == nil {
		u = &user{seq: s.next(), joined: map[string]bool{}}
		s.people = append(s.people, u)
		in.ID = cmp.Or(in.ID, fmt.Sprintf("00u%017d", u.seq))
	} else {
		in.ID, in.Created = u.ID, u.Created
	}
	if in.Created.IsZero() {
		in.Created = now
	}
	if in.StatusChanged.IsZero() {
		in.StatusChanged = in.Created
	}
	u.User = in
	s.users[u.ID], s.logins[strings.ToLower(u.Login)] = u, u
	s.index(u)
	if g := s.groupNamed(everyone); g != nil {
		g.join(u, s.next(), "")
	}
	s.applyRules(u)
	return u
}

// index hands the account's present state to the search index, which shows it SearchLag later.
func (s *Server) index(u *user) {
	u.index = append(u.index, version{s.now().Add(s.cfg.SearchLag), u.User})
}

// indexed is the account as search sees it now; false if search does not know it yet.
func (s *Server) indexed(u *user, now time.Time) (User, bool) {
	last := -1
	for i, v := range u.index {
		if !v.at.After(now) {
			last = i
		}
	}
	if last < 0 {
		return User{}, false
	}
	u.index = u.index[last:]
	return u.index[0].User, true
}

// SetStatus changes an account's state, as an administrator or an HR feed would. Memberships stay:
// Okta does not take deactivated accounts out of their groups.
func (s *Server) SetStatus(login, status string) {
	s.change(func() {
		u := s.logins[strings.ToLower(login)]
		if u == nil || u.Status == status {
			return
		}
		u.Status, u.StatusChanged = status, s.now()
		s.index(u)
		event := map[string]string{Suspended: "user.lifecycle.suspend", Deprovisioned: "user.lifecycle.deactivate"}[status]
		s.record(cmp.Or(event, "user.lifecycle.activate"), admin, u.target())
	})
}

// DeleteUser removes an account for good, also from all groups.
func (s *Server) DeleteUser(login string) {
	s.change(func() {
		u := s.logins[strings.ToLower(login)]
		if u == nil {
			return
		}
		for _, g := range s.groups {
			g.leave(u)
		}
		s.people = slices.DeleteFunc(s.people, func(other *user) bool { return other == u })
		delete(s.users, u.ID)
		delete(s.logins, strings.ToLower(u.Login))
		s.record("user.lifecycle.delete.completed", admin, u.target())
	})
}

// Users lists all accounts in the order of their creation.
func (s *Server) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]User, len(s.people))
	for i, u := range s.people {
		out[i] = u.User
	}
	return out
}

// find is the account that a path key means: an id, a login, or the part of a login before the "@" if
// only one has it. An e-mail that is no login finds nobody.
func (s *Server) find(key string) *user {
	if u := s.users[key]; u != nil {
		return u
	}
	lower := strings.ToLower(key)
	if u := s.logins[lower]; u != nil {
		return u
	}
	var found *user
	for login, u := range s.logins {
		if short, _, has := strings.Cut(login, "@"); has && short == lower {
			if found != nil {
				return nil
			}
			found = u
		}
	}
	return found
}

func (s *Server) getUser(c *call) reply {
	key := c.PathValue("id")
	u := s.find(key)
	if u == nil {
		return notFound(key, "User")
	}
	return ok(u.wire(c.base))
}

func (s *Server) listUsers(c *call) reply {
	q := c.URL.Query()
	keep, bad := s.userQuery(c)
	if bad != nil {
		return *bad
	}
	var hits []*user
	for _, u := range s.people {
		if keep(u) {
			hits = append(hits, u)
		}
	}
	if q.Has("q") {
		return ok(userList(c.base, hits[:min(len(hits), limitOf(q, 10, 200))]))
	}
	page, links := pageOf(c, hits, func(u *user) int64 { return u.seq }, 200, 200)
	return reply{status: http.StatusOK, body: userList(c.base, page), links: links}
}

// userQuery is the predicate of a user listing. Plain lists and q leave out deactivated accounts.
func (s *Server) userQuery(c *call) (func(*user) bool, *reply) {
	q, now := c.URL.Query(), s.now()
	if q.Has("sortBy") || q.Has("sortOrder") {
		r := s.refuse(c.Request, "sorting of users")
		return nil, &r
	}
	switch {
	case q.Has("search"):
		match, err := parseFilter(q.Get("search"), searchUsers)
		if err != nil {
			return nil, badExpression(codeSearch, err)
		}
		return func(u *user) bool {
			seen, known := s.indexed(u, now)
			return known && match(seen.attribute)
		}, nil
	case q.Has("filter"):
		match, err := parseFilter(q.Get("filter"), filterUsers)
		if err != nil {
			return nil, badExpression(codeSearch, err)
		}
		return func(u *user) bool { return match(u.attribute) }, nil
	case q.Has("q"):
		prefix := strings.ToLower(q.Get("q"))
		return func(u *user) bool { return u.Status != Deprovisioned && u.startsWith(prefix) }, nil
	}
	return func(u *user) bool { return u.Status != Deprovisioned }, nil
}

func badExpression(code string, err error) *reply {
	r := problem(http.StatusBadRequest, code, "Invalid search criteria: "+err.Error())
	r.violation = "invalid expression: " + err.Error()
	return &r
}

func (u *user) startsWith(lower string) bool {
	for _, v := range []string{u.First, u.Last, u.Email} {
		if strings.HasPrefix(strings.ToLower(v), lower) {
			return true
		}
	}
	return false
}

// attribute is one property of the account as expressions name it.
func (u User) attribute(name string) []string {
	switch name {
	case "id":
		return []string{u.ID}
	case "status":
		return []string{u.Status}
	case "created":
		return []string{u.Created.UTC().Format(timeLayout)}
	case "statusChanged", "lastUpdated":
		return []string{u.StatusChanged.UTC().Format(timeLayout)}
	}
	if v := u.profileValue(name); v != "" {
		return []string{v}
	}
	return customText(u.Custom[strings.TrimPrefix(name, "profile.")])
}

func (u User) profileValue(name string) string {
	switch name {
	case "profile.login":
		return u.Login
	case "profile.email":
		return u.Email
	case "profile.firstName":
		return u.First
	case "profile.lastName":
		return u.Last
	case "profile.displayName":
		return join(u.First, u.Last)
	case "profile.title":
		return u.Title
	case "profile.department":
		return u.Department
	case "profile.managerId":
		return u.ManagerID
	case "profile.manager":
		return u.Manager
	case "profile.employeeNumber":
		return u.EmployeeNumber
	case "profile.userType":
		return u.UserType
	}
	return ""
}
