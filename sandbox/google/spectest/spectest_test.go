package spectest_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/sandbox/google/spectest"
)

const description = `{"parameters": {"alt": {"type": "string", "location": "query", "enum": ["json"]}},
"schemas": {
	"Thing": {"type": "object", "properties": {"id": {"type": "string", "format": "int64"}, "at": {"type": "string", "format": "date-time"}, "on": {"type": "boolean"}, "n": {"type": "integer"},
		"kind": {"type": "string", "enum": ["A"]}, "any": {"type": "any"}, "parts": {"type": "array", "items": {"$ref": "Thing"}}, "labels": {"type": "object", "additionalProperties": {"type": "string"}}, "lost": {"$ref": "None"}}}},
"resources": {"things": {"methods": {
	"get": {"id": "things.get", "httpMethod": "GET", "path": "v1/{+name}", "flatPath": "v1/things/{thingsId}", "parameters": {"name": {"location": "path", "required": true}, "of": {"type": "string", "location": "query", "required": true, "pattern": "C.+"}, "most": {"type": "integer", "location": "query", "minimum": "1", "maximum": "5"}, "all": {"type": "boolean", "location": "query"}}, "response": {"$ref": "Thing"}},
	"add": {"id": "things.add", "httpMethod": "POST", "path": "v1/things", "request": {"$ref": "Thing"}}}}}}`

// told counts complaints.
type told struct {
	testing.TB
	n int
}

func (t *told) Errorf(string, ...any) { t.n++ }
func (t *told) Helper()               {}

// answers is a server that says the same to everybody.
type answers struct {
	status     int
	kind, body string
}

func (a answers) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{"Content-Type": {a.kind}}, Body: io.NopCloser(strings.NewReader(a.body)), Request: req}, nil
}

func folder(t *testing.T) string {
	dir := t.TempDir()
	for i, name := range []string{"google-admin-directory_v1-a", "google-admin-reports_v1-a", "google-cloudidentity_v1-a"} {
		text := map[bool]string{true: description, false: "{}"}[i == 0]
		if err := os.WriteFile(filepath.Join(dir, name+".json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestWhatDoesNotFitIsTold(t *testing.T) {
	t.Setenv("LATCHKEY_SPECS", folder(t))
	described, err := spectest.Read()
	if err != nil {
		t.Fatal(err)
	}
	good := answers{200, "application/json", `{}`}
	for _, c := range []struct {
		method, path, body string
		answer             answers
		want               int
	}{
		{"GET", "/v1/things/1?of=C1&alt=json", "", good, 0},
		{"GET", "/v1/things/1?of=C1&most=5&all=true", "", answers{200, "application/json", `{"id":"1","at":"2026-01-01T00:00:00Z","on":true,"n":1,"kind":"A","any":[1],"parts":[{"id":"2"}],"labels":{"x":""}}`}, 0},
		{"GET", "/v1/others/1?of=C1", "", good, 1},
		{"GET", "/v1/things/1", "", good, 1},
		{"GET", "/v1/things/1?of=D1", "", good, 1},
		{"GET", "/v1/things/1?of=C1&of=C2", "", good, 1},
		{"GET", "/v1/things/1?of=C1&most=6", "", good, 1},
		{"GET", "/v1/things/1?of=C1&most=0", "", good, 1},
		{"GET", "/v1/things/1?of=C1&most=x&all=maybe&alt=xml&odd=1", "", good, 4},
		{"GET", "/v1/things/1?of=C1", "x", good, 1},
		{"GET", "/v1/things/1?of=C1", "", answers{200, "application/json", `{"id":1,"at":"x","on":"y","n":1.5,"kind":"B","parts":[],"labels":[],"lost":{},"odd":1}`}, 9},
		{"GET", "/v1/things/1?of=C1", "", answers{200, "application/json", `{"id":"x","parts":[{"odd":1}]}`}, 2},
		{"GET", "/v1/things/1?of=C1", "", answers{200, "application/json", `[`}, 1},
		{"GET", "/v1/things/1?of=C1", "", answers{200, "", ``}, 1},
		{"GET", "/v1/things/1?of=C1", "", answers{200, "text/html", `<p>`}, 0},
		{"GET", "/v1/things/1?of=C1", "", answers{404, "application/json", `{"error":{"code":404,"message":"no","errors":[{"reason":"notFound"}]}}`}, 0},
		{"GET", "/v1/things/1?of=C1", "", answers{404, "application/json", `{"error":{"code":400,"message":"no"}}`}, 1},
		{"POST", "/v1/things", `{"id":"1"}`, answers{204, "", ""}, 0},
		{"POST", "/v1/things", `{"odd":"1"}`, answers{200, "application/json", "{}"}, 2},
		{"POST", "/token", `x`, answers{200, "application/json", "[]"}, 0},
	} {
		to := &told{TB: t}
		checker, checks := described.Checking(to, c.answer).(*spectest.Checker)
		if !checks {
			t.Fatal("it doesn't check")
		}
		var body io.Reader
		if c.body != "" {
			body = strings.NewReader(c.body)
		}
		req, err := http.NewRequest(c.method, "http://x"+c.path, body)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := checker.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(resp.Body); err != nil || string(got) != c.answer.body {
			t.Errorf("%s was changed to %s (%v)", c.answer.body, got, err)
		}
		if to.n != c.want {
			t.Errorf("%s %s %s, %+v: %d complaints, want %d", c.method, c.path, c.body, c.answer, to.n, c.want)
		}
		if uses := fmt.Sprint(checker.Uses()); c.want == 0 && c.path != "/token" && uses == "map[]" {
			t.Errorf("%s is not counted", c.path)
		}
		checker.CloseIdleConnections()
	}
}

func TestCheckingIsWhereTheDescriptionsAre(t *testing.T) {
	t.Setenv("LATCHKEY_SPECS", "")
	described, err := spectest.Read()
	if _, plain := described.Checking(t, answers{}).(answers); err != nil || !plain {
		t.Errorf("it checks against nothing (%v)", err)
	}
	t.Setenv("LATCHKEY_SPECS", t.TempDir())
	if _, err := spectest.Read(); err == nil {
		t.Error("a folder without descriptions is one")
	}
}
