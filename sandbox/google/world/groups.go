package world

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Group is a group of accounts.
type Group struct {
	ID, Email, Name, Description string
	Aliases                      []string
	Dynamic                      bool // a query fills it
	Locked                       bool // another system fills it
	Security                     bool // may carry administrator roles
	Insiders                     bool // takes in nobody from outside
}

// Types of members.
const (
	TypeUser     = "USER"
	TypeGroup    = "GROUP"
	TypeCustomer = "CUSTOMER" // everybody
)

// LiveGroup is a group as it stands.
type LiveGroup struct {
	Group
	Seq     int64
	Visible time.Time // from when searches know it
	members []*Member // also those that left, as long as reads show them
	sticky  bool
}

// Member is a place in a group.
type Member struct {
	ID, Type, Role string
	Address        string // of somebody from outside
	Seq            int64
	Expires        time.Time // when it ends by itself; zero: never
	from, until    time.Time
}

// AddGroup creates a group and returns it as stored.
func (w *World) AddGroup(in Group) Group {
	w.Update(func(s *State) {
		g := &LiveGroup{Seq: s.Number(), Visible: s.Now().Add(s.SearchLag)}
		in.ID = cmp.Or(in.ID, s.groupID())
		in.Email = cmp.Or(in.Email, fmt.Sprintf("group-%d@%s", g.Seq, s.Domains[0]))
		g.Group = in
		s.Groups = append(s.Groups, g)
		s.note("group.saved", g.ID)
	})
	return in
}

// EditGroup changes what a group is called or what fills it; its id and members stay.
func (w *World) EditGroup(key string, edit func(*Group)) error {
	err := fmt.Errorf("google: there is no group %s", key)
	w.Update(func(s *State) {
		if g := s.named(key); g != nil {
			id := g.ID
			edit(&g.Group)
			g.ID, err = id, nil
			s.note("group.saved", g.ID)
		}
	})
	return err
}

// DeleteGroup removes a group for good. It reports whether it existed.
func (w *World) DeleteGroup(key string) (found bool) {
	w.Update(func(s *State) {
		g := s.named(key)
		if found = g != nil; !found {
			return
		}
		s.Groups = slices.DeleteFunc(s.Groups, func(o *LiveGroup) bool { return o == g })
		for _, o := range s.Groups {
			s.Leave(o, g.ID)
		}
		s.note("group.deleted", g.ID)
	})
	return found
}

// SetMember puts an account, a group or, with "", everybody into a group or takes it out,
// as an administrator does by hand. It reports whether the group exists.
func (w *World) SetMember(groupKey, memberKey string, isMember bool) (found bool) {
	w.Update(func(s *State) {
		g := s.named(groupKey)
		if found = g != nil; !found {
			return
		}
		m := s.MemberOf(memberKey)
		if isMember {
			s.Join(g, m)
		} else {
			s.Leave(g, m.ID)
		}
	})
	return found
}

// MemberOf is what a key means as a member: an account here, a group, everybody, or
// somebody from outside.
func (s *State) MemberOf(key string) Member {
	if key == "" {
		return Member{ID: "C0customer", Type: TypeCustomer}
	}
	if u := s.User(key); u != nil {
		return Member{ID: u.ID, Type: TypeUser}
	}
	if g := s.Group(key); g != nil {
		return Member{ID: g.ID, Type: TypeGroup}
	}
	return Member{ID: s.Outsider(key), Type: TypeUser, Address: key}
}

// IsMember tells whether an account is in a group by itself, on the record.
func (w *World) IsMember(groupKey, account string) (is bool) {
	w.View(func(s *State) {
		if g := s.named(groupKey); g != nil {
			is = g.member(s.MemberOf(account).ID) != nil
		}
	})
	return is
}

// Members lists the addresses of a group's members on the record, in the order they joined.
func (w *World) Members(groupKey string) (all []string) {
	w.View(func(s *State) {
		g := s.named(groupKey)
		if g == nil {
			return
		}
		for _, m := range g.members {
			if m.until.IsZero() {
				all = append(all, s.AddressOf(m))
			}
		}
	})
	return all
}

