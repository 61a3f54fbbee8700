// Package spectest checks what goes between a client and the emulated Google against
// Google's own descriptions of its APIs: discovery documents, which say for each method
// its path, its parameters, who may call it and the shape of what is sent and answered.
package spectest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// document is a discovery document, as far as it is checked.
type document struct {
	Schemas    map[string]*schema
	Resources  map[string]resource
	Parameters map[string]*schema // of every method
}

type resource struct {
	Methods   map[string]*method
	Resources map[string]resource
}

type method struct {
	ID         string `json:"id"`
	HTTPMethod string `json:"httpMethod"`
	Path       string
	FlatPath   string `json:"flatPath"` // where Path has a hole for several segments
	Parameters map[string]*schema
	Request    *schema
	Response   *schema
	pattern    *regexp.Regexp
}

type schema struct {
	Ref                   string `json:"$ref"`
	Type, Format, Pattern string
	Enum                  []string
	Required              bool
	Repeated              bool
	Location              string
	Minimum, Maximum      string
	Properties            map[string]*schema
	AdditionalProperties  *schema
	Items                 *schema
}

// Checker is a transport that checks each exchange. It is safe for concurrent use.
type Checker struct {
	t    testing.TB
	next http.RoundTripper
	docs []*document

	mu   sync.Mutex
	uses map[string]int
}

// described are the documents by the beginning of their names.
func described() []string {
	return []string{"google-admin-directory_v1-", "google-admin-reports_v1-", "google-cloudidentity_v1-"}
}

// Description is what Google's documents say. It can be used by many checkers at the same time.
type Description struct{ docs []*document }

// Read reads the descriptions in the folder that LATCHKEY_SPECS names; nothing where it names none.
func Read() (*Description, error) {
	dir := os.Getenv("LATCHKEY_SPECS")
	if dir == "" {
		return nil, nil
	}
	all := &Description{}
	for _, name := range described() {
		found, err := filepath.Glob(filepath.Join(dir, name+"*.json"))
		if err != nil || len(found) == 0 {
			return nil, errors.Join(fmt.Errorf("there is no %s*.json in %s", name, dir), err)
		}
		raw, err := os.ReadFile(found[len(found)-1])
		if err != nil {
			return nil, err
		}
		d := &document{}
		if err := json.Unmarshal(raw, d); err != nil {
			return nil, fmt.Errorf("%s: %w", found[0], err)
		}
		d.prepare(d.Resources)
		all.docs = append(all.docs, d)
	}
	return all, nil
}

// Checking is next with a check of each exchange; next itself where there is no description.
func (d *Description) Checking(t testing.TB, next http.RoundTripper) http.RoundTripper {
	if d == nil {
		return next
	}
	return &Checker{t: t, next: next, docs: d.docs, uses: map[string]int{}}
}

// prepare makes a pattern of each method's path.
func (d *document) prepare(all map[string]resource) {
	hole := regexp.MustCompile(`\\\{[a-zA-Z]+\\\}`)
	for _, r := range all {
		for _, m := range r.Methods {
			m.pattern = regexp.MustCompile("^/" + hole.ReplaceAllString(regexp.QuoteMeta(cmp.Or(m.FlatPath, m.Path)), "[^/:]+") + "$")
		}
		d.prepare(r.Resources)
	}
}

// Uses counts the exchanges that were checked, by the method's id.
func (c *Checker) Uses() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string]int{}
	for id, n := range c.uses {
		out[id] = n
	}
	return out
}

// CloseIdleConnections lets http.Client.CloseIdleConnections through.
func (c *Checker) CloseIdleConnections() {
	if inner, able := c.next.(interface{ CloseIdleConnections() }); able {
		inner.CloseIdleConnections()
	}
}

// RoundTrip implements http.RoundTripper.
func (c *Checker) RoundTrip(req *http.Request) (*http.Response, error) {
	var sent []byte
	if req.Body != nil {
		var err error
		if sent, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		_ = req.Body.Close() // it was read
		req = req.Clone(req.Context())
		req.Body = io.NopCloser(bytes.NewReader(sent))
	}
	resp, err := c.next.RoundTrip(req)
	if err != nil {
		return resp, err
	}
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close() // it was read
	resp.Body = io.NopCloser(bytes.NewReader(got))
	if !outside(req.URL) {
		c.check(req, sent, resp, got)
	}
	return resp, nil
}

// outside tells what no discovery document here describes: OAuth and signJwt.
func outside(u *url.URL) bool {
	return u.Path == "/token" || strings.HasPrefix(u.Path, "/v1/projects/")
}

func (c *Checker) check(req *http.Request, sent []byte, resp *http.Response, got []byte) {
	complain := func(format string, args ...any) {
		c.t.Errorf("%s %s: %s", req.Method, req.URL.RequestURI(), fmt.Sprintf(format, args...))
	}
	d, m := c.method(req)
	if m == nil {
		complain("no method is described for it")
		return
	}
	c.mu.Lock()
	c.uses[m.ID]++
	c.mu.Unlock()
	d.parameters(req, m, complain)
	switch {
	case m.Request != nil:
		d.body("sent", m.Request, sent, complain)
	case len(sent) > 0:
		complain("a body was sent that is not described")
	}
	if !strings.Contains(resp.Header.Get("Content-Type"), "json") {
		if m.Response != nil && resp.StatusCode == http.StatusOK && !strings.Contains(resp.Header.Get("Content-Type"), "html") {
			complain("an answer without JSON")
		}
		return
	}
	switch {
	case resp.StatusCode >= http.StatusBadRequest:
		refusal(resp, got, complain)
	case m.Response != nil:
		d.body("answered", m.Response, got, complain)
	case len(got) > 0:
		complain("a body was answered that is not described: %s", got)
	}
}

