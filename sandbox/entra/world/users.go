package world

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The sorts of accounts as Entra names them.
const (
	Member = "Member"
	Guest  = "Guest"
)

// User is an account.
type User struct {
	ID             string
	UPN            string // the user principal name: what somebody signs in with
	Mail           string
	OtherMails     []string
	ProxyAddresses []string // such as "SMTP:maya@x.com", "smtp:alias@x.com"
	DisplayName    string
	GivenName      string
	Surname        string
	JobTitle       string
	Department     string
	CompanyName    string
	OfficeLocation string
	EmployeeID     string
	EmployeeType   string
	UserType       string // Member if empty
	Disabled       bool   // nobody can sign in with it
	Synced         bool   // it comes from Active Directory
	ManagerID      string // of a user, or of a contact
	Extension      map[string]string
	LastSignIn     time.Time // the last one that succeeded
	LastAttempt    time.Time // the last one, whatever came of it
	Created        time.Time // now, if zero
}

// LiveUser is an account as it stands.
type LiveUser struct {
	User
	Seq      int64
	Deleted  time.Time // zero: it isn't
	Sessions int       // refresh tokens that count
}

// The moments since when Microsoft records sign-ins with accounts, and which of them succeeded (learn.microsoft.com,
// "signInActivity resource type"). What was before isn't told.
func recordsAttempts() time.Time  { return time.Date(2020, time.April, 1, 0, 0, 0, 0, time.UTC) }
func recordsSuccesses() time.Time { return time.Date(2023, time.December, 1, 0, 0, 0, 0, time.UTC) }

// LastSignIns are an account's last sign-in that succeeded, and the last one whatever came of it, as far as a service
// tells them that trails: one that came later than a moment shows itself after it. Zero: none is told.
func (s *State) LastSignIns(u *LiveUser, at time.Time) (success, attempt time.Time) {
	successes, attempts := []time.Time{u.LastSignIn}, []time.Time{u.LastAttempt, u.LastSignIn}
	for _, one := range s.SignIns {
		if one.Shown.After(s.Now()) {
			continue
		}
		if one.UserID == u.ID && one.ErrorCode == 0 {
			successes = append(successes, one.At)
		}
		if one.UserID == u.ID {
			attempts = append(attempts, one.At)
		}
	}
	return latest(successes, recordsSuccesses(), at), latest(attempts, recordsAttempts(), at)
}

// latest is the last of some moments that lies in a span.
func latest(all []time.Time, from, till time.Time) (last time.Time) {
	for _, one := range all {
		if !one.Before(from) && !one.After(till) && one.After(last) {
			last = one
		}
	}
	return last
}

// visible tells whether there was an account at a moment.
func (u *LiveUser) visible(at time.Time) bool {
	return !u.Created.After(at) && (u.Deleted.IsZero() || u.Deleted.After(at))
}

// AddUser makes an account and returns it as stored.
func (w *World) AddUser(in User) User {
	w.Update(func(s *State) {
		in.ID = cmp.Or(in.ID, s.newID("user"))
		in.UserType = cmp.Or(in.UserType, Member)
		in.DisplayName = cmp.Or(in.DisplayName, strings.TrimSpace(in.GivenName+" "+in.Surname))
		if in.Created.IsZero() {
			in.Created = s.Now()
		}
		u := &LiveUser{User: in, Seq: s.next()}
		s.users, s.userByID[in.ID] = append(s.users, u), u
		s.audit("Add user", in.ID)
		s.changed(in.ID, true)
		s.note("user.added", in.ID)
	})
	return in
}

var errNobody = errors.New("there is no such account")

// EditUser changes an account, by its id, UPN or mail.
func (w *World) EditUser(key string, edit func(*User)) error {
	err := fmt.Errorf("%s: %w", key, errNobody)
	w.Update(func(s *State) {
		u := s.user(key)
		if u == nil {
			return
		}
		disabled := u.Disabled
		edit(&u.User)
		switch {
		case disabled && !u.Disabled:
			s.audit("Enable account", u.ID)
		case !disabled && u.Disabled:
			s.audit("Disable account", u.ID)
		default:
			s.audit("Update user", u.ID)
		}
		s.changed(u.ID, disabled != u.Disabled)
		s.note("user.edited", u.ID)
		err = nil
	})
	return err
}

