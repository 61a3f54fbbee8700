package okta_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"latchkey/idp"
	sandbox "latchkey/sandbox/okta"
)

// TestAListWithoutEndIsRefused: a gateway that drops the cursor answers the first page again and again. That is said,
// not waited for, and what was read is not taken for the whole.
func TestAListWithoutEndIsRefused(t *testing.T) {
	o := newOrg(t, sandbox.Config{FullShare: true}, nil)
	g := o.AddGroup(sandbox.Group{Name: "everybody"})
	var maya sandbox.User
	for i := range 450 {
		maya = o.AddUser(sandbox.User{Login: fmt.Sprintf("p%03d@x.com", i)})
		o.SetMember("everybody", maya.Login, true)
		o.AddGroup(sandbox.Group{Name: fmt.Sprintf("list-%03d", i)})
	}
	for i := range 450 {
		o.SetMember(fmt.Sprintf("list-%03d", i), maya.Login, true)
	}
	last := o.AddGroup(sandbox.Group{Name: "last"})
	o.SetMember("last", maya.Login, true)
	for range 250 {
		o.AddRule(sandbox.Rule{Name: "by department", Status: "ACTIVE", Attribute: "department", Value: "Nobody", Groups: []string{"list-001"}})
	}
	o.AddFault(sandbox.Fault{Frozen: true})
	for name, read := range map[string]func() error{
		"members": func() error { _, err := idp.Everybody(o.Directory.Members(t.Context(), g.ID)); return err },
		"groups":  func() error { _, err := o.Directory.Groups(t.Context(), "list-"); return err },
		"groups of an account": func() error {
			is, err := o.Directory.IsMember(t.Context(), last.ID, maya.ID)
			if err == nil {
				return fmt.Errorf("is a member: %v", is)
			}
			return err
		},
		"rules": func() error { _, err := o.Directory.FindGroup(t.Context(), "list-001"); return err },
	} {
		err := read()
		if err == nil || !strings.Contains(err.Error(), "go round in circles") || errors.Is(err, idp.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNoGroupsAtAllIsNoAnswer: every account is in Everyone, so an empty list of somebody's groups says nothing; the
// group is asked.
func TestNoGroupsAtAllIsNoAnswer(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	g, u := o.AddGroup(sandbox.Group{Name: "figma"}), o.AddUser(sandbox.User{Login: "maya@x.com"})
	o.SetMember("figma", "maya@x.com", true)
	for _, want := range []bool{true, false} {
		o.SetMember("figma", "maya@x.com", want)
		o.AddFault(sandbox.Fault{Path: "/api/v1/users/*/groups", Times: 1, Empty: true})
		if is, err := o.Directory.IsMember(t.Context(), g.ID, u.ID); err != nil || is != want {
			t.Errorf("a member: %v (%v), want %v", is, err, want)
		}
	}
}

// TestAnEmptyListOfMembersIsCounted: a gateway's empty list, or that of a token which may not see who is in a group,
// doesn't say that nobody is in it. Where Okta can't be asked for the number, that is no "nobody" either.
func TestAnEmptyListOfMembersIsCounted(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	g := o.AddGroup(sandbox.Group{Name: "security"})
	members := func() ([]idp.Membership, error) { return idp.Everybody(o.Directory.Members(t.Context(), g.ID)) }
	if all, err := members(); err != nil || len(all) != 0 {
		t.Errorf("nobody is in it: %v, %v", all, err)
	}
	o.AddUser(sandbox.User{Login: "omar@x.com"})
	o.SetMember("security", "omar@x.com", true)
	o.AddFault(sandbox.Fault{Path: "/api/v1/groups/*/users", Empty: true})
	var partial *idp.Partial
	if all, err := members(); !errors.As(err, &partial) || partial.Counted != 1 {
		t.Errorf("one is in it: %v, %v", all, err)
	}
	o.AddFault(sandbox.Fault{Path: "/api/v1/groups", Status: 503})
	if all, err := members(); err == nil || errors.As(err, &partial) && partial.Counted != 1 {
		t.Errorf("it can't be counted: %v, %v", all, err)
	}
	o.ClearFaults()
	if all, err := members(); err != nil || len(all) != 1 {
		t.Errorf("at last: %v, %v", all, err)
	}
}
