package world

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Address is one of the contact addresses of an account.
type Address struct{ Type, Address string }

// User is an account.
type User struct {
	ID, Email, Given, Family string // Email is the primary address, by which people sign in
	Title, Department        string
	Kind                     string    // what sort of employee: organizations[].description
	Location                 string    // organizations[].location
	Manager                  string    // relations[] of type manager: an address
	Number                   string    // externalIds[] of type organization
	Aliases                  []string  // further addresses that mean the account
	Contacts                 []Address // emails[] that mean nothing to Google
	OrgUnit                  string    // "/" if empty
	Suspended, Archived      bool
	Reason                   string // of the suspension; ADMIN if empty
	Super                    bool   // a super administrator
	Created, LastLogin       time.Time
}

// LiveUser is an account as it stands.
type LiveUser struct {
	User
	Deleted time.Time // zero: it is there
	Seq     int64
	index   []version // what searches will show and when, oldest first
	cookies int       // sessions in browsers
	Tokens  []Token   // what apps were given
}

// Token is the right of an app to act for somebody.
type Token struct {
	ClientID, Name string
	Scopes         []string
}

type version struct {
	at      time.Time
	deleted bool
	User
}

// AddUser creates an account and returns it as stored.
func (w *World) AddUser(in User) User {
	w.Update(func(s *State) {
		u := &LiveUser{Seq: s.Number()}
		in.ID, in.OrgUnit = cmp.Or(in.ID, s.accountID()), cmp.Or(in.OrgUnit, "/")
		if in.Created.IsZero() {
			in.Created = s.Now()
		}
		u.User = in
		s.People = append(s.People, u)
		s.index(u)
		s.audit("CREATE_USER", u.Email)
	})
	return in
}

// EditUser changes an account that an address or an id means; its id stays. As in life
// the old primary address becomes an alias.
func (w *World) EditUser(key string, edit func(*User)) error {
	var err error
	w.Update(func(s *State) {
		u := s.User(key)
		if u == nil {
			err = fmt.Errorf("google: no account has the key %s", key)
			return
		}
		now := u.User
		now.Aliases, now.Contacts = slices.Clone(u.Aliases), slices.Clone(u.Contacts)
		edit(&now)
		now.ID, now.Created = u.ID, u.Created
		if other := s.User(now.Email); now.Email == "" || other != nil && other != u {
			err = fmt.Errorf("google: %q can't be the address of %s: it is empty or taken", now.Email, key)
			return
		}
		now.Aliases = slices.DeleteFunc(now.Aliases, func(a string) bool { return Folded(a) == Folded(now.Email) })
		if Folded(now.Email) != Folded(u.Email) {
			now.Aliases = append(now.Aliases, u.Email)
		}
		s.auditEdit(u.User, now)
		u.User = now
		s.index(u)
	})
	return err
}

// DeleteUser deletes an account, and with it its memberships. Google keeps it for twenty
// days, out of sight.
func (w *World) DeleteUser(key string) {
	w.Update(func(s *State) {
		u := s.User(key)
		if u == nil {
			return
		}
		for _, g := range s.Groups {
			s.Leave(g, u.ID)
		}
		u.Deleted, u.cookies, u.Tokens = s.Now(), 0, nil
		s.index(u)
		s.audit("DELETE_USER", u.Email)
	})
}

// Users lists all accounts in the order of their creation.
func (w *World) Users() (all []User) {
	w.View(func(s *State) {
		for _, u := range s.People {
			if u.Deleted.IsZero() {
				all = append(all, u.User)
			}
		}
	})
	return all
}

// OpenSession has somebody sign in to Google, and an app be let in to act for them.
func (w *World) OpenSession(id string) error {
	return w.open(id, func(u *LiveUser) { u.cookies++ })
}

// Consent has somebody let an app act for them.
func (w *World) Consent(id string, t Token) error {
	return w.open(id, func(u *LiveUser) {
		u.Tokens = append(slices.DeleteFunc(u.Tokens, func(o Token) bool { return o.ClientID == t.ClientID }), t)
	})
}

func (w *World) open(id string, f func(*LiveUser)) (err error) {
	w.Update(func(s *State) {
		u := s.User(id)
		if u == nil {
			err = fmt.Errorf("google: no account has the key %s", id)
			return
		}
		f(u)
		s.note("user.session", u.ID)
	})
	return err
}

// Sessions counts what somebody has open: in browsers, and by apps.
func (w *World) Sessions(id string) (n int) {
	w.View(func(s *State) {
		if u := s.User(id); u != nil {
			n = u.cookies + len(u.Tokens)
		}
	})
	return n
}

// SignOut ends the sessions of an account in browsers.
func (s *State) SignOut(u *LiveUser) {
	u.cookies = 0
	s.note("user.session", u.ID)
}

// index hands the account's present state to searches, which show it SearchLag later.
func (s *State) index(u *LiveUser) {
	u.index = append(u.index, version{s.Now().Add(s.SearchLag), !u.Deleted.IsZero(), u.User})
	s.note("user.saved", u.ID)
}

// Indexed is the account as searches see it now; false if they don't know it.
func (u *LiveUser) Indexed(now time.Time) (User, bool) {
	for _, v := range slices.Backward(u.index) {
		if !v.at.After(now) {
			return v.User, !v.deleted
		}
	}
	return User{}, false
}

// User is the account that an id, a primary address or an alias means; nil if there is none.
func (s *State) User(key string) *LiveUser {
	for _, u := range s.People {
		if u.Deleted.IsZero() && (u.ID == key || u.Called(key)) {
			return u
		}
	}
	return nil
}

// Called tells whether an address is the account's primary one or an alias.
func (u User) Called(address string) bool {
	want := Folded(address)
	return want != "" && (Folded(u.Email) == want || slices.ContainsFunc(u.Aliases, func(a string) bool { return Folded(a) == want }) || Folded(TestAddress(u.Email)) == want)
}

// Has tells whether an address is any of the account's, contacts included.
func (u User) Has(address string) bool {
	return u.Called(address) || slices.ContainsFunc(u.Contacts, func(a Address) bool { return Folded(a.Address) == Folded(address) })
}

// TestAddress is the address in Google's own domain that every account and group has.
func TestAddress(address string) string { return address + ".test-google-a.com" }
