// Package peopletest has people for tests: whoever has a handle has an id, an
// address, and accounts in Slack and in the directory okta, all of which follow
// from it.
package peopletest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
)

// ID is the id of whoever has the handle.
func ID(handle string) access.PersonID {
	letters := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, handle)
	return access.NewPersonID(strings.ToUpper(letters) + "0000000000")
}

// Address is the address of whoever has the handle.
func Address(handle string) access.Email { return access.NewEmail(handle + "@acme.example") }

// Person is somebody as the store knows them.
func Person(handle string) access.Person {
	since := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	p := access.Person{ID: ID(handle), Kind: access.Employee, Standing: access.Active}
	p, _ = p.Bind(access.Binding{System: access.SystemSlack, ID: "U-" + handle, Level: access.AssuranceFirst, How: "a test", Since: since}, "")
	p, _ = p.Bind(access.Binding{System: "okta", ID: "00u-" + handle, Level: access.AssuranceChecked, How: "a test", Since: since}, "")
	p = p.Rename(access.ShownAddress(access.SystemSlack, Address(handle), access.AssuranceChecked, since))
	return p.Rename(access.ShownName(access.SystemSlack, strings.ToUpper(handle[:1])+handle[1:], since))
}

// Remember puts people into a store, as the change leaves them; nil for as they
// are. Who is there already stays.
func Remember(t testing.TB, s store.Store, change func(*access.Person), handles ...string) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for _, handle := range handles {
			if _, err := store.Person(tx, ID(handle)); !errors.Is(err, store.ErrNotFound) {
				return err
			}
			p := Person(handle)
			if change != nil {
				change(&p)
			}
			if err := store.PutPerson(tx, &store.Known{Person: p}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Chart is a directory in which everybody with a handle has an account, and which
// knows who reports to whom. It has no groups.
type Chart struct {
	idp.Directory
	Managers map[string]string // by handle; "" for none
}

// ID is that of the directory in which people have accounts here.
func (Chart) ID() string { return "okta" }

// FindPerson finds somebody by address.
func (c Chart) FindPerson(ctx context.Context, address string) (idp.Person, error) {
	handle, _, _ := strings.Cut(address, "@")
	return c.Person(ctx, "00u-"+handle)
}

// Person reads an account.
func (c Chart) Person(_ context.Context, id string) (idp.Person, error) {
	handle := strings.TrimPrefix(id, "00u-")
	manager, here := c.Managers[handle]
	if !here {
		return idp.Person{}, idp.ErrNotFound
	}
	p := idp.Person{ID: id, Login: string(Address(handle)), Email: string(Address(handle)), Status: idp.Active}
	if manager != "" {
		p.ManagerID, p.ManagerEmail = "00u-"+manager, string(Address(manager))
	}
	return p, nil
}

// Members is a workspace in which everybody with a handle is a member.
type Members []string

// Member finds somebody by their account.
func (m Members) Member(_ context.Context, slackID string) (access.Person, error) {
	if handle := strings.TrimPrefix(slackID, "U-"); slices.Contains(m, handle) {
		return Person(handle), nil
	}
	return access.Person{}, access.Refuse(access.Unknown, "person", "Nobody here has that account.")
}

// ForgetMember does nothing: nothing is cached.
func (m Members) ForgetMember(string) {}

// MemberByEmail finds somebody by address.
func (m Members) MemberByEmail(ctx context.Context, a access.Email) (access.Person, error) {
	handle, _, _ := strings.Cut(string(a), "@")
	if a != Address(handle) {
		return access.Person{}, access.Refuse(access.Unknown, "person", "Nobody here has that address.")
	}
	return m.Member(ctx, "U-"+handle)
}