func (c *Checker) method(req *http.Request) (*document, *method) {
	for _, d := range c.docs {
		if m := find(d.Resources, req); m != nil {
			return d, m
		}
	}
	return nil, nil
}

func find(all map[string]resource, req *http.Request) *method {
	for _, r := range all {
		for _, m := range r.Methods {
			if m.HTTPMethod == req.Method && m.pattern.MatchString(req.URL.EscapedPath()) {
				return m
			}
		}
		if m := find(r.Resources, req); m != nil {
			return m
		}
	}
	return nil
}

// parameters checks what stands in the query.
func (d *document) parameters(req *http.Request, m *method, complain func(string, ...any)) {
	q := req.URL.Query()
	for name, p := range m.Parameters {
		if p.Required && p.Location == "query" && !q.Has(name) {
			complain("the parameter %s is missing", name)
		}
	}
	for name, values := range q {
		p := m.Parameters[name]
		if p == nil {
			p = d.Parameters[name]
		}
		if p == nil || p.Location != "query" {
			complain("the parameter %s is not described", name)
			continue
		}
		if len(values) > 1 && !p.Repeated {
			complain("the parameter %s is given more than once", name)
		}
		for _, v := range values {
			if problem := p.text(v); problem != "" {
				complain("the parameter %s: %s", name, problem)
			}
		}
	}
}

// text checks a value that is written as text.
func (s *schema) text(v string) string {
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
		return fmt.Sprintf("%q is none of %q", v, s.Enum)
	}
	if s.Pattern != "" {
		if fits, err := regexp.MatchString("^(?:"+s.Pattern+")$", v); err == nil && !fits {
			return fmt.Sprintf("%q doesn't fit %s", v, s.Pattern)
		}
	}
	var err error
	switch s.Type {
	case "integer":
		err = s.within(v)
	case "boolean":
		_, err = strconv.ParseBool(v)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func (s *schema) within(v string) error {
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return err
	}
	if low, bad := strconv.ParseInt(s.Minimum, 10, 64); bad == nil && n < low {
		return fmt.Errorf("%d is less than %d", n, low)
	}
	if high, bad := strconv.ParseInt(s.Maximum, 10, 64); bad == nil && n > high {
		return fmt.Errorf("%d is more than %d", n, high)
	}
	return nil
}

func (d *document) body(what string, s *schema, raw []byte, complain func(string, ...any)) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		complain("what was %s is no JSON: %v", what, err)
		return
	}
	d.value(what, s, v, complain)
}

// value checks a value and what is in it.
func (d *document) value(at string, s *schema, v any, complain func(string, ...any)) {
	if s.Ref != "" {
		if s = d.Schemas[s.Ref]; s == nil {
			complain("%s: its shape is not described", at)
			return
		}
	}
	switch s.Type {
	case "object":
		d.fields(at, s, v, complain)
	case "array":
		list, is := v.([]any)
		if !is || len(list) == 0 {
			complain("%s: %v is no list with anything in it; Google leaves an empty one out", at, v)
		}
		for i, one := range list {
			d.value(fmt.Sprintf("%s[%d]", at, i), s.Items, one, complain)
		}
	default:
		if problem := s.single(v); problem != "" {
			complain("%s: %s", at, problem)
		}
	}
}

func (d *document) fields(at string, s *schema, v any, complain func(string, ...any)) {
	fields, is := v.(map[string]any)
	if !is {
		complain("%s: %v is no object", at, v)
		return
	}
	for name, one := range fields {
		switch inner := s.Properties[name]; {
		case inner != nil:
			d.value(at+"."+name, inner, one, complain)
		case s.AdditionalProperties != nil:
			d.value(at+"."+name, s.AdditionalProperties, one, complain)
		default:
			complain("%s.%s is not described", at, name)
		}
	}
}

// single checks a value that holds no others. Whole numbers of 64 bits are written as text.
func (s *schema) single(v any) string {
	text, isText := v.(string)
	_, isTruth := v.(bool)
	number, isNumber := v.(float64)
	var err error
	switch {
	case s.Type == "any":
	case s.Type == "string" && !isText, s.Type == "boolean" && !isTruth, (s.Type == "integer" || s.Type == "number") && !isNumber:
		return fmt.Sprintf("%v is no %s", v, s.Type)
	case s.Format == "int64" || s.Format == "uint64":
		_, err = strconv.ParseInt(text, 10, 64)
	case s.Format == "date-time" || s.Format == "google-datetime":
		_, err = time.Parse(time.RFC3339, text)
	case s.Type == "integer" && number != float64(int64(number)):
		return fmt.Sprintf("%v is no whole number", v)
	case isText && len(s.Enum) > 0 && !slices.Contains(s.Enum, text):
		return fmt.Sprintf("%q is none of %q", text, s.Enum)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// refusal checks the shape of an error, which the documents leave out (google.rpc.Status, and the Admin SDK's errors[]).
func refusal(resp *http.Response, got []byte, complain func(string, ...any)) {
	var said struct {
		Error struct {
			Code            int
			Message, Status string
			Errors          []struct{ Domain, Reason, Message string }
		}
	}
	if err := json.Unmarshal(got, &said); err != nil || said.Error.Code != resp.StatusCode || said.Error.Message == "" || said.Error.Status == "" && len(said.Error.Errors) == 0 {
		complain("an error that is not Google's: %s (%v)", got, err)
	}
}
