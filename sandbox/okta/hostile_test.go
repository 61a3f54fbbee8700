package okta_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/sandbox/okta"
)

// A fault is over when it is disarmed. Until then pages may be short, and those after
// the first be lost.
func TestPagesThatAreShortOrLost(t *testing.T) {
	o := newOrg(t, okta.Config{})
	for _, login := range []string{"ann@x.com", "bo@x.com", "cy@x.com"} {
		o.AddUser(okta.User{Login: login})
	}
	next := func(a answer) string {
		for _, l := range a.Header.Values("Link") {
			if target, found := strings.CutSuffix(l, `>; rel="next"`); found {
				return strings.TrimPrefix(target, "<")
			}
		}
		return ""
	}
	short := o.AddFault(okta.Fault{Method: http.MethodGet, Short: 1})
	first := o.call("GET", "/api/v1/users?limit=100")
	if got := logins(t, first); got != "ann" || logins(t, o.call("GET", next(first))) != "bo" {
		t.Errorf("the first page has %q", got)
	}
	short()
	lost := o.AddFault(okta.Fault{Later: true, Status: http.StatusServiceUnavailable})
	if a := o.call("GET", next(first)); a.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a later page is answered with %d", a.StatusCode)
	}
	if got := logins(t, o.call("GET", "/api/v1/users")); got != "ann bo cy" {
		t.Errorf("the first page has %q", got)
	}
	lost()
	if a := o.call("GET", next(first)); a.StatusCode != http.StatusOK {
		t.Errorf("it is over, and a later page is answered with %d", a.StatusCode)
	}
}

// What misleads is ended for one by itself, and the index may begin to trail at any time.
func TestWhatMisleadsIsOver(t *testing.T) {
	o := newOrg(t, okta.Config{})
	ann, bo := o.AddUser(okta.User{Login: "ann@x.com"}), o.AddUser(okta.User{Login: "bo@x.com"})
	asked := func() string { return string(o.call("GET", "/api/v1/users/"+ann.ID).body) }
	o.Mislead(ann.ID, bo.ID)
	if !strings.Contains(asked(), bo.ID) {
		t.Error("nobody is misled")
	}
	o.Mislead(ann.ID, ann.ID)
	if strings.Contains(asked(), bo.ID) {
		t.Error("it goes on")
	}
	o.SetSearchLag(time.Minute)
	o.AddUser(okta.User{Login: "cy@x.com"})
	found := func() string { return logins(t, o.search("search", `profile.login eq "cy@x.com"`)) }
	if got := found(); got != "" {
		t.Errorf("the index shows %q at once", got)
	}
	if o.clock.Advance(time.Minute); found() != "cy" {
		t.Error("the index never shows it")
	}
	g := o.AddGroup(okta.Group{Name: "figma"})
	if o.SetMember("figma", ann.ID, true); !o.IsMember(g.ID, ann.ID) || o.IsMember(g.ID, bo.ID) || !slices.Equal(o.Members(g.ID), []string{ann.Login}) {
		t.Error("a membership isn't known by its ids")
	}
}
