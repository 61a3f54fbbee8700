package world

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// User is a member of the workspace, a guest, a bot or a stranger seen through
// a shared channel.
type User struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	RealName string `json:"real_name"`
	Email    string `json:"email,omitempty"`
	Title    string `json:"title,omitempty"`
	TZ       string `json:"tz,omitempty"`
	TZOffset int    `json:"tz_offset,omitempty"` // seconds east of UTC

	StatusEmoji      string `json:"status_emoji,omitempty"`
	StatusExpiration int64  `json:"status_expiration,omitempty"` // seconds since 1970; 0: it has no end

	// FormerID is the id from before the workspace joined an organisation, "" if there is none.
	FormerID string `json:"former_id,omitempty"`
	// OrganisationID is the id in the organisation, where that is another one than ID.
	OrganisationID string `json:"organisation_id,omitempty"`

	Deleted           bool `json:"deleted,omitempty"`
	IsBot             bool `json:"is_bot,omitempty"`
	IsAdmin           bool `json:"is_admin,omitempty"`
	IsRestricted      bool `json:"is_restricted,omitempty"`       // multi-channel guest
	IsUltraRestricted bool `json:"is_ultra_restricted,omitempty"` // single-channel guest
	IsStranger        bool `json:"is_stranger,omitempty"`         // Slack Connect, not of this workspace
}

// UserGroup is a subteam, mentioned as @handle.
type UserGroup struct {
	ID, Handle, Name string
	Users            []string
	Disabled         bool
}

// AddUserGroup adds or replaces a user group.
func (w *World) AddUserGroup(g UserGroup) UserGroup {
	s := w.Lock()
	defer w.Unlock()
	if g.ID == "" {
		g.ID = s.mint.id("S")
	}
	s.Note("usergroup.saved", g.ID)
	if old := s.GroupByID(g.ID); old != nil {
		*old = g
	} else {
		s.Groups = append(s.Groups, &g)
	}
	return g
}

// Users returns everybody, in the order they joined.
func (w *World) Users() []User {
	s := w.Lock()
	defer w.Unlock()
	return s.allUsers()
}

func (s *State) allUsers() []User {
	out := make([]User, len(s.Users))
	for i, u := range s.Users {
		out[i] = *u
	}
	return out
}

// UserGroups returns the user groups, in the order they were made.
func (w *World) UserGroups() []UserGroup {
	s := w.Lock()
	defer w.Unlock()
	return s.allGroups()
}

func (s *State) allGroups() []UserGroup {
	var out []UserGroup
	for _, g := range s.Groups {
		out = append(out, UserGroup{ID: g.ID, Handle: g.Handle, Name: g.Name, Users: slices.Clone(g.Users), Disabled: g.Disabled})
	}
	return out
}

// UserByName finds a person by handle, without the @.
func (w *World) UserByName(name string) (User, bool) {
	return w.findUser(func(u *User) bool { return u.Name == name })
}

// UserByEmail finds a person by address, whatever its case.
func (w *World) UserByEmail(email string) (User, bool) {
	return w.findUser(func(u *User) bool { return u.Email != "" && strings.EqualFold(u.Email, email) })
}

func (w *World) findUser(is func(*User) bool) (User, bool) {
	s := w.Lock()
	defer w.Unlock()
	i := slices.IndexFunc(s.Users, is)
	if i < 0 {
		return User{}, false
	}
	return *s.Users[i], true
}

// UserByID finds a person or bot; nil if there is none.
func (s *State) UserByID(id string) *User { return s.usersBy[id] }

// FindUser finds a person by id or handle, with or without the @.
func (s *State) FindUser(ref string) *User {
	ref = strings.TrimPrefix(ref, "@")
	if u := s.UserByID(ref); u != nil {
		return u
	}
	for _, u := range s.Users {
		if u.Name == ref {
			return u
		}
	}
	return nil
}

// GroupByID finds a user group; nil if there is none.
func (s *State) GroupByID(id string) *UserGroup {
	for _, g := range s.Groups {
		if g.ID == id {
			return g
		}
	}
	return nil
}

// PutUser adds a person, minting an id if there is none, or replaces the one
// who has that id.
func (s *State) PutUser(u User) User {
	if u.ID == "" {
		u.ID = s.mint.id("U")
	}
	u.TZ, u.RealName = cmp.Or(u.TZ, "Etc/UTC"), cmp.Or(u.RealName, u.Name)
	s.Note("user.saved", u.ID)
	if old := s.UserByID(u.ID); old != nil {
		*old = u
	} else {
		s.Users = append(s.Users, &u)
		s.usersBy[u.ID] = &u
		if u.OrganisationID != "" {
			s.usersBy[u.OrganisationID] = &u
		}
	}
	return u
}

// SetDeleted deactivates or reactivates a person.
func (s *State) SetDeleted(userID string, deleted bool) (*User, error) {
	u := s.UserByID(userID)
	if u == nil {
		return nil, fmt.Errorf("no user %s in the workspace", userID)
	}
	u.Deleted = deleted
	s.Note("user.saved", userID)
	return u, nil
}
