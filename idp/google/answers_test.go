package google_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"latchkey/idp"
	"latchkey/idp/google"
	sandbox "latchkey/sandbox/google"
)

// bent is a way to Google on which the answers to what asks for members are changed.
type bent struct {
	http.RoundTripper
	change func(body string) string
}

func (b bent) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.RoundTripper.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/members") {
		return resp, err
	}
	raw, err := io.ReadAll(resp.Body)
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader([]byte(b.change(string(raw))))), -1
	return resp, err
}

// TestMembersThatAreNone: JSON's null is no list, an account that says it is the whole organisation is neither, and one that
// is named by its address alone is known by its id all the same.
func TestMembersThatAreNone(t *testing.T) {
	for name, c := range map[string]struct {
		change func(string) string
		good   bool
	}{
		"null":       {func(string) string { return " null\n" }, false},
		"everybody":  {func(s string) string { return strings.ReplaceAll(s, `"USER"`, `"CUSTOMER"`) }, false},
		"no id":      {func(s string) string { return strings.ReplaceAll(s, `"id":`, `"key":`) }, true},
		"as it came": {func(s string) string { return s }, true},
	} {
		g := newCustomer(t, sandbox.Config{}, func(cfg *google.Config) { cfg.Transport = bent{cfg.Transport, c.change} })
		maya := g.AddUser(sandbox.User{Email: "maya@" + sandbox.DemoDomain})
		figma := g.AddGroup(sandbox.Group{Email: "figma@" + sandbox.DemoDomain, Name: "figma"})
		g.SetMember(figma.ID, maya.ID, true)
		all, err := idp.Everybody(g.Directory.Members(t.Context(), figma.ID))
		if (err == nil) != c.good || c.good && (len(all) != 1 || all[0].PersonID != maya.ID) {
			t.Errorf("%s: %+v, %v", name, all, err)
		}
	}
}
