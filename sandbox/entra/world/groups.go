package world

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The kinds of what can be in a group, as Graph names their types.
const (
	KindUser    = "user"
	KindGroup   = "group"
	KindApp     = "servicePrincipal"
	KindDevice  = "device"
	KindContact = "orgContact"
	KindRole    = "directoryRole"
)

// Group is a group. The zero kind is a security group that is filled by hand.
type Group struct {
	ID, Name, Description string
	Rule                  string // a dynamic group's; "" for one that is filled by hand
	Unified               bool   // a Microsoft 365 group
	MailEnabled           bool   // with a mailbox: a distribution list, unless it is unified
	Synced                bool   // it comes from Active Directory
	RoleAssignable        bool   // it may carry directory roles
	Restricted            bool   // it is in a restricted management administrative unit
	Hidden                bool   // who is in it is hidden
}

// LiveGroup is a group as it stands.
type LiveGroup struct {
	Group
	Seq     int64
	Created time.Time
	Deleted time.Time
	Roles   []string // directory roles that it carries, by their names
	members []*Membership
	sticky  bool
}

// Membership is a stay in a group.
type Membership struct {
	ID, Kind    string
	Seq         int64
	Since, Till time.Time // Till is zero while it lasts
}

func (m *Membership) holds(at time.Time) bool {
	return !m.Since.After(at) && (m.Till.IsZero() || m.Till.After(at))
}

func (g *LiveGroup) visible(at time.Time) bool {
	return !g.Created.After(at) && (g.Deleted.IsZero() || g.Deleted.After(at))
}

// AddGroup makes a group and returns it as stored. Names need not be unique.
func (w *World) AddGroup(in Group) Group {
	w.Update(func(s *State) {
		in.ID = cmp.Or(in.ID, s.newID("group"))
		g := &LiveGroup{Group: in, Seq: s.next(), Created: s.Now()}
		s.groups, s.groupByID[in.ID] = append(s.groups, g), g
		s.note("group.saved", in.ID)
	})
	return in
}

// EditGroup changes a group, by its name or id.
func (w *World) EditGroup(name string, edit func(*Group)) error {
	err := fmt.Errorf("there is no group %s", name)
	w.Update(func(s *State) {
		if g := s.group(name); g != nil {
			edit(&g.Group)
			s.note("group.saved", g.ID)
			err = nil
		}
	})
	return err
}

// DeleteGroup removes a group. It reports whether it existed.
func (w *World) DeleteGroup(name string) (found bool) {
	w.Update(func(s *State) {
		if g := s.group(name); g != nil {
			g.Deleted, found = s.Now(), true
			s.note("group.deleted", g.ID)
		}
	})
	return found
}

// SetMember puts an account into a group or takes it out, as an administrator does by hand. It reports whether both
// exist.
func (w *World) SetMember(group, account string, member bool) (found bool) {
	w.Update(func(s *State) {
		g, u := s.group(group), s.user(account)
		if found = g != nil && u != nil; found {
			s.set(g, u.ID, KindUser, member)
		}
	})
	return found
}

// Put puts something of another kind than an account into a group: by its id.
func (w *World) Put(group, id, kind string) {
	w.Update(func(s *State) {
		if g := s.group(group); g != nil {
			s.set(g, id, kind, true)
		}
	})
}

func (s *State) set(g *LiveGroup, id, kind string, member bool) {
	if member {
		s.AddMember(g, id, kind)
	} else {
		s.take(g, id)
	}
}

// AddMember makes something a member; false if it was one.
func (s *State) AddMember(g *LiveGroup, id, kind string) bool {
	if g.find(id) != nil {
		return false
	}
	g.members = append(g.members, &Membership{ID: id, Kind: kind, Seq: s.next(), Since: s.Now()})
	s.note("member.added", g.ID+"/"+id)
	return true
}

// RemoveMember ends a membership by API; false if there was none.
func (s *State) RemoveMember(g *LiveGroup, id string) bool {
	m := g.find(id)
	if m == nil {
		return false
	}
	s.take(g, id)
	if g.sticky {
		s.AddMember(g, id, m.Kind)
	}
	return true
}

func (s *State) take(g *LiveGroup, id string) {
	if m := g.find(id); m != nil {
		m.Till = s.Now()
		s.note("member.removed", g.ID+"/"+id)
	}
}

func (g *LiveGroup) find(id string) *Membership {
	for _, m := range g.members {
		if m.ID == id && m.Till.IsZero() {
			return m
		}
	}
	return nil
}

// MembersAt lists who was in a group at a moment, in the order they joined. Deleted accounts are in none.
func (s *State) MembersAt(g *LiveGroup, at time.Time) (all []*Membership) {
	for _, m := range g.members {
		if u := s.userByID[m.ID]; m.holds(at) && (m.Kind != KindUser || u != nil && u.visible(at)) {
			all = append(all, m)
		}
	}
	return all
}

