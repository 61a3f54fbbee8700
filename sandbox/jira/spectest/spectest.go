// Package spectest holds exchanges with Jira against Atlassian's own descriptions of
// its APIs, where those are at hand: those of the emulated site, and those of
// whoever calls it.
package spectest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"latchkey/sandbox/traffic"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// Checker passes calls on and reports every request and answer that is not as
// described.
type Checker struct {
	// Undescribed are statuses that real Jira sends although the descriptions do not
	// mention them.
	Undescribed func(status int) bool
	// Refused is set where requests have to be as described even if they were refused.
	Refused bool

	t       testing.TB
	next    http.RoundTripper
	routers []routers.Router

	mu   sync.Mutex
	uses map[string]int
}

// New makes a checker by the descriptions in dir, which are named as Atlassian
// publishes them: of the Jira platform (developer.atlassian.com/cloud/jira/platform)
// and of Service Management.
func New(t testing.TB, dir string, next http.RoundTripper) *Checker {
	t.Helper()
	c := &Checker{t: t, next: next, uses: map[string]int{}, Undescribed: func(int) bool { return false }}
	for _, name := range []string{"jira-platform-v3.openapi.json", "jsm-cloud.openapi.json"} {
		c.routers = append(c.routers, describedIn(t, filepath.Join(dir, name)))
	}
	return c
}

// describedIn reads a description without its servers and security, and without
// formats of dates: Jira's are not those of RFC 3339.
func describedIn(t testing.TB, file string) routers.Router {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	raw = bytes.ReplaceAll(raw, []byte(`"format": "date-time"`), []byte(`"x-format": "date-time"`))
	raw = bytes.ReplaceAll(raw, []byte(`"format":"date-time"`), []byte(`"x-format":"date-time"`))
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers, doc.Security = nil, nil
	r, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Uses counts the exchanges that were checked, by method and path template.
func (c *Checker) Uses() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.uses)
}

// RoundTrip implements http.RoundTripper.
func (c *Checker) RoundTrip(req *http.Request) (*http.Response, error) {
	e, err := traffic.Copied(c.next, req)
	if err != nil {
		return nil, err
	}
	c.check(req, e.Sent, e.Response, e.Got)
	return e.Response, nil
}

func (c *Checker) check(req *http.Request, sent []byte, resp *http.Response, got []byte) {
	described := req.Clone(context.Background())
	described.Body = io.NopCloser(bytes.NewReader(sent))
	for _, r := range c.routers {
		route, vars, err := r.FindRoute(described)
		if err != nil {
			continue
		}
		c.mu.Lock()
		c.uses[req.Method+" "+route.Path]++
		c.mu.Unlock()
		in := &openapi3filter.RequestValidationInput{Request: described, PathParams: vars, Route: route,
			Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
				ExcludeRequestBody: strings.HasPrefix(req.Header.Get("Content-Type"), "multipart/")}}
		if resp.StatusCode < 400 || c.Refused {
			if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
				c.t.Errorf("request %s %s: %v\n%s", req.Method, req.URL, err, sent)
			}
		}
		c.checkAnswer(in, resp, got)
		return
	}
	if !besides(req) {
		c.t.Errorf("%s %s is in no description", req.Method, req.URL)
	}
}

// besides tells whether a call is one that Atlassian writes of in its guides alone:
// how to find out a site's cloud id.
func besides(req *http.Request) bool {
	return req.Method == http.MethodGet && req.URL.Path == "/_edge/tenant_info"
}

// checkAnswer leaves out empty bodies, also where the descriptions promise one.
func (c *Checker) checkAnswer(in *openapi3filter.RequestValidationInput, resp *http.Response, got []byte) {
	archived := bytes.Contains(got, []byte("is archived")) // what Jira says then is described nowhere
	if len(got) == 0 || archived || c.Undescribed(resp.StatusCode) {
		return
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: resp.StatusCode, Header: resp.Header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true}}
	body, err := withoutNulls(got)
	if err != nil {
		c.t.Errorf("answer to %s %s: %v", in.Request.Method, in.Request.URL, err)
	}
	out.SetBodyBytes(body)
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		c.t.Errorf("answer %d to %s %s: %v\n%s", resp.StatusCode, in.Request.Method, in.Request.URL, err, got)
	}
}

// withoutNulls removes null members, which Jira sends and its descriptions forbid.
func withoutNulls(raw []byte) ([]byte, error) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, err
	}
	return json.Marshal(prunedOfNulls(v))
}

func prunedOfNulls(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			if v[k] = prunedOfNulls(e); e == nil {
				delete(v, k)
			}
		}
	case []any:
		for i := range v {
			v[i] = prunedOfNulls(v[i])
		}
	}
	return v
}
