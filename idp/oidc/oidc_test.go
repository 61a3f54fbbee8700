package oidc_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"latchkey/idp"
	"latchkey/idp/oidc"
)

const app = "0oa-app"

// provider is a directory whose answers are as a test wants them.
type provider struct {
	*httptest.Server
	key, other *rsa.PrivateKey
	answer     func(url.Values) (status int, body string)
}

func at() time.Time { return time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC) }

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{key: newKey(t), other: newKey(t)}
	mux := http.NewServeMux()
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: "k1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		status, body := p.answer(r.PostForm)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (p *provider) client() *oidc.Client {
	return oidc.New(oidc.Config{Issuer: p.URL, Client: app, AuthorizeURL: p.URL + "/authorize", TokenURL: p.URL + "/token", KeysURL: p.URL + "/keys", HTTP: p.Client(), Now: at})
}

// claims are what a good token says, as change leaves them.
func (p *provider) claims(change func(map[string]any)) map[string]any {
	c := map[string]any{"iss": p.URL, "aud": app, "sub": "00u-noor", "exp": at().Add(time.Hour).Unix(), "iat": at().Unix(), "auth_time": at().Unix(), "nonce": "n", "acr": "phr", "amr": []string{"mfa"}}
	if change != nil {
		change(c)
	}
	return c
}

// TestTheClaimThatNamesTheAccount: where the subject isn't the account, what is stated besides is; and if it isn't, nobody
// has signed in.
func TestTheClaimThatNamesTheAccount(t *testing.T) {
	p := newProvider(t)
	c := oidc.New(oidc.Config{Issuer: p.URL, Client: app, Account: "oid", Scopes: []string{"profile"}, AuthorizeURL: p.URL + "/authorize", KeysURL: p.URL + "/keys", HTTP: p.Client(), Now: at})
	for name, said := range map[string]struct {
		oid  any
		want string
	}{"stated": {"8f1d", "8f1d"}, "not stated": {nil, ""}, "of another sort": {7, ""}, "empty": {"", ""}} {
		raw := sign(t, jose.RS256, p.key, "k1", p.claims(func(m map[string]any) { m["oid"] = said.oid }))
		who, err := c.Verify(t.Context(), raw, "n")
		if who.Account != said.want || (err == nil) != (said.want != "") {
			t.Errorf("%s: %+v, %v", name, who, err)
		}
	}
	to, err := c.LoginURL(idp.LoginRequest{Redirect: "https://x.com", State: "s", Nonce: "n", Verifier: "v"})
	if u, parsed := url.Parse(to); err != nil || parsed != nil || u.Query().Get("scope") != "openid profile" {
		t.Errorf("%s, %v", to, err)
	}
}

