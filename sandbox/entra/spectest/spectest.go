// Package spectest holds exchanges with Microsoft Graph against Microsoft's own description of it, where that is at hand:
// those of the emulated tenant, and those of whoever calls it.
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
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"latchkey/sandbox/traffic"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// File is the description, in the folder that a checker is made with.
const File = "msgraph-v1.0-cut-topped-up.json"

// Checker passes calls on and reports every request and answer that is not as described.
type Checker struct {
	t       testing.TB
	next    http.RoundTripper
	router  routers.Router
	schemas openapi3.Schemas

	mu   sync.Mutex
	uses map[string]int
}

// Description is the vendor's. It takes a while to read, and serves many checkers.
type Description struct {
	router  routers.Router
	schemas openapi3.Schemas
}

// Read reads the description in a folder, without its servers and security. It says of whatever an object has besides
// that it is an object, which its own annotations are not.
func Read(dir string) (*Description, error) {
	raw, err := os.ReadFile(filepath.Join(dir, File))
	if err != nil {
		return nil, err
	}
	open := regexp.MustCompile(`"additionalProperties":\s*\{\s*"type":\s*"object"\s*\}`)
	raw = open.ReplaceAll(raw, []byte(`"additionalProperties": true`))
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		return nil, err
	}
	doc.Servers, doc.Security = nil, nil
	completed(doc)
	router, err := gorillamux.NewRouter(doc)
	return &Description{router, doc.Components.Schemas}, err
}

// completed mends what the description says of $select. A list that is cast to users is listed with what can be asked of
// its members as if they were objects of any sort; Microsoft's reference ("List group members") asks for a user's
// properties there. And the newest property of groups is described, but not yet among those that can be asked for.
func completed(doc *openapi3.T) {
	users := selectable(doc.Paths.Find("/users"))
	for name, path := range doc.Paths.Map() {
		may := selectable(path)
		switch {
		case may == nil:
		case strings.HasSuffix(name, "/microsoft.graph.user") && users != nil:
			*may = slices.Clone(*users)
		case slices.Contains(*may, any("isAssignableToRole")):
			*may = append(*may, "isManagementRestricted")
		}
	}
}

// selectable are the properties that a read may ask for; nil where it isn't told.
func selectable(path *openapi3.PathItem) *[]any {
	if path == nil || path.Get == nil {
		return nil
	}
	p := path.Get.Parameters.GetByInAndName("query", "$select")
	if p == nil || p.Schema == nil || p.Schema.Value.Items == nil {
		return nil
	}
	return &p.Schema.Value.Items.Value.Enum
}

// New makes a checker by a description.
func New(t testing.TB, d *Description, next http.RoundTripper) *Checker {
	return &Checker{t: t, next: next, router: d.router, schemas: d.schemas, uses: map[string]int{}}
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
	if strings.HasPrefix(req.URL.Path, "/v1.0/") && !strings.Contains(e.Response.Header.Get("Content-Type"), "html") {
		c.check(req, e.Sent, e.Response, e.Got)
	}
	return e.Response, nil
}

// besides are calls that the cut of the description at hand leaves out, and Microsoft's reference describes: user:
// delta and revokeSignInSessions, directoryObject: checkMemberGroups, a list of members that are groups, and
// servicePrincipal: list owners.
func besides(req *http.Request) bool {
	last := req.URL.Path[strings.LastIndexByte(req.URL.Path, '/')+1:]
	return last == "delta" || last == "revokeSignInSessions" || last == "checkMemberGroups" || strings.HasSuffix(req.URL.Path, "/members/microsoft.graph.group") || strings.HasSuffix(req.URL.Path, "/owners/microsoft.graph.user")
}

func (c *Checker) check(req *http.Request, sent []byte, resp *http.Response, got []byte) {
	if besides(req) {
		return
	}
	asked := req.Clone(context.Background())
	asked.URL.Path = strings.TrimPrefix(req.URL.Path, "/v1.0")
	asked.URL.RawPath = ""
	asked.Body = io.NopCloser(bytes.NewReader(sent))
	query := asked.URL.Query()
	query.Del("$skiptoken") // stands in links alone, which are followed as they are
	asked.URL.RawQuery = query.Encode()
	route, vars, err := c.router.FindRoute(asked)
	if err != nil && resp.StatusCode == http.StatusNotImplemented {
		return // refused, as what is not there has to be
	}
	if err != nil {
		c.t.Errorf("%s %s is in no description", req.Method, req.URL)
		return
	}
	c.mu.Lock()
	c.uses[req.Method+" "+route.Path]++
	c.mu.Unlock()
	in := &openapi3filter.RequestValidationInput{Request: asked, PathParams: vars, Route: route, Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}}
	if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
		c.t.Errorf("request %s %s: %v\n%s", req.Method, req.URL, err, sent)
	}
	c.checkAnswer(in, resp, got)
}

func (c *Checker) checkAnswer(in *openapi3filter.RequestValidationInput, resp *http.Response, got []byte) {
	if len(got) == 0 {
		return
	}
	head := resp.Header.Clone()
	head.Set("Content-Type", "application/json") // the description leaves the parameters out
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: resp.StatusCode, Header: head, Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	out.SetBodyBytes(got)
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		c.t.Errorf("answer %d to %s %s: %v\n%s", resp.StatusCode, in.Request.Method, in.Request.URL, err, got)
	}
	c.checkItems(in, got)
}

// checkItems holds what is in a list of all sorts of objects against the description of its own type, which it names.
func (c *Checker) checkItems(in *openapi3filter.RequestValidationInput, got []byte) {
	var body struct {
		Value []map[string]any `json:"value"`
	}
	if json.Unmarshal(got, &body) != nil {
		return // of one object, or a value
	}
	for _, item := range body.Value {
		kind, _ := item["@odata.type"].(string)
		schema := c.schemas[strings.TrimPrefix(kind, "#")]
		if kind == "" || schema == nil {
			continue
		}
		if err := schema.Value.VisitJSON(item, openapi3.MultiErrors()); err != nil {
			c.t.Errorf("in the answer to %s %s: %v", in.Request.Method, in.Request.URL, err)
		}
	}
}
