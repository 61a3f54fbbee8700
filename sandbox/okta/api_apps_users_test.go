package okta_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"latchkey/sandbox/okta"
)

// TestAnApplicationsAccountsSayHowTheyGotIn: each once, in person or by a group, and page by page.
func TestAnApplicationsAccountsSayHowTheyGotIn(t *testing.T) {
	s := okta.New(okta.Config{FullShare: true})
	defer s.Close()
	s.AddGroup(okta.Group{Name: "editors"})
	for _, login := range []string{"maya@x.com", "noor@x.com", "tom@x.com"} {
		s.AddUser(okta.User{Login: login})
		s.SetMember("editors", login, login != "tom@x.com")
	}
	app := s.AddApp(okta.App{Label: "Figma", Groups: []string{"editors", "no such group"}, People: []string{"tom@x.com", "noor@x.com", "nobody@x.com"}})
	type user struct {
		Scope       string
		Credentials struct{ UserName string }
		Links       struct{ Group struct{ Name string } } `json:"_links"`
	}
	var got []user
	for _, path := range []string{"/api/v1/apps/" + app.ID + "/users?limit=2"} {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		req.Header.Set("Authorization", "SSWS "+okta.DemoToken)
		answer := httptest.NewRecorder()
		s.Handler().ServeHTTP(answer, req)
		if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil || len(answer.Header().Values("Link")) != 2 {
			t.Fatalf("%v, links %v", err, answer.Header().Values("Link"))
		}
	}
	if len(got) != 2 || got[0].Credentials.UserName != "maya@x.com" || got[0].Scope != "GROUP" || got[0].Links.Group.Name != "editors" || got[1].Scope != "USER" || got[1].Links.Group.Name != "" {
		t.Errorf("accounts: %+v", got)
	}
}
