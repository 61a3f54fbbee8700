package okta

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"latchkey/sandbox/okta/world"
)

const comesBack = "https://latchkey.example/signed-in/okta"

// signInOrg is an org with one person and an app that may send browsers back to one page.
func signInOrg(t *testing.T) (*Server, *httptest.Server, *http.Client) {
	t.Helper()
	s := New(Config{RedirectURIs: []string{comesBack}})
	s.AddUser(world.User{Login: "noor@acme.example", Email: "noor@acme.example", Status: world.Active})
	s.AddUser(world.User{Login: "gone@acme.example", Email: "gone@acme.example", Status: world.Deprovisioned})
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(func() { srv.Close(); s.Close() })
	return s, srv, &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

const verifier = "0123456789012345678901234567890123456789012"

func asked(change func(url.Values)) url.Values {
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{"client_id": {DemoSignInClient}, "response_type": {"code"}, "scope": {"openid"}, "redirect_uri": {comesBack}, "state": {"s"}, "nonce": {"n"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}, "prompt": {"login"}, "acr_values": {"phr"}}
	if change != nil {
		change(q)
	}
	return q
}

func answerOf(t *testing.T, resp *http.Response, err error) (int, string, *url.URL) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	to, _ := resp.Location()
	return resp.StatusCode, string(text), to
}

// Nobody is sent to a page that the app did not name; everything else that is wrong is told to that page.
func TestWhatAnAppMayAskFor(t *testing.T) {
	_, srv, browser := signInOrg(t)
	set := func(key, value string) func(url.Values) { return func(q url.Values) { q.Set(key, value) } }
	for _, bad := range []func(url.Values){set("client_id", "other"), set("redirect_uri", comesBack+"/more"), set("redirect_uri", "https://evil.example"), set("redirect_uri", "")} {
		resp, err := browser.Get(srv.URL + "/oauth2/v1/authorize?" + asked(bad).Encode())
		if status, _, to := answerOf(t, resp, err); status != http.StatusBadRequest || to != nil {
			t.Errorf("answered %d, sent to %v", status, to)
		}
	}
	for want, bad := range map[string]func(url.Values){
		"unsupported_response_type": set("response_type", "token"), "invalid_scope": set("scope", "profile"), "login_required": set("prompt", "none"),
	} {
		resp, err := browser.Get(srv.URL + "/oauth2/v1/authorize?" + asked(bad).Encode())
		if _, _, to := answerOf(t, resp, err); to == nil || !strings.HasPrefix(to.String(), comesBack) || to.Query().Get("error") != want {
			t.Errorf("%s: sent to %v", want, to)
		}
	}
	for name, bad := range map[string]func(url.Values){
		"no state": set("state", ""), "no challenge": set("code_challenge", ""), "a plain challenge": set("code_challenge_method", "plain"), "an unknown level": set("acr_values", "sure"), "a parameter that isn't modelled": set("login_hint", "noor"),
	} {
		resp, err := browser.Get(srv.URL + "/oauth2/v1/authorize?" + asked(bad).Encode())
		if _, _, to := answerOf(t, resp, err); to == nil || to.Query().Get("error") != "invalid_request" {
			t.Errorf("%s: sent to %v", name, to)
		}
	}
}

// code has somebody sign in and gives the code with which their browser is sent back.
func code(t *testing.T, srv *httptest.Server, browser *http.Client, username string) (string, string) {
	t.Helper()
	resp, err := browser.Get(srv.URL + "/oauth2/v1/authorize?" + asked(nil).Encode())
	_, page, _ := answerOf(t, resp, err)
	transaction := regexp.MustCompile(`name="transaction" value="([^"]+)"`).FindStringSubmatch(page)
	if transaction == nil {
		t.Fatalf("no page to sign in on: %s", page)
	}
	resp, err = browser.PostForm(srv.URL+loginPath, url.Values{"transaction": {transaction[1]}, "username": {username}})
	_, page, to := answerOf(t, resp, err)
	if to == nil {
		return "", page
	}
	return to.Query().Get("code"), to.Query().Get("error")
}

func TestWhatACodeIsGoodFor(t *testing.T) {
	s, srv, browser := signInOrg(t)
	trade := func(c string, change func(url.Values)) (int, map[string]any) {
		form := url.Values{"grant_type": {"authorization_code"}, "client_id": {DemoSignInClient}, "code": {c}, "redirect_uri": {comesBack}, "code_verifier": {verifier}}
		if change != nil {
			change(form)
		}
		resp, err := browser.PostForm(srv.URL+"/oauth2/v1/token", form)
		status, text, _ := answerOf(t, resp, err)
		var out map[string]any
		if err := json.Unmarshal([]byte(text), &out); err != nil {
			t.Fatal(err)
		}
		return status, out
	}
	if c, page := code(t, srv, browser, "gone@acme.example"); c != "" || !strings.Contains(page, "Unable to sign in") {
		t.Errorf("who is gone signs in: %s %s", c, page)
	}
	if c, problem := code(t, srv, browser, ""); c != "" || problem != "access_denied" {
		t.Errorf("who declines: %s %s", c, problem)
	}
	c, _ := code(t, srv, browser, "noor@acme.example")
	for name, change := range map[string]func(url.Values){
		"another verifier": func(f url.Values) { f.Set("code_verifier", strings.Repeat("x", 43)) }, "no verifier": func(f url.Values) { f.Del("code_verifier") },
		"another page": func(f url.Values) { f.Set("redirect_uri", "https://evil.example") }, "a code that was made up": func(f url.Values) { f.Set("code", "x") },
	} {
		if status, out := trade(c, change); status != http.StatusBadRequest || out["error"] != "invalid_grant" {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	if status, out := trade(c, func(f url.Values) { f.Set("client_id", "other") }); status != http.StatusUnauthorized {
		t.Errorf("another app: %d %v", status, out)
	}
	status, out := trade(c, nil)
	token, _ := out["id_token"].(string)
	parts := strings.Split(token, ".")
	if status != http.StatusOK || len(parts) != 3 {
		t.Fatalf("%d %v", status, out)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	var said map[string]any
	if err != nil || json.Unmarshal(raw, &said) != nil || said["nonce"] != "n" || said["acr"] != "phr" || said["aud"] != DemoSignInClient || said["sub"] != s.Users()[0].ID {
		t.Errorf("it states %s", raw)
	}
	if status, out := trade(c, nil); status != http.StatusBadRequest || out["error"] != "invalid_grant" {
		t.Errorf("the same code again: %d %v", status, out)
	}
	for bearer, want := range map[string]int{out["access_token"].(string): http.StatusOK, "made-up": http.StatusUnauthorized} {
		r, err := http.NewRequest(http.MethodGet, srv.URL+"/oauth2/v1/userinfo", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+bearer)
		resp, err := browser.Do(r)
		if status, _, _ := answerOf(t, resp, err); status != want {
			t.Errorf("userinfo: %d, want %d", status, want)
		}
	}
}
