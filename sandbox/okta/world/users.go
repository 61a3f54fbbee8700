package world

import (
	"cmp"
	"fmt"
	"maps"
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
	SecondEmail                                      string // profile.secondEmail: unchecked, of nobody alone
	EmployeeNumber, UserType                         string
	Status                                           string         // Active if empty
	Custom                                           map[string]any // attributes that the org added: text, numbers, lists
	Created, StatusChanged, LastLogin                time.Time
}

// LiveUser is an account as it stands, with the ids of the groups it joined.
type LiveUser struct {
	User
	Seq    int64
	index  []version // what the search index will show and when, oldest first
	Joined map[string]bool
}

type version struct {
	at time.Time
	User
}

// AddUser creates an account, or replaces the one with the same login, and returns it as stored.
// It joins Everyone and the groups that active rules give it.
func (w *World) AddUser(in User) User {
	var out User
	w.Update(func(s *State) {
		known := s.logins[folded(in.Login)] != nil
		u := s.putUser(in)
		s.recordSaved(u, known)
		out = u.User
	})
	return out
}

// recordSaved writes what the System Log has of an account that was made, or changed as a whole.
func (s *State) recordSaved(u *LiveUser, known bool) {
	switch {
	case known:
		s.record("user.account.update_profile", admin(), u.target())
		return
	case u.Status == Active:
		defer s.record("user.lifecycle.activate", admin(), u.target())
	}
	s.record("user.lifecycle.create", admin(), u.target())
}

func (s *State) putUser(in User) *LiveUser {
	now := s.Now()
	in.Status, in.Email = cmp.Or(in.Status, Active), cmp.Or(in.Email, in.Login)
	u := s.logins[folded(in.Login)]
	if u == nil {
		u = &LiveUser{Seq: s.next(), Joined: map[string]bool{}}
		s.People = append(s.People, u)
		in.ID = cmp.Or(in.ID, fmt.Sprintf("00u%017d", u.Seq))
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
	s.UserByID[u.ID], s.logins[folded(u.Login)] = u, u
	s.index(u)
	if g := s.groupNamed(everyone); g != nil {
		s.put(g, u, "")
	}
	s.applyRules(u)
	return u
}

// index hands the account's present state to the search index, which shows it SearchLag later.
func (s *State) index(u *LiveUser) {
	u.index = append(u.index, version{s.Now().Add(s.settings.SearchLag), u.User})
	s.note("user.saved", u.ID)
}

// AsIndexed is the account as search sees it now; false if search does not know it yet.
func (s *State) AsIndexed(u *LiveUser, now time.Time) (User, bool) {
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
func (w *World) SetStatus(login, status string) {
	w.Update(func(s *State) {
		u := s.logins[folded(login)]
		if u == nil || u.Status == status {
			return
		}
		was := u.Status
		u.Status, u.StatusChanged = status, s.Now()
		s.index(u)
		event := map[string]string{Suspended: "user.lifecycle.suspend", Deprovisioned: "user.lifecycle.deactivate"}[status]
		if status == Active && was == Suspended {
			event = "user.lifecycle.unsuspend"
		}
		s.record(cmp.Or(event, "user.lifecycle.activate"), admin(), u.target())
	})
}

// DeleteUser removes an account for good, also from all groups.
func (w *World) DeleteUser(login string) {
	w.Update(func(s *State) {
		u := s.logins[folded(login)]
		if u == nil {
			return
		}
		for _, g := range s.GroupByID {
			s.take(g, u)
		}
		s.People = slices.DeleteFunc(s.People, func(other *LiveUser) bool { return other == u })
		delete(s.UserByID, u.ID)
		s.note("user.deleted", u.ID)
		delete(s.logins, folded(u.Login))
		s.record("user.lifecycle.delete.initiated", admin(), u.target())
		s.record("user.lifecycle.delete.completed", admin(), u.target())
	})
}

// Users lists all accounts in the order of their creation.
func (w *World) Users() []User {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.state
	return s.allUsers()
}

func (s *State) allUsers() []User {
	out := make([]User, len(s.People))
	for i, u := range s.People {
		out[i] = u.copy()
	}
	return out
}

// copy is the account for somebody who looks: nothing in it changes later.
func (u *LiveUser) copy() User {
	out := u.User
	out.Custom = maps.Clone(u.Custom)
	return out
}

// FindUser is the account that a path key means: an id, a login, or the part of a login before the "@" if
// only one has it. An e-mail that is no login finds nobody.
func (s *State) FindUser(key string) *LiveUser {
	if u := s.UserByID[key]; u != nil {
		return u
	}
	lower := folded(key)
	if u := s.logins[lower]; u != nil {
		return u
	}
	var found *LiveUser
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

// StartsWith tells whether a name or the e-mail begins with some lower-case
// text.
func (u *LiveUser) StartsWith(lower string) bool {
	for _, v := range []string{u.First, u.Last, u.Email} {
		if strings.HasPrefix(strings.ToLower(v), lower) {
			return true
		}
	}
	return false
}

// Attribute is one property of the account as expressions name it.
func (u User) Attribute(name string) []string {
	switch name {
	case "id":
		return []string{u.ID}
	case "status":
		return []string{u.Status}
	case "created":
		return []string{u.Created.UTC().Format(TimeLayout)}
	case "statusChanged", "lastUpdated":
		return []string{u.StatusChanged.UTC().Format(TimeLayout)}
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
		return FullName(u.First, u.Last)
	case "profile.title":
		return u.Title
	case "profile.department":
		return u.Department
	case "profile.managerId":
		return u.ManagerID
	case "profile.manager":
		return u.Manager
	case "profile.secondEmail":
		return u.SecondEmail
	case "profile.employeeNumber":
		return u.EmployeeNumber
	case "profile.userType":
		return u.UserType
	}
	return ""
}

func (u User) target() Target {
	return Target{ID: u.ID, Type: "User", AlternateID: u.Login, DisplayName: FullName(u.First, u.Last)}
}

// folded is a login as logins are told apart: without regard to the case of ASCII
// letters. Other letters stay apart, whatever Unicode folds them to.
func folded(login string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, login)
}

// FullName is the name to show: one part if there is only one.
func FullName(first, last string) string {
	if first == "" || last == "" {
		return first + last
	}
	return first + " " + last
}