// DeleteUser deletes an account softly: it can be restored for thirty days, with its memberships.
func (w *World) DeleteUser(key string) {
	w.Update(func(s *State) {
		if u := s.user(key); u != nil {
			s.deleteUser(u)
		}
	})
}

func (s *State) deleteUser(u *LiveUser) {
	u.Deleted = s.Now()
	s.audit("Delete user", u.ID)
	s.changed(u.ID, true)
	s.note("user.deleted", u.ID)
}

// DeleteObject deletes what has an id, as a call does that means to end a membership and forgets to say so.
func (s *State) DeleteObject(id string) {
	if u := s.userByID[id]; u != nil {
		s.deleteUser(u)
	}
}

// RestoreUser brings a softly deleted account back, under another UPN unless that is empty.
func (w *World) RestoreUser(id, upn string) error {
	err := fmt.Errorf("%s: %w", id, errNobody)
	w.Update(func(s *State) {
		if u := s.userByID[id]; u != nil && !u.Deleted.IsZero() {
			u.Deleted, u.UPN, err = time.Time{}, cmp.Or(upn, u.UPN), nil
			s.audit("Restore user", u.ID)
			s.changed(u.ID, true)
			s.note("user.restored", u.ID)
		}
	})
	return err
}

// Users lists the accounts that aren't deleted, in the order of their creation.
func (w *World) Users() []User {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state.allUsers()
}

func (s *State) allUsers() (out []User) {
	for _, u := range s.UsersAt(s.Now()) {
		out = append(out, u.User)
	}
	return out
}

// UsersAt lists the accounts that there were at a moment, in the order of their creation.
func (s *State) UsersAt(at time.Time) (all []*LiveUser) {
	for _, u := range s.users {
		if u.visible(at) {
			all = append(all, u)
		}
	}
	return all
}

// UserAt is the account that a key led to at a moment: an id or a UPN, never an e-mail; nil if there was none.
func (s *State) UserAt(key string, at time.Time) *LiveUser {
	if u := s.userByID[key]; u != nil && u.visible(at) {
		return u
	}
	for _, u := range s.users {
		if strings.EqualFold(u.UPN, key) && u.visible(at) {
			return u
		}
	}
	return nil
}

// UserEver is the account with an id, deleted or not; nil if there never was one.
func (s *State) UserEver(id string) *LiveUser { return s.userByID[id] }

// Gone tells whether an account is deleted.
func (u *LiveUser) Gone() bool { return !u.Deleted.IsZero() }

// DeletedUsers lists the accounts that are deleted softly.
func (s *State) DeletedUsers() (all []*LiveUser) {
	for _, u := range s.users {
		if !u.Deleted.IsZero() {
			all = append(all, u)
		}
	}
	return all
}

// user is the account that an administrator means: by id, UPN or mail.
func (s *State) user(key string) *LiveUser {
	if u := s.UserAt(key, s.Now()); u != nil {
		return u
	}
	at := slices.IndexFunc(s.users, func(u *LiveUser) bool { return u.Deleted.IsZero() && strings.EqualFold(u.Mail, key) })
	if at < 0 {
		return nil
	}
	return s.users[at]
}

// OpenSession has somebody sign in to the directory itself.
func (w *World) OpenSession(account string) error {
	err := fmt.Errorf("%s: %w", account, errNobody)
	w.Update(func(s *State) {
		if u := s.user(account); u != nil {
			u.Sessions++
			err = nil
		}
	})
	return err
}

// Sessions counts what somebody has open there.
func (w *World) Sessions(account string) (n int) {
	w.View(func(s *State) {
		if u := s.user(account); u != nil {
			n = u.Sessions
		}
	})
	return n
}

// EndSessions ends all that somebody has open. A guest's sessions are their own tenant's: nothing happens to those.
func (s *State) EndSessions(u *LiveUser) {
	if u.UserType == Guest || strings.Contains(u.UPN, "#EXT#") {
		return
	}
	u.Sessions = 0
	s.note("user.sessions", u.ID)
}
