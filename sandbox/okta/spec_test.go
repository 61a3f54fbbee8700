package okta_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"latchkey/sandbox/okta"
)

// described reads Okta's own description of its management API, if LATCHKEY_SPECS names the folder where it is; nil
// if it names none.
func described(t *testing.T) routers.Router {
	t.Helper()
	dir := os.Getenv("LATCHKEY_SPECS")
	if dir == "" {
		return nil
	}
	found, err := filepath.Glob(filepath.Join(dir, "okta-management-*.json"))
	if err != nil || len(found) == 0 {
		t.Fatalf("LATCHKEY_SPECS names %s, where Okta's description is not (%v)", dir, err)
	}
	doc, err := openapi3.NewLoader().LoadFromFile(found[0])
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

// TestApplicationsFitOktasDescription: what an import reads is as Okta describes it.
func TestApplicationsFitOktasDescription(t *testing.T) {
	spec := described(t)
	s := okta.New(okta.Config{FullShare: true})
	defer s.Close()
	s.AddGroup(okta.Group{Name: "editors", Description: "May edit"})
	for _, login := range []string{"maya@x.com", "noor@x.com"} {
		s.AddUser(okta.User{Login: login})
	}
	s.SetMember("editors", "maya@x.com", true)
	app := s.AddApp(okta.App{Name: "figma", Label: "Figma", Groups: []string{"editors"}, People: []string{"noor@x.com"}, Roles: map[string]string{"editors": "Editor"}})
	base := "/api/v1/apps"
	for _, path := range []string{base + "?limit=200", base + "/" + app.ID, base + "/" + app.ID + "/groups?limit=200", base + "/" + app.ID + "/users?limit=200",
		base + "/none/groups", base + "/none/users", "/api/v1/groups?expand=stats&limit=200"} {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		req.Header.Set("Authorization", "SSWS "+okta.DemoToken)
		answer := httptest.NewRecorder()
		s.Handler().ServeHTTP(answer, req)
		fits(t, spec, req, answer)
	}
}

func fits(t *testing.T, spec routers.Router, req *http.Request, answer *httptest.ResponseRecorder) {
	t.Helper()
	if answer.Code != http.StatusOK && answer.Code != http.StatusNotFound || !json.Valid(answer.Body.Bytes()) {
		t.Errorf("%d to %s: %s", answer.Code, req.URL, answer.Body.String())
	}
	if spec == nil {
		return
	}
	route, vars, err := spec.FindRoute(req)
	if err != nil {
		t.Errorf("%s: %v", req.URL, err)
		return
	}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: vars, Route: route, Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}}
	if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
		t.Errorf("request %s: %v", req.URL, err)
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: answer.Code, Header: answer.Header(), Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true}}
	out.SetBodyBytes(answer.Body.Bytes())
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		t.Errorf("answer %d to %s: %v\n%s", answer.Code, req.URL, err, answer.Body.String())
	}
}
