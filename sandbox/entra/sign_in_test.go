package entra

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// posted is what a form is answered.
func posted(t *testing.T, s *Server, path string, form url.Values) (status int, said map[string]any) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	_ = json.Unmarshal(w.Body.Bytes(), &said) // a page isn't
	return w.Code, said
}

// TestSignInsAreRefusedAsMicrosoftDoes: by the codes that it gives.
func TestSignInsAreRefusedAsMicrosoftDoes(t *testing.T) {
	s := New(Config{RedirectURIs: []string{"https://x.com/back"}})
	defer s.Close()
	tenant := "/" + DemoTenant + "/oauth2/v2.0/"
	begin := url.Values{"client_id": {DemoSignInClient}, "scope": {"openid profile"}}
	refused := func(what, path string, form url.Values, kind string) {
		t.Helper()
		if status, said := posted(t, s, path, form); status < 400 || said["error"] != kind {
			t.Errorf("%s: %d %v", what, status, said)
		}
	}
	refused("another app", tenant+"devicecode", url.Values{"client_id": {DemoClient}, "scope": {"openid"}}, "unauthorized_client")
	refused("another tenant", "/other.example/oauth2/v2.0/devicecode", begin, "invalid_request")
	refused("with a secret", tenant+"devicecode", url.Values{"client_id": {DemoSignInClient}, "scope": {"openid"}, "client_secret": {"x"}}, "invalid_client")
	if status, _ := posted(t, s, tenant+"devicecode", url.Values{"client_id": {DemoSignInClient}}); status != http.StatusNotImplemented {
		t.Errorf("without openid: %d", status)
	}
	_, said := posted(t, s, tenant+"devicecode", begin)
	device, _ := said["device_code"].(string)
	code, _ := said["user_code"].(string)
	ask := url.Values{"client_id": {DemoSignInClient}, "grant_type": {deviceGrant}, "device_code": {device}}
	refused("nobody yet", tenant+"token", ask, "authorization_pending")
	refused("no such code", tenant+"token", url.Values{"client_id": {DemoSignInClient}, "grant_type": {deviceGrant}, "device_code": {"x"}}, "bad_verification_code")
	if s.Activate("NOSUCHONE", "u", true) == nil || s.Activate(code, "", false) != nil {
		t.Error("a code is typed in as it was shown")
	}
	refused("they said no", tenant+"token", ask, "authorization_declined")
	refused("no such answer", tenant+"token", url.Values{"client_id": {DemoSignInClient}, "grant_type": {"authorization_code"}, "code": {"x"}}, "invalid_grant")
	s.SetSignInPolicy(SignInPolicy{Private: true})
	refused("no public client", tenant+"devicecode", begin, "invalid_client")
}

// TestABrowserIsSentNowhereElse: what isn't registered gets a page, and what isn't modelled is refused.
func TestABrowserIsSentNowhereElse(t *testing.T) {
	s := New(Config{RedirectURIs: []string{"https://x.com/back"}})
	defer s.Close()
	good := url.Values{
		"client_id": {DemoSignInClient}, "redirect_uri": {"https://x.com/back"}, "response_type": {"code"}, "scope": {"openid profile"}, "state": {"s"}, "nonce": {"n"},
		"code_challenge": {"c"}, "code_challenge_method": {"S256"}, "prompt": {"login"}, "max_age": {"300"},
	}
	for name, c := range map[string]struct {
		key, value string
		status     int
	}{"as it is": {"state", "s", 200}, "another page": {"redirect_uri", "https://evil.example", 400}, "another app": {"client_id", "x", 400}, "without PKCE": {"code_challenge", "", 501}, "silently": {"prompt", "none", 501}} {
		q := url.Values{}
		for key, value := range good {
			q[key] = value
		}
		q.Set(c.key, c.value)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/"+DemoTenant+"/oauth2/v2.0/authorize?"+q.Encode(), http.NoBody))
		if w.Code != c.status || w.Header().Get("Location") != "" {
			t.Errorf("%s: %d, sent to %q", name, w.Code, w.Header().Get("Location"))
		}
	}
	if status, _ := posted(t, s, loginPath, url.Values{"transaction": {"x"}, "username": {"maya@acme.example"}}); status != http.StatusBadRequest {
		t.Errorf("a page that nobody was shown: %d", status)
	}
}
