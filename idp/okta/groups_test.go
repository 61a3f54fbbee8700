package okta_test

import (
	"errors"
	"testing"
	"time"

	"latchkey/idp"
	"latchkey/idp/okta"
	sandbox "latchkey/sandbox/okta"
)

func TestOnlyActiveRulesCount(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	for _, status := range []string{"INACTIVE", "INVALID", "ACTIVE"} {
		o.AddGroup(sandbox.Group{Name: status})
		o.AddRule(sandbox.Rule{Name: status, Status: status, Attribute: "department", Value: "Design", Groups: []string{status}})
	}
	for status, want := range map[string]bool{"INACTIVE": true, "INVALID": true, "ACTIVE": false} {
		if g, err := o.Directory.FindGroup(t.Context(), status); err != nil || g.Governable != want {
			t.Errorf("target of an %s rule: %+v (%v), want governable %v", status, g, err, want)
		}
	}
}

func TestGroupDeletedMeanwhile(t *testing.T) {
	o := newOrg(t, sandbox.Config{}, nil)
	g, u := o.AddGroup(sandbox.Group{Name: "figma"}), o.AddUser(sandbox.User{Login: "maya@x.com"})
	if err := o.Directory.Add(t.Context(), g.ID, u.ID); err != nil {
		t.Fatal(err)
	}
	o.DeleteGroup("figma") // the directory remembers it for a minute
	if err := o.Directory.Remove(t.Context(), g.ID, u.ID); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("Remove: %v, want not found", err)
	}
	if err := o.Directory.Add(t.Context(), g.ID, u.ID); !errors.Is(err, idp.ErrNotFound) {
		t.Errorf("Add: %v, want not found", err)
	}
}

func TestLimitOnSigningInIsTold(t *testing.T) {
	key := newKey(t)
	o := clientOrg(t, sandbox.Client{ID: "0oaclient", Key: &key.PublicKey, Scopes: okta.StandardScopes()}, pkcs8(t, key))
	o.AddFault(sandbox.Fault{Path: "/oauth2/v1/token", Status: 429, RetryAfter: time.Hour})
	_, err := o.Directory.FindGroup(t.Context(), "figma")
	var limited *idp.RateLimited
	if !errors.As(err, &limited) || limited.After <= 0 {
		t.Errorf("got %v, want a rate limit", err)
	}
}
