package okta_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"latchkey/idp"
	"latchkey/idp/okta"
	sandbox "latchkey/sandbox/okta"
)

// answers stands between the directory and Okta and answers calls itself.
type answers struct {
	path, body, kind string
	status           int
}

func (a answers) RoundTrip(req *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(req.URL.Path, a.path) {
		return http.DefaultTransport.RoundTrip(req)
	}
	header := http.Header{}
	if a.kind != "" {
		header.Set("Content-Type", a.kind)
	}
	return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader(a.body)), Request: req, ProtoMajor: 1, ProtoMinor: 1}, nil
}

// A sentence says what was seen: whose answer it was, and whether the account, the
// group, the token or a right is missing.
func TestSentencesSayWhatWasSeen(t *testing.T) {
	const page, json = "<!doctype html><title>Sign in</title>", "application/json"
	forbidden := `{"errorCode":"E0000006","errorSummary":"You do not have permission to perform the requested action"}`
	feature := `{"errorCode":"E0000015","errorSummary":"You do not have permission to access the feature you are requesting"}`
	reconciling := `{"errorCode":"E0000239","errorSummary":"Policy priorities are being reconciled. Please try again later."}`
	internal := `{"errorCode":"E0000009","errorSummary":"Internal Server Error"}`
	badToken := `{"errorCode":"E0000011","errorSummary":"Invalid token provided"}`
	gone := func(what string) string {
		return `{"errorCode":"E0000007","errorSummary":"Not found: Resource not found: 00x (` + what + `)"}`
	}
	for name, c := range map[string]struct {
		answer answers
		kind   error // nil: nothing is known
		want   string
		never  string
	}{
		"a proxy's page":         {answers{"/", page, "text/html; charset=utf-8", 200}, nil, "a web page answered instead of Okta's API (status 200): check the url under idp", "could not be reached"},
		"a page that denies":     {answers{"/", page, "text/html", 403}, nil, "a web page answered", "role or scope"},
		"a page that knows not":  {answers{"/", page, "text/html", 404}, nil, "a web page answered", "does not know"},
		"a gateway's plain text": {answers{"/", "no healthy upstream", "text/plain", 503}, nil, "something else (text/plain) answered", "could not be reached"},
		"a dead token":           {answers{"/", badToken, json, 401}, idp.ErrDenied, "Okta refuses the credentials, renew the API token", "role or scope"},
		"a missing right":        {answers{"/api/v1/groups", forbidden, json, 403}, idp.ErrDenied, "the token's owner may not do this", "credentials"},
		"hidden rules":           {answers{"/api/v1/groups/rules", forbidden, json, 403}, idp.ErrDenied, "the group rules can't be read, so nobody knows whether one feeds the group", "there is no group"},
		"rules of no plan":       {answers{"/api/v1/groups/rules", feature, json, 403}, idp.ErrDenied, "the group rules can't be read, so nobody knows whether one feeds the group; the org's plan in Okta doesn't have this", "view group rules"},
		"no plan, said as 401":   {answers{"/api/v1/groups/rules", feature, json, 401}, idp.ErrDenied, "the org's plan in Okta doesn't have this", "credentials"},
		"being reconciled":       {answers{"/", reconciling, json, 423}, nil, "Okta answered 423 (E0000239), it will be tried again", "refuse"},
		"a fault of Okta's own":  {answers{"/", internal, json, 500}, nil, "Okta answered 500 (E0000009), it will be tried again", "refuse"},
		"no rules at all":        {answers{"/api/v1/groups/rules", gone("GroupRule"), json, 404}, nil, "the group rules can't be read, so nobody knows whether one feeds the group; Okta did not find them", "deleted, or is of another org"},
		"rules, a dead token":    {answers{"/api/v1/groups/rules", badToken, json, 401}, idp.ErrDenied, "Okta refuses the credentials", "group rules can't be read"},
		"no such group":          {answers{"/api/v1/groups/00g", gone("UserGroup"), json, 404}, idp.ErrNotFound, "Okta does not know the group", "account"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOrg(t, sandbox.Config{}, func(cfg *okta.Config) { cfg.Transport = c.answer })
			g := o.AddGroup(sandbox.Group{Name: "figma"})
			u := o.AddUser(sandbox.User{Login: "maya@x.com"})
			err := o.Directory.Add(t.Context(), g.ID, u.ID)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), c.never) || !errors.Is(err, c.kind) && c.kind != nil {
				t.Errorf("%v", err)
			}
			if known := errors.Is(err, idp.ErrNotFound) || errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrRefused); known != (c.kind != nil) {
				t.Errorf("of a kind: %v, for %v", known, err)
			}
		})
	}
}
