package slack

import (
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

// AddUser adds a person, minting an id if there is none, or replaces the one
// who has that id. The app is told by team_join or user_change if it listens.
func (s *Server) AddUser(u User) User {
	s.lock()
	kind := "team_join"
	if s.world.user(u.ID) != nil {
		kind = "user_change"
	}
	u = s.world.putUser(u)
	event := s.userEvent(kind, u)
	if len(s.sockets) > 0 { // people who were there first are no news
		s.start(func() { s.emit(event) })
	}
	s.changed()
	s.unlock()
	return u
}

// SetDeleted deactivates or reactivates a person; the app gets user_change.
func (s *Server) SetDeleted(userID string, deleted bool) error {
	s.lock()
	u := s.world.user(userID)
	if u == nil {
		s.unlock()
		return fmt.Errorf("no user %s in the workspace", userID)
	}
	u.Deleted = deleted
	event := s.userEvent("user_change", *u)
	s.start(func() { s.emit(event) })
	s.changed()
	s.unlock()
	return nil
}

// AddUserGroup adds or replaces a user group.
func (s *Server) AddUserGroup(g UserGroup) UserGroup {
	s.lock()
	defer s.unlock()
	if g.ID == "" {
		g.ID = s.world.mint.id("S")
	}
	if old := s.world.group(g.ID); old != nil {
		*old = g
	} else {
		s.world.groups = append(s.world.groups, &g)
	}
	return g
}

// Users returns everybody, in the order they joined.
func (s *Server) Users() []User {
	s.lock()
	defer s.unlock()
	out := make([]User, len(s.world.users))
	for i, u := range s.world.users {
		out[i] = *u
	}
	return out
}

// UserByName finds a person by handle, without the @.
func (s *Server) UserByName(name string) (User, bool) {
	return s.findUser(func(u *User) bool { return u.Name == name })
}

// UserByEmail finds a person by address, whatever its case.
func (s *Server) UserByEmail(email string) (User, bool) {
	return s.findUser(func(u *User) bool { return u.Email != "" && strings.EqualFold(u.Email, email) })
}

func (s *Server) findUser(is func(*User) bool) (User, bool) {
	s.lock()
	defer s.unlock()
	i := slices.IndexFunc(s.world.users, is)
	if i < 0 {
		return User{}, false
	}
	return *s.world.users[i], true
}

func (s *Server) userEvent(kind string, u User) object {
	wire := s.world.userWire(u)
	if s.cfg.EmptyFieldsAsList {
		sub(wire, "profile")["fields"] = []any{}
	}
	ts := s.world.ts()
	return object{"type": kind, "user": wire, "cache_ts": s.world.now().Unix(), "event_ts": ts}
}

func (w *world) user(id string) *User { return w.usersBy[id] }

func (w *world) userNamed(ref string) *User {
	ref = strings.TrimPrefix(ref, "@")
	if u := w.user(ref); u != nil {
		return u
	}
	for _, u := range w.users {
		if u.Name == ref {
			return u
		}
	}
	return nil
}

func (w *world) group(id string) *UserGroup {
	for _, g := range w.groups {
		if g.ID == id {
			return g
		}
	}
	return nil
}

func (w *world) putUser(u User) User {
	if u.ID == "" {
		u.ID = w.mint.id("U")
	}
	fill(&u.TZ, "Etc/UTC")
	fill(&u.RealName, u.Name)
	if old := w.user(u.ID); old != nil {
		*old = u
	} else {
		w.users = append(w.users, &u)
		w.usersBy[u.ID] = &u
	}
	return u
}

// userWire is the user object of users.info, users.list and the user events.
func (w *world) userWire(u User) object {
	first, last, _ := strings.Cut(u.RealName, " ")
	profile := object{
		"title": u.Title, "phone": "", "skype": "", "real_name": u.RealName,
		"real_name_normalized": u.RealName, "display_name": u.Name, "display_name_normalized": u.Name,
		"fields": object{}, "status_text": "", "status_emoji": "", "status_emoji_display_info": []any{},
		"status_expiration": 0, "avatar_hash": "g0000000000", "first_name": first, "last_name": last,
		"team": w.cfg.TeamID,
	}
	if w.cfg.granted("users:read.email") && u.Email != "" && !u.IsBot {
		profile["email"] = u.Email
	}
	wire := object{
		"id": u.ID, "team_id": w.cfg.TeamID, "name": u.Name, "deleted": u.Deleted, "profile": profile,
		"is_bot": u.IsBot, "is_app_user": false, "updated": w.now().Unix(),
	}
	wire["color"], wire["real_name"] = "9f69e7", u.RealName
	wire["tz"], wire["tz_label"], wire["tz_offset"] = u.TZ, u.TZ, u.TZOffset
	wire["is_admin"], wire["is_owner"], wire["is_primary_owner"] = u.IsAdmin, false, false
	wire["is_restricted"], wire["is_ultra_restricted"] = u.IsRestricted || u.IsUltraRestricted, u.IsUltraRestricted
	wire["is_email_confirmed"], wire["locale"], wire["who_can_share_contact_card"] = true, "en-US", "EVERYONE"
	if u.IsStranger {
		wire["is_stranger"] = true
	}
	return wire
}

// userRef is the short user object of interaction payloads.
func (w *world) userRef(u *User) object {
	return object{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": w.cfg.TeamID}
}
