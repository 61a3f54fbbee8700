package world

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// EditUser changes an account's profile, as an administrator or an HR feed does, also its login. The id,
// the state and the memberships stay; rules that no longer fit take theirs back.
func (w *World) EditUser(login string, edit func(*User)) error {
	var err error
	w.Update(func(s *State) { err = s.editUser(login, edit) })
	return err
}

func (s *State) editUser(login string, edit func(*User)) error {
	u := s.logins[folded(login)]
	if u == nil {
		return fmt.Errorf("okta: no account has the login %s", login)
	}
	now := u.User
	now.Custom = maps.Clone(u.Custom)
	edit(&now)
	now.ID, now.Status, now.Created = u.ID, u.Status, u.Created
	if other := s.logins[folded(now.Login)]; now.Login == "" || other != nil && other != u {
		return fmt.Errorf("okta: %q can't be the login of %s: it is empty or taken", now.Login, login)
	}
	delete(s.logins, folded(u.Login))
	u.User = now
	s.logins[folded(u.Login)] = u
	s.index(u)
	s.applyRules(u)
	s.record("user.account.update_profile", admin(), u.target())
	return nil
}

// SetSearchLag changes how long the search index trails what is written from now on.
func (w *World) SetSearchLag(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.settings.SearchLag = d
}

// EditGroup changes a group's name, description or type; its id and members stay. A group of Okta's own
// can't take the name of another one.
func (w *World) EditGroup(name string, edit func(*Group)) error {
	var err error
	w.Update(func(s *State) { err = s.editGroup(name, edit) })
	return err
}

func (s *State) editGroup(name string, edit func(*Group)) error {
	g := s.groupNamed(name)
	if g == nil {
		return fmt.Errorf("okta: there is no group %s", name)
	}
	now := g.Group
	edit(&now)
	now.ID = g.ID
	if !slices.Contains([]string{OktaGroup, AppGroup, BuiltIn}, now.Type) {
		return fmt.Errorf("okta: %q is no type of a group", now.Type)
	}
	for _, other := range s.GroupByID {
		if other != g && other.Name == now.Name && now.Type == OktaGroup && other.Type == OktaGroup {
			return fmt.Errorf("okta: there is a group %s already", now.Name)
		}
	}
	g.Group = now
	s.note("group.saved", g.ID)
	s.record("group.profile.update", admin(), g.target())
	return nil
}

// customText is a custom attribute's values as expressions compare them: a list has several.
func customText(value any) []string {
	switch v := value.(type) {
	case nil:
		return nil
	case []string:
		return v
	}
	return []string{fmt.Sprint(value)}
}
