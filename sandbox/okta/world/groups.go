package world

import (
	"cmp"
	"fmt"
	"slices"
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

// LiveGroup is a group as it stands, its members by the id of the account.
type LiveGroup struct {
	Group
	Seq     int64
	Created time.Time
	Changed time.Time // of its membership
	Members map[string]*LiveMember
	Roles   []AdminRole // of an administrator, which its members have by it
	sticky  bool
	Visible time.Time // from when search knows it
}

// LiveMember is an account in a group; Seq is the order of joining.
type LiveMember struct {
	*LiveUser
	Seq  int64
	rule string // id of the rule that put the account here, "" if by hand or by API
}

// AddGroup creates a group, or renames the one with the same id, and returns it as stored.
func (w *World) AddGroup(in Group) Group {
	w.Update(func(s *State) {
		in.Type = cmp.Or(in.Type, OktaGroup)
		g := s.GroupByID[in.ID]
		if g == nil {
			now := s.Now()
			g = &LiveGroup{Seq: s.next(), Created: now, Changed: now, Members: map[string]*LiveMember{}, Visible: now.Add(s.settings.SearchLag)}
			in.ID = cmp.Or(in.ID, fmt.Sprintf("00g%017d", g.Seq))
		}
		g.Group = in
		s.GroupByID[in.ID] = g
		s.note("group.saved", g.ID)
	})
	return in
}

// DeleteGroup removes a group for good. It reports whether it existed.
func (w *World) DeleteGroup(name string) bool {
	found := false
	w.Update(func(s *State) {
		g := s.groupNamed(name)
		if found = g != nil; !found {
			return
		}
		for _, m := range g.Members {
			delete(m.Joined, g.ID)
		}
		delete(s.GroupByID, g.ID)
		s.note("group.deleted", g.ID)
		s.record("group.lifecycle.delete", admin(), g.target())
	})
	return found
}

// SetMember puts an account into a group or takes it out, as an administrator does by hand. It reports
// whether both exist.
func (w *World) SetMember(groupName, login string, isMember bool) bool {
	found := false
	w.Update(func(s *State) {
		g, u := s.groupNamed(groupName), s.FindUser(login)
		if found = g != nil && u != nil; !found {
			return
		}
		if isMember {
			s.AddMember(g, u, admin())
		} else {
			s.RemoveMember(g, u, admin())
		}
	})
	return found
}

// IsMember tells whether the account with this login, e-mail or id is in the group.
func (w *World) IsMember(groupName, account string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.state
	g := s.groupNamed(groupName)
	if g == nil {
		return false
	}
	for _, m := range g.Members {
		if m.ID == account || folded(m.Login) == folded(account) || folded(m.Email) == folded(account) {
			return true
		}
	}
	return false
}

// Members lists the logins of a group's members in the order they joined.
func (w *World) Members(groupName string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.state
	var logins []string
	if g := s.groupNamed(groupName); g != nil {
		for _, m := range g.InOrder() {
			logins = append(logins, m.Login)
		}
	}
	return logins
}

// Groups lists all groups in the order of their creation.
func (w *World) Groups() []Group {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.state
	var out []Group
	for _, g := range s.SortedGroups() {
		out = append(out, g.Group)
	}
	return out
}

// SortedGroups lists all groups in the order of their creation.
func (s *State) SortedGroups() []*LiveGroup {
	all := make([]*LiveGroup, 0, len(s.GroupByID))
	for _, g := range s.GroupByID {
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b *LiveGroup) int { return cmp.Compare(a.Seq, b.Seq) })
	return all
}

// groupNamed finds a group by name or id; the oldest if several share the name.
func (s *State) groupNamed(name string) *LiveGroup {
	var found *LiveGroup
	for _, g := range s.GroupByID {
		if (g.Name == name || g.ID == name) && (found == nil || g.Seq < found.Seq) {
			found = g
		}
	}
	return found
}

// InOrder lists the members in the order they joined.
func (g *LiveGroup) InOrder() []*LiveMember {
	all := make([]*LiveMember, 0, len(g.Members))
	for _, m := range g.Members {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *LiveMember) int { return cmp.Compare(a.Seq, b.Seq) })
	return all
}

// put makes somebody a member; rule is the id of the rule that says so, "" for a
// change by hand or by API, which makes a membership that a rule had made a manual
// one.
func (s *State) put(g *LiveGroup, u *LiveUser, rule string) (added bool) {
	seq := s.next()
	if m := g.Members[u.ID]; m != nil {
		if rule == "" {
			m.rule = ""
		}
		return false
	}
	g.Members[u.ID] = &LiveMember{u, seq, rule}
	u.Joined[g.ID] = true
	s.note("member.added", g.ID+"/"+u.ID)
	return true
}

// take ends a membership.
func (s *State) take(g *LiveGroup, u *LiveUser) {
	if g.Members[u.ID] == nil {
		return
	}
	delete(g.Members, u.ID)
	delete(u.Joined, g.ID)
	s.note("member.removed", g.ID+"/"+u.ID)
}

// AddMember makes somebody a member by hand or by API.
func (s *State) AddMember(g *LiveGroup, u *LiveUser, by Actor) {
	if s.put(g, u, "") {
		g.Changed = s.Now()
		s.record("group.user_membership.add", by, u.target(), g.target())
	}
}

// RemoveMember takes a member out. One that a rule had put there goes on the rule's exclusion list and stays on it.
func (s *State) RemoveMember(g *LiveGroup, u *LiveUser, by Actor) (poisoned bool) {
	m := g.Members[u.ID]
	if m == nil {
		return false
	}
	s.take(g, u)
	g.Changed = s.Now()
	s.record("group.user_membership.remove", by, u.target(), g.target())
	for _, r := range s.Rules {
		if m.rule != "" && r.ID == m.rule {
			r.Exclude[u.ID] = true
			poisoned = true
			s.record("group.user_membership.rule.add_exclusion", by, u.target(), g.target())
		}
	}
	if g.sticky {
		s.put(g, u, "")
		s.record("group.user_membership.add", syncAgent(), u.target(), g.target())
	}
	return poisoned
}

func (g *LiveGroup) target() Target {
	return Target{ID: g.ID, Type: "UserGroup", AlternateID: "unknown", DisplayName: g.Name}
}

// Attribute is one property of the group as expressions name it.
func (g *LiveGroup) Attribute(name string) []string {
	switch name {
	case "id":
		return []string{g.ID}
	case "type":
		return []string{g.Type}
	case "profile.name":
		return []string{g.Name}
	case "profile.description":
		if g.Description != "" {
			return []string{g.Description}
		}
	case "created", "lastUpdated":
		return []string{g.Created.UTC().Format(TimeLayout)}
	case "lastMembershipUpdated":
		return []string{g.Changed.UTC().Format(TimeLayout)}
	}
	return nil
}

// LetGo makes all groups let go again (see SetSticky).
func (w *World) LetGo() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, g := range w.state.GroupByID {
		g.sticky = false
	}
}

// SetSticky makes a group keep whom the API removes: the removal is answered with 204, and then some
// directory sync puts the member back.
func (w *World) SetSticky(groupName string, sticky bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.state
	if g := s.groupNamed(groupName); g != nil {
		g.sticky = sticky
	}
}
