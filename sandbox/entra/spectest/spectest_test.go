package spectest_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/sandbox/entra/spectest"
)

// small is a description of two lists, one of them cast, with the faults that Microsoft's has.
const small = `{"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {
  "/users": {"get": {"parameters": [{"$ref": "#/components/parameters/of"}], "responses": {"2XX": {"$ref": "#/components/responses/list"}}}},
  "/groups": {"get": {"parameters": [{"name": "$select", "in": "query", "style": "form", "explode": false, "schema": {"type": "array", "items": {"type": "string", "enum": ["isAssignableToRole"]}}}], "responses": {"2XX": {"$ref": "#/components/responses/list"}}}},
  "/groups/{group-id}/members/microsoft.graph.user": {"get": {"parameters": [{"name": "group-id", "in": "path", "required": true, "schema": {"type": "string"}},
    {"name": "$select", "in": "query", "style": "form", "explode": false, "schema": {"type": "array", "items": {"type": "string", "enum": ["deletedDateTime"]}}}], "responses": {"2XX": {"$ref": "#/components/responses/list"}}}}},
 "components": {
  "parameters": {"of": {"name": "$select", "in": "query", "style": "form", "explode": false, "schema": {"type": "array", "items": {"type": "string", "enum": ["id", "mail"]}}}},
  "responses": {"list": {"description": "d", "content": {"application/json": {"schema": {"type": "object", "properties": {"value": {"type": "array", "items": {"type": "object"}}}, "additionalProperties": {"type": "object"}}}}}},
  "schemas": {"microsoft.graph.user": {"type": "object", "properties": {"id": {"type": "string"}}, "additionalProperties": {"type": "object"}}}}}`

// told is a test that keeps what it is told.
type told struct {
	testing.TB
	said []string
}

func (t *told) Errorf(format string, args ...any) {
	t.said = append(t.said, fmt.Sprintf(format, args...))
}

// answering answers every call alike.
type answering struct {
	status int
	body   string
}

func (a answering) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{"Content-Type": {"application/json;odata.metadata=minimal"}}, Body: io.NopCloser(strings.NewReader(a.body))}, nil
}

func TestWhatIsNotAsDescribedIsTold(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, spectest.File), []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := spectest.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := spectest.Read(t.TempDir()); err == nil {
		t.Error("a description that isn't there is read")
	}
	const good = `{"@odata.context": "x", "value": [{"@odata.type": "#microsoft.graph.user", "id": "1", "mail": "m"}]}`
	for name, c := range map[string]struct {
		path   string
		answer answering
		faults int
	}{
		"a list":                    {"/v1.0/users?$select=id,mail", answering{200, good}, 0},
		"a page of one":             {"/v1.0/users?$skiptoken=x", answering{200, good}, 0},
		"a property":                {"/v1.0/users?$select=theme", answering{200, good}, 1},
		"the newest of groups":      {"/v1.0/groups?$select=isManagementRestricted", answering{200, good}, 0},
		"a cast":                    {"/v1.0/groups/1/members/microsoft.graph.user?$select=mail", answering{200, good}, 0},
		"a value of another kind":   {"/v1.0/users", answering{200, `{"value": "x"}`}, 1},
		"one within a list":         {"/v1.0/users", answering{200, `{"value": [{"@odata.type": "#microsoft.graph.user", "id": 1}]}`}, 1},
		"a status":                  {"/v1.0/users", answering{404, `{}`}, 1},
		"a call":                    {"/v1.0/unheard", answering{200, good}, 1},
		"one that is refused":       {"/v1.0/unheard", answering{501, `{}`}, 0},
		"one beside the cut":        {"/v1.0/users/1/revokeSignInSessions", answering{200, `{"value": true}`}, 0},
		"the token endpoint":        {"/t/oauth2/v2.0/token", answering{200, `{}`}, 0},
		"nothing, where it is told": {"/v1.0/users", answering{204, ""}, 0},
	} {
		heard := &told{TB: t}
		checker := spectest.New(heard, d, c.answer)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://graph.microsoft.com"+c.path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := checker.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if len(heard.said) != c.faults {
			t.Errorf("%s: %q", name, heard.said)
		}
		if used := checker.Uses()["GET /users"]; (used == 1) != strings.HasPrefix(c.path, "/v1.0/users?") && c.path != "/v1.0/users" {
			t.Errorf("%s: counted %d", name, used)
		}
	}
}
