package okta_test

import (
	"strings"
	"testing"

	"latchkey/idp/okta"
	sandbox "latchkey/sandbox/okta"
)

// What the org's plan doesn't have is not a matter of credentials: nobody signs in anew for it, and where the rest
// works without it the directory works.
func TestWhatThePlanDoesNotHave(t *testing.T) {
	key := newKey(t)
	o := clientOrg(t, sandbox.Client{ID: "0oaclient", Key: &key.PublicKey, Scopes: okta.StandardScopes()}, pkcs8(t, key))
	if _, err := o.Directory.FindGroup(t.Context(), "none"); err == nil {
		t.Fatal("a group that isn't there")
	}
	signedIn := tokenCalls(o)
	if signedIn == 0 {
		t.Fatal("sign-ins are not seen, so nothing is tested")
	}
	o.AddFault(sandbox.Fault{Path: "/api/v1/logs", Unlicensed: true})
	findings, err := o.Directory.Probe(t.Context())
	if err != nil || len(findings) != 6 {
		t.Fatalf("%+v, %v", findings, err)
	}
	for _, f := range findings {
		if !f.OK {
			t.Errorf("%+v", f)
		}
	}
	if last := findings[3]; !strings.Contains(last.Detail, "last used is unknown") {
		t.Errorf("%+v", last)
	}
	o.AddFault(sandbox.Fault{Path: "/api/v1/groups/rules", Unlicensed: true})
	if findings, err = o.Directory.Probe(t.Context()); err != nil || findings[2].OK || strings.Contains(findings[2].Detail, "credentials") {
		t.Errorf("%+v, %v", findings, err)
	}
	if n := tokenCalls(o); n != signedIn {
		t.Errorf("it signed in again, %d times", n-signedIn)
	}
}

func tokenCalls(o org) (n int) {
	for _, c := range o.Calls() {
		if strings.Contains(c, "/oauth2/v1/token") {
			n++
		}
	}
	return n
}

// What is locked for a moment is tried again, and then done.
func TestALockPasses(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	g, u := o.AddGroup(sandbox.Group{Name: "figma"}), o.AddUser(sandbox.User{Login: "maya@x.com"})
	o.AddFault(sandbox.Fault{Method: "PUT", Busy: true, Times: 1})
	if err := o.Directory.Add(t.Context(), g.ID, u.ID); err == nil || !strings.Contains(err.Error(), "tried again") {
		t.Errorf("%v", err)
	}
	if err := o.Directory.Add(t.Context(), g.ID, u.ID); err != nil || !o.Server.IsMember(g.ID, "maya@x.com") {
		t.Errorf("%v", err)
	}
}
