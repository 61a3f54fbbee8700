package okta_test

import (
	"net/http"
	"strings"
	"testing"

	"latchkey/idp"
	"latchkey/idp/okta"
	sandbox "latchkey/sandbox/okta"
)

func findingOf(t *testing.T, o org, check string) idp.Finding {
	t.Helper()
	findings, err := o.Directory.Probe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Check == check {
			return f
		}
	}
	t.Fatalf("nothing is said of %q: %+v", check, findings)
	return idp.Finding{}
}

// Whether members can be changed is tried with somebody who is in the group anyway, and changes nothing.
func TestTheRightToChangeMembersIsTried(t *testing.T) {
	for name, c := range map[string]struct {
		group  string
		member string
		status string
		fault  *sandbox.Fault
		ok     bool
		says   string
		tried  int
	}{
		"no group is named":       {ok: true, says: "at the first change"},
		"it works":                {group: "latchkey-test", member: "maya@x.com", ok: true, says: "Members can be changed", tried: 1},
		"there is no such group":  {group: "latchkey-tset", says: "latchkey-tset"},
		"nobody is in it":         {group: "latchkey-test", says: "put somebody into it"},
		"only who has left is":    {group: "latchkey-test", member: "maya@x.com", status: sandbox.Deprovisioned, says: "put somebody into it"},
		"the right lacks":         {group: "latchkey-test", member: "maya@x.com", fault: &sandbox.Fault{Method: http.MethodPut, Status: http.StatusForbidden}, says: "give the admin role or scope back", tried: 1},
		"who is in it isn't read": {group: "latchkey-test", member: "maya@x.com", fault: &sandbox.Fault{Path: "/api/v1/groups/*/users", Status: http.StatusForbidden}, says: "denied"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOrg(t, sandbox.Config{}, func(cfg *okta.Config) { cfg.ProbeGroup = c.group })
			o.AddUser(sandbox.User{Login: "maya@x.com"})
			g := o.AddGroup(sandbox.Group{Name: "latchkey-test"})
			if c.member != "" {
				o.SetMember(g.Name, c.member, true)
			}
			if c.status != "" {
				o.SetStatus(c.member, c.status)
			}
			if c.fault != nil {
				o.AddFault(*c.fault)
			}
			f := findingOf(t, o, "change members")
			if f.OK != c.ok || !strings.Contains(f.Detail, c.says) {
				t.Errorf("%+v", f)
			}
			tried := 0
			for _, call := range o.Calls() {
				if strings.HasPrefix(call, "PUT ") {
					tried++
				}
			}
			if tried != c.tried || o.Server.IsMember(g.Name, "maya@x.com") != (c.member != "") {
				t.Errorf("%d changes, and a member: %v", tried, o.Server.IsMember(g.Name, "maya@x.com"))
			}
		})
	}
}

// Credentials that allow more than is used are named; where that can't be seen, that is said.
func TestWhatIsMoreThanNeededIsNamed(t *testing.T) {
	const check = "no more rights than needed"
	for name, c := range map[string]struct {
		roles []string
		fault *sandbox.Fault
		ok    bool
		says  string
	}{
		"what is enough":       {[]string{"GROUP_MEMBERSHIP_ADMIN", "READ_ONLY_ADMIN", "HELP_DESK_ADMIN"}, nil, true, "None was found"},
		"a super admin":        {[]string{"READ_ONLY_ADMIN", "SUPER_ADMIN"}, nil, true, "The token's owner is Super Administrator:"},
		"a super admin alone":  {[]string{"SUPER_ADMIN"}, nil, true, "Super Administrator"},
		"it may not be seen":   {nil, &sandbox.Fault{Path: "/api/v1/users/*/roles", Status: http.StatusForbidden}, true, "can't be seen"},
		"the token is refused": {nil, &sandbox.Fault{Path: "/api/v1/users/me", Status: http.StatusUnauthorized}, false, "renew the API token"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOrg(t, sandbox.Config{}, nil)
			o.SetTokenRoles(c.roles...)
			if c.fault != nil {
				o.AddFault(*c.fault)
			}
			if f := findingOf(t, o, check); f.OK != c.ok || !strings.Contains(f.Detail, c.says) {
				t.Errorf("%+v", f)
			}
		})
	}
	key := newKey(t)
	for more, says := range map[string]string{"okta.users.manage": "None was found", "okta.apps.manage": "no use for okta.apps.manage:"} {
		scopes := append(okta.StandardScopes(), "okta.roles.read", more)
		o := newOrg(t, sandbox.Config{Clients: []sandbox.Client{{ID: "0oaclient", Key: &key.PublicKey, Scopes: scopes}}}, func(c *okta.Config) {
			c.Token, c.ClientID, c.PrivateKey, c.KeyID, c.Scopes = "", "0oaclient", pkcs8(t, key), "key-1", scopes
		})
		if f := findingOf(t, o, check); !f.OK || !strings.Contains(f.Detail, says) {
			t.Errorf("%s: %+v", more, f)
		}
	}
}

// By roles that only read nobody is put into a group, which is seen before somebody is to be.
func TestRolesThatOnlyReadAreSeen(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	for _, roles := range [][]string{{"READ_ONLY_ADMIN"}, {"READ_ONLY_ADMIN", "REPORT_ADMIN"}} {
		o.SetTokenRoles(roles...)
		if f := findingOf(t, o, "rights to change members"); f.OK || !strings.Contains(f.Detail, "Read Only Administrator") || !strings.Contains(f.Detail, "give them the role Group Membership Administrator") {
			t.Errorf("%v: %+v", roles, f)
		}
	}
}