func sign(t *testing.T, alg jose.SignatureAlgorithm, key any, kid string, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestWhatADirectoryStates(t *testing.T) {
	p := newProvider(t)
	got, err := p.client().Verify(t.Context(), sign(t, jose.RS256, p.key, "k1", p.claims(nil)), "n")
	if err != nil || got.Account != "00u-noor" || !got.At.Equal(at()) || got.Level != "phr" || len(got.Methods) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	set := func(key string, to any) func(map[string]any) {
		return func(c map[string]any) { c[key] = to }
	}
	bad := map[string]func(map[string]any){
		"by another directory":      set("iss", "https://evil.example"),
		"for another app":           set("aud", "0oa-other"),
		"for another app, too":      set("aud", []string{app, "0oa-other"}),
		"for another party":         set("azp", "0oa-other"),
		"out of date":               set("exp", at().Add(-time.Second).Unix()),
		"of another sign-in":        set("nonce", "m"),
		"without the nonce":         func(c map[string]any) { delete(c, "nonce") },
		"of nobody":                 set("sub", ""),
		"not good yet":              set("nbf", at().Add(time.Hour).Unix()),
		"with a nonce of some kind": set("nonce", []string{"n"}),
	}
	for name, change := range bad {
		if got, err := p.client().Verify(t.Context(), sign(t, jose.RS256, p.key, "k1", p.claims(change)), "n"); err == nil {
			t.Errorf("%s: taken for %+v", name, got)
		}
	}
	good := sign(t, jose.RS256, p.key, "k1", p.claims(nil))
	parts := strings.Split(good, ".")
	for name, raw := range map[string]string{
		"signed by somebody else":   sign(t, jose.RS256, p.other, "k1", p.claims(nil)),
		"signed with a shared word": sign(t, jose.HS256, []byte("0123456789abcdef0123456789abcdef"), "k1", p.claims(nil)),
		"by another algorithm":      sign(t, jose.RS512, p.key, "k1", p.claims(nil)),
		"not signed":                "eyJhbGciOiJub25lIn0." + parts[1] + ".",
		"cut off":                   parts[0] + "." + parts[1],
		"nothing":                   "",
	} {
		if got, err := p.client().Verify(t.Context(), raw, "n"); err == nil {
			t.Errorf("%s: taken for %+v", name, got)
		}
	}
}

func request(p *provider) idp.LoginRequest {
	return idp.LoginRequest{Redirect: "https://latchkey.example/signed-in/okta", State: "s", Nonce: "n", Verifier: strings.Repeat("v", 43), MaxAge: 5 * time.Minute, Levels: []string{"phr"}}
}

func TestWhereABrowserIsSent(t *testing.T) {
	p := newProvider(t)
	to, err := p.client().LoginURL(request(p))
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil || !strings.HasPrefix(to, p.URL+"/authorize?") {
		t.Fatal(to, err)
	}
	for key, want := range map[string]string{
		"response_type": "code", "client_id": app, "scope": "openid", "state": "s", "nonce": "n", "prompt": "login", "max_age": "300", "acr_values": "phr",
		"redirect_uri": "https://latchkey.example/signed-in/okta", "code_challenge_method": "S256",
	} {
		if got := u.Query().Get(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if strings.Contains(to, strings.Repeat("v", 43)) || u.Query().Get("code_challenge") == "" {
		t.Errorf("the verifier is shown, or proves nothing: %s", to)
	}
	for _, lacks := range []func(*idp.LoginRequest){
		func(r *idp.LoginRequest) { r.State = "" }, func(r *idp.LoginRequest) { r.Nonce = "" }, func(r *idp.LoginRequest) { r.Verifier = "" }, func(r *idp.LoginRequest) { r.Redirect = "" },
	} {
		r := request(p)
		lacks(&r)
		if to, err := p.client().LoginURL(r); err == nil {
			t.Errorf("sent without something that it needs: %s", to)
		}
	}
}

func TestWhatACodeIsWorth(t *testing.T) {
	p := newProvider(t)
	token := sign(t, jose.RS256, p.key, "k1", p.claims(nil))
	p.answer = func(f url.Values) (int, string) {
		if f.Get("code") != "c" || f.Get("code_verifier") != strings.Repeat("v", 43) || f.Get("redirect_uri") != request(p).Redirect || f.Get("client_id") != app {
			return http.StatusBadRequest, `{"error":"invalid_grant"}`
		}
		return http.StatusOK, `{"access_token":"a","token_type":"Bearer","id_token":"` + token + `"}`
	}
	if got, err := p.client().LoggedIn(t.Context(), "c", request(p)); err != nil || got.Account != "00u-noor" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := p.client().LoggedIn(t.Context(), "used", request(p)); !errors.Is(err, idp.ErrRefused) {
		t.Errorf("a code that is no good: %v", err)
	}
	other := request(p)
	other.Issuer = "https://evil.example"
	if _, err := p.client().LoggedIn(t.Context(), "c", other); !errors.Is(err, idp.ErrRefused) {
		t.Errorf("sent back by somebody else: %v", err)
	}
	for body, status := range map[string]int{`{"error":"invalid_client"}`: 401, `<html>`: 502, `{"access_token":"a","token_type":"Bearer"}`: 200, `{"secret":"do not show"}`: 500} {
		p.answer = func(url.Values) (int, string) { return status, body }
		if _, err := p.client().LoggedIn(t.Context(), "c", request(p)); err == nil || strings.Contains(err.Error(), "do not show") {
			t.Errorf("%d %s: %v", status, body, err)
		}
	}
}