// GroupsAt lists the groups that there were at a moment, in the order of their creation.
func (s *State) GroupsAt(at time.Time) (all []*LiveGroup) {
	for _, g := range s.groups {
		if g.visible(at) {
			all = append(all, g)
		}
	}
	return all
}

// GroupAt is the group with an id as of a moment; nil if there was none.
func (s *State) GroupAt(id string, at time.Time) *LiveGroup {
	if g := s.groupByID[id]; g != nil && g.visible(at) {
		return g
	}
	return nil
}

// JoinedAt lists the groups that something was in at a moment, itself in them and not by way of others.
func (s *State) JoinedAt(id string, at time.Time) (all []*LiveGroup) {
	for _, g := range s.GroupsAt(at) {
		if slices.ContainsFunc(g.members, func(m *Membership) bool { return m.ID == id && m.holds(at) }) {
			all = append(all, g)
		}
	}
	return all
}

// IsMember tells whether the account with this id, UPN or mail is itself in the group.
func (w *World) IsMember(group, account string) (is bool) {
	w.View(func(s *State) {
		g, u := s.group(group), s.user(account)
		is = g != nil && u != nil && g.find(u.ID) != nil
	})
	return is
}

// Members lists the UPNs of the accounts in a group in the order they joined.
func (w *World) Members(group string) (upns []string) {
	w.View(func(s *State) {
		g := s.group(group)
		if g == nil {
			return
		}
		for _, m := range s.MembersAt(g, s.Now()) {
			if u := s.userByID[m.ID]; u != nil {
				upns = append(upns, u.UPN)
			}
		}
	})
	return upns
}

// Groups lists all groups in the order of their creation.
func (w *World) Groups() (out []Group) {
	w.View(func(s *State) {
		for _, g := range s.GroupsAt(s.Now()) {
			out = append(out, g.Group)
		}
	})
	return out
}

// group finds a group by name or id; the oldest if several share the name.
func (s *State) group(name string) *LiveGroup {
	for _, g := range s.GroupsAt(s.Now()) {
		if g.Name == name || g.ID == name {
			return g
		}
	}
	return nil
}

// SetSticky makes a group keep whom the API removes: the removal is answered with 204, and then somebody's script puts
// the member back.
func (w *World) SetSticky(group string, sticky bool) {
	w.View(func(s *State) {
		if g := s.group(group); g != nil {
			g.sticky = sticky
		}
	})
}

// LetGo makes all groups let go again (see SetSticky).
func (w *World) LetGo() {
	w.View(func(s *State) {
		for _, g := range s.groups {
			g.sticky = false
		}
	})
}

// AssignRole gives a group a directory role, for which it has to be one that may carry roles.
func (w *World) AssignRole(group, role string) error {
	err := fmt.Errorf("there is no group %s", group)
	w.Update(func(s *State) {
		if g := s.group(group); g != nil && role != "" {
			g.RoleAssignable, g.Roles, err = true, append(g.Roles, role), nil
			s.note("group.saved", g.ID)
		}
	})
	return err
}

// UnassignRoles takes all directory roles of a group away.
func (w *World) UnassignRoles(group string) error {
	err := fmt.Errorf("there is no group %s", group)
	w.Update(func(s *State) {
		if g := s.group(group); g != nil {
			g.Roles, err = nil, nil
			s.note("group.saved", g.ID)
		}
	})
	return err
}

// Kinds are a group's groupTypes.
func (g *Group) Kinds() (kinds []string) {
	kinds = []string{}
	if g.Unified {
		kinds = append(kinds, "Unified")
	}
	if strings.TrimSpace(g.Rule) != "" {
		kinds = append(kinds, "DynamicMembership")
	}
	return kinds
}

// AllJoinedAt are the ids of the groups that something was in at a moment, also by way of others.
func (s *State) AllJoinedAt(id string, at time.Time) map[string]bool {
	seen := map[string]bool{}
	var walk func(string)
	walk = func(id string) {
		for _, g := range s.JoinedAt(id, at) {
			if !seen[g.ID] { // a group may be in itself
				seen[g.ID] = true
				walk(g.ID)
			}
		}
	}
	walk(id)
	return seen
}

// AllMembersAt are the accounts that were in a group at a moment, also by way of groups in it.
func (s *State) AllMembersAt(id string, at time.Time) (all []*Membership) {
	seen := map[string]bool{}
	var walk func(string)
	walk = func(id string) {
		g := s.GroupAt(id, at)
		if g == nil || seen[id] {
			return
		}
		seen[id] = true
		for _, m := range s.MembersAt(g, at) {
			switch {
			case m.Kind == KindGroup:
				walk(m.ID)
			case m.Kind == KindUser && !seen[m.ID]:
				seen[m.ID] = true
				all = append(all, m)
			}
		}
	}
	walk(id)
	slices.SortFunc(all, func(a, b *Membership) int { return cmp.Compare(a.Seq, b.Seq) })
	return all
}
