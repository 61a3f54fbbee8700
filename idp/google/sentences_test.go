package google_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"latchkey/idp"
	"latchkey/idp/google"
	sandbox "latchkey/sandbox/google"
)

// answers stands between the directory and Google and answers some calls itself.
type answers struct {
	method, path, body, kind string
	status                   int
	next                     http.RoundTripper
}

func (a answers) RoundTrip(req *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(req.URL.Path, a.path) || a.method != "" && a.method != req.Method {
		return a.next.RoundTrip(req)
	}
	header := http.Header{}
	if a.kind != "" {
		header.Set("Content-Type", a.kind)
	}
	return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader(a.body)), Request: req, ProtoMajor: 1, ProtoMinor: 1}, nil
}

// A sentence says what was seen: whose answer it was, and whether the account, the group, the token or a right is missing.
func TestSentencesSayWhatWasSeen(t *testing.T) {
	const page, json, members = "<!doctype html><title>Sign in</title>", "application/json", "/admin/directory/v1/groups/"
	said := func(code, reason, message string) string {
		return `{"error":{"code":` + code + `,"message":"` + message + `","errors":[{"reason":"` + reason + `","message":"` + message + `"}]}}`
	}
	for name, c := range map[string]struct {
		answer answers
		kind   error // nil: nothing is known
		want   string
		never  string
	}{
		"a proxy's page":         {answers{path: "/admin/", body: page, kind: "text/html; charset=utf-8", status: 200}, nil, "a web page answered instead of Google's API (status 200): check the url under idp", "could not be reached"},
		"a page that denies":     {answers{path: "/admin/", body: page, kind: "text/html", status: 403}, nil, "a web page answered", "privilege"},
		"a gateway's plain text": {answers{path: "/admin/", body: "no healthy upstream", kind: "text/plain", status: 503}, nil, "something else (text/plain) answered", "could not be reached"},
		"nothing at all":         {answers{path: "/admin/", status: 502}, nil, "something else (without a content type) answered", "could not be reached"},
		"a page for a token":     {answers{path: "/token", body: page, kind: "text/html", status: 401}, nil, "a web page answered", "key"},
		"half a token":           {answers{path: "/token", body: "{", kind: json, status: 200}, nil, "can't be read", "key"},
		"a token that is none":   {answers{path: "/token", body: `{"error":"invalid_request","error_description":"odd"}`, kind: json, status: 400}, idp.ErrDenied, "no token (invalid_request: odd)", "could not be reached"},
		"a missing right":        {answers{path: "/admin/", body: said("403", "forbidden", "Not Authorized to access this resource/api"), kind: json, status: 403}, idp.ErrDenied, "give the administrator that Latchkey acts for the privilege back", "could not be reached"},
		"hidden labels":          {answers{path: "/v1/groups", body: `{"error":{"code":403,"message":"disabled","status":"PERMISSION_DENIED"}}`, kind: json, status: 403}, idp.ErrDenied, "cannot see what fills group", "does not know"},
		"no such group":          {answers{path: members, body: said("404", "notFound", "Resource Not Found: groupKey"), kind: json, status: 404}, idp.ErrNotFound, "Google does not know the group", "account"},
		"a group of its own":     {answers{method: "POST", path: members, body: said("400", "failedPrecondition", "Locked"), kind: json, status: 400}, idp.ErrRefused, "Google doesn't change this group (Locked)", "try"},
		"one that is filled":     {answers{method: "POST", path: members, body: said("412", "conditionNotMet", "No"), kind: json, status: 412}, idp.ErrRefused, "Google doesn't change this group (No)", "try"},
		"an odd conflict":        {answers{method: "POST", path: members, body: said("409", "conflict", "Entity already exists."), kind: json, status: 409}, nil, "Google answered 409 (conflict: Entity already exists.), it will be tried again", "refused"},
		"an outage":              {answers{method: "POST", path: members, body: said("500", "backendError", "Backend Error"), kind: json, status: 500}, nil, "Google answered 500", "refused"},
		"labels of another":      {answers{path: "/v1/groups", body: `{"name":"groups/other"}`, kind: json, status: 200}, nil, "Google answered groups/other", "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			c.answer.next = &http.Transport{DisableKeepAlives: true}
			o := newCustomer(t, sandbox.Config{}, func(cfg *google.Config) { cfg.Transport = c.answer })
			g, u := o.AddGroup(sandbox.Group{Name: "figma"}), o.AddUser(sandbox.User{Email: "maya@x.com"})
			err := o.Add(t.Context(), g.ID, u.ID)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), c.never) || !errors.Is(err, c.kind) && c.kind != nil {
				t.Errorf("%v", err)
			}
			if known := errors.Is(err, idp.ErrNotFound) || errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrRefused); known != (c.kind != nil) {
				t.Errorf("of a kind: %v, for %v", known, err)
			}
		})
	}
}