// AllGroups lists all groups in the order of their creation.
func (w *World) AllGroups() (all []Group) {
	w.View(func(s *State) {
		for _, g := range s.Groups {
			all = append(all, g.Group)
		}
	})
	return all
}

// SetSticky makes a group keep whom the API removes: the removal is answered as done, and
// then some synchronisation puts the member back.
func (w *World) SetSticky(key string, sticky bool) {
	w.View(func(s *State) {
		if g := s.named(key); g != nil {
			g.sticky = sticky
		}
	})
}

// LetGo makes all groups let go again (see SetSticky).
func (w *World) LetGo() {
	w.View(func(s *State) {
		for _, g := range s.Groups {
			g.sticky = false
		}
	})
}

// Group is the group that an id, an address or an alias means; nil if there is none.
func (s *State) Group(key string) *LiveGroup {
	want := Folded(key)
	for _, g := range s.Groups {
		if g.ID == key || Folded(g.Email) == want || slices.ContainsFunc(g.Aliases, func(a string) bool { return Folded(a) == want }) || Folded(TestAddress(g.Email)) == want {
			return g
		}
	}
	return nil
}

// named finds a group also by its name, for administrators.
func (s *State) named(key string) *LiveGroup {
	if g := s.Group(key); g != nil {
		return g
	}
	for _, g := range s.Groups {
		if g.Name == key {
			return g
		}
	}
	return nil
}

func (g *LiveGroup) member(id string) *Member {
	for _, m := range g.members {
		if m.ID == id && m.until.IsZero() {
			return m
		}
	}
	return nil
}

// Holds tells whether somebody is in the group by themselves, on the record.
func (g *LiveGroup) Holds(id string) bool { return g.member(id) != nil }

// Join makes a member; false if it is one already.
func (s *State) Join(g *LiveGroup, m Member) bool {
	if g.member(m.ID) != nil {
		return false
	}
	m.Seq, m.Role, m.from = s.Number(), cmp.Or(m.Role, "MEMBER"), s.Now().Add(s.MemberLag)
	g.members = append(g.members, &m)
	s.note("member.added", g.ID+"/"+m.ID)
	return true
}

// Leave ends a membership; false if there is none.
func (s *State) Leave(g *LiveGroup, id string) bool {
	m := g.member(id)
	if m == nil {
		return false
	}
	m.until = s.Now().Add(s.MemberLag)
	s.note("member.removed", g.ID+"/"+id)
	if g.sticky {
		s.Join(g, Member{ID: m.ID, Type: m.Type, Role: m.Role, Address: m.Address})
	}
	return true
}

// Seen are the members that reads show now, each of them once.
func (s *State) Seen(g *LiveGroup) (all []*Member) {
	now, known := s.Now(), map[string]bool{}
	for _, m := range g.members {
		if !m.from.After(now) && (m.until.IsZero() || m.until.After(now)) && !known[m.ID] {
			known[m.ID] = true
			all = append(all, m)
		}
	}
	return all
}

// Reaches tells whether an account is in a group, by itself or by groups in it, as reads show it.
func (s *State) Reaches(g *LiveGroup, id string, seen map[string]bool) bool {
	if seen[g.ID] {
		return false
	}
	seen[g.ID] = true
	for _, m := range s.Seen(g) {
		if m.ID == id || m.Type == TypeCustomer {
			return true
		}
		if inner := s.Group(m.ID); m.Type == TypeGroup && inner != nil && s.Reaches(inner, id, seen) {
			return true
		}
	}
	return false
}

// AddressOf is a member's address; a customer has none.
func (s *State) AddressOf(m *Member) string {
	if u := s.User(m.ID); u != nil {
		return u.Email
	}
	if g := s.Group(m.ID); g != nil && m.Type == TypeGroup {
		return g.Email
	}
	return strings.TrimSpace(m.Address)
}
