package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/rogpeppe/go-internal/txtar"

	"latchkey/app"
	"latchkey/sandbox/harness"
)

// specFolders is the folder with the vendors' API descriptions, where there is one.
func specFolders() []string {
	for _, dir := range []string{os.Getenv("LATCHKEY_SPECS"), filepath.Join("..", "..", "shared", "specs")} {
		if _, err := os.Stat(filepath.Join(dir, "jsm-cloud.openapi.json")); dir != "" && err == nil {
			return []string{dir}
		}
	}
	return nil
}

// TestJiraExchangesFitTheVendorsDescription plays the stories about Jira with a
// checker between bot and site: what the bot sends and what it is answered has to
// be what Atlassian describes. It is there where the descriptions are.
func TestJiraExchangesFitTheVendorsDescription(t *testing.T) {
	for _, dir := range specFolders() {
		next := &http.Transport{}
		c := &specChecker{t: t, next: next, uses: map[string]int{}}
		for _, name := range []string{"jira-platform-v3.openapi.json", "jsm-cloud.openapi.json"} {
			c.routers = append(c.routers, describedIn(t, filepath.Join(dir, name)))
		}
		stories, err := filepath.Glob("testdata/script/jira_*.txtar")
		if err != nil || len(stories) == 0 {
			t.Fatalf("no stories about Jira: %v", err)
		}
		for _, story := range stories {
			t.Run(strings.TrimSuffix(filepath.Base(story), ".txtar"), func(t *testing.T) { c.play(t, story) })
		}
		next.CloseIdleConnections()
		for _, use := range slices.Sorted(maps.Keys(c.uses)) {
			t.Logf("%6d %s", c.uses[use], use)
		}
		for _, needed := range []string{
			"POST /rest/servicedeskapi/request", "POST /rest/servicedeskapi/request/{issueIdOrKey}/approval/{approvalId}",
			"POST /rest/api/3/issue/{issueIdOrKey}/transitions", "POST /rest/api/3/issue/{issueIdOrKey}/comment", "PUT /rest/api/3/issue/{issueIdOrKey}",
			"POST /rest/api/3/search/jql", "POST /rest/api/3/issue/bulkfetch", "POST /rest/api/3/changelog/bulkfetch",
		} {
			if c.uses[needed] == 0 {
				t.Errorf("no story made the call %s", needed)
			}
		}
	}
}

// play tells one story with the checker between bot and site.
func (c *specChecker) play(t *testing.T, file string) {
	story, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tell := &company{dir: t.TempDir(), log: io.Discard}
	if err := unpack(story, tell.dir); err != nil {
		t.Fatal(err)
	}
	if tell.path, err = storyConfig(tell.dir); err != nil {
		t.Fatal(err)
	}
	config, err := loadConfig(tell.path)
	if err != nil {
		t.Fatal(err)
	}
	world, err := app.StartWorld(config, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	site, err := url.Parse(world.Addresses().Jira)
	if err != nil {
		t.Fatal(err)
	}
	between := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(site); r.Out.Host = r.In.Host },
		Transport: c, ErrorLog: log.New(io.Discard, "", 0),
	})
	tell.world, tell.tell, tell.jira = world, &harness.Harness{World: world}, between.URL
	tell.configure(config)
	if err = prepare(tell.dir, tell.tell); err == nil {
		tell.boot()
		err = errors.Join(tell.lines(story), tell.stop())
	}
	err = errors.Join(err, tell.end())
	between.Close()
	if err != nil {
		t.Fatal(err)
	}
}

// unpack writes a story's files into a folder.
func unpack(story *txtar.Archive, dir string) error {
	for _, f := range story.Files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// lines acts out a story that uses nothing but the harness's words and bot.
func (c *company) lines(story *txtar.Archive) error {
	text := os.Expand(string(story.Comment), func(name string) string {
		for _, known := range surroundings(c) {
			if value, ok := strings.CutPrefix(known, name+"="); ok {
				return value
			}
		}
		return "$" + name
	})
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		words, err := harness.Line(line)
		if err != nil {
			return err
		}
		if words[0] == "bot" {
			err = c.reconfigure(words[2:])
		} else {
			_, err = c.tell.Do(context.Background(), words...)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", line, err)
		}
	}
	return nil
}

func (c *company) reconfigure(words []string) error {
	err := c.stop()
	c.stop = func() error { return nil }
	if err = errors.Join(err, c.set(words)); err == nil {
		c.boot()
	}
	return err
}

// specChecker passes calls on to the site and holds each of them against the
// vendor's descriptions.
type specChecker struct {
	t       *testing.T
	next    http.RoundTripper
	routers []routers.Router

	mu   sync.Mutex
	uses map[string]int // by method and path template
}

func (c *specChecker) RoundTrip(req *http.Request) (*http.Response, error) {
	var sent []byte
	if req.Body != nil {
		var err error
		if sent, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		req.Body = io.NopCloser(bytes.NewReader(sent))
	}
	resp, err := c.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	err = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(got))
	c.check(req, sent, resp, got)
	return resp, err
}

func (c *specChecker) check(req *http.Request, sent []byte, resp *http.Response, got []byte) {
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
			Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}}
		if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
			c.t.Errorf("request %s %s: %v\n%s", req.Method, req.URL, err, sent)
		}
		c.checkAnswer(in, resp, got)
		return
	}
	c.t.Errorf("%s %s is in no description", req.Method, req.URL)
}

// checkAnswer leaves out what the descriptions are known not to describe: empty
// bodies where they promise one, and trouble, which may come as any status.
func (c *specChecker) checkAnswer(in *openapi3filter.RequestValidationInput, resp *http.Response, got []byte) {
	if len(got) == 0 || resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests {
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

// describedIn reads a description without its servers and security, and without
// formats of dates: Jira's are not those of RFC 3339.
func describedIn(t *testing.T, file string) routers.Router {
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
