package entra_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"latchkey/idp"
	"latchkey/idp/entra"
	sandbox "latchkey/sandbox/entra"
)

const backTo = "https://latchkey.acme.example/signed-in/corp"

// door is a tenant to which people can sign in, called by its domain.
func door(t *testing.T, change func(*entra.Config)) (tenant, sandbox.User) {
	t.Helper()
	e := newTenant(t, sandbox.Config{RedirectURIs: []string{backTo}}, func(c *entra.Config) {
		if c.SignInClient = sandbox.DemoSignInClient; change != nil {
			change(c)
		}
	})
	return e, e.AddUser(sandbox.User{UPN: "maya@acme.example", Mail: "maya@acme.example"})
}

func begun(t *testing.T, e tenant) (idp.SignIn, idp.SignInCode) {
	t.Helper()
	s, able := idp.As[idp.SignIn](e.Directory)
	if !able {
		t.Fatal("nobody can sign in")
	}
	c, err := s.BeginSignIn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// TestSigningInWithACode: it tells the account by the id that it has in the tenant, when that was, and that once.
func TestSigningInWithACode(t *testing.T) {
	for _, name := range []string{sandbox.DemoTenant, "acme.example"} {
		e, maya := door(t, func(c *entra.Config) { c.Tenant = name })
		s, code := begun(t, e)
		if _, err := s.SignedIn(t.Context(), code); !errors.Is(err, idp.ErrPending) || code.Every < 5*time.Second || time.Until(code.Expires) > 15*time.Minute || code.URL == "" {
			t.Errorf("nobody has signed in yet: %+v, %v", code, err)
		}
		e.SetSignInPolicy(sandbox.SignInPolicy{Age: 20 * time.Minute})
		if err := e.Activate(code.Code, maya.ID, true); err != nil {
			t.Fatal(err)
		}
		who, err := s.SignedIn(t.Context(), code)
		if age := time.Since(who.At); err != nil || who.Account != maya.ID || age < 19*time.Minute || age > 21*time.Minute || who.Level != "" || len(who.Methods) > 0 {
			t.Errorf("%+v, %v", who, err)
		}
		if _, err := s.SignedIn(t.Context(), code); !errors.Is(err, idp.ErrRefused) {
			t.Errorf("it is told once: %v", err)
		}
	}
}

// TestASignInThatDoesntComeAbout: and one of which it isn't told when it was.
func TestASignInThatDoesntComeAbout(t *testing.T) {
	e, maya := door(t, nil)
	s, code := begun(t, e)
	if err := e.Activate(code.Code, "", false); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SignedIn(t.Context(), code); !errors.Is(err, idp.ErrRefused) || strings.Contains(err.Error(), code.Device) {
		t.Errorf("declined: %v", err)
	}
	_, code = begun(t, e)
	e.SetSignInPolicy(sandbox.SignInPolicy{NoTime: true})
	if err := e.Activate(code.Code, maya.ID, true); err != nil {
		t.Fatal(err)
	}
	who, err := s.SignedIn(t.Context(), code)
	if err != nil || !who.At.IsZero() || who.Insufficient(time.Now(), time.Hour, nil, nil) == "" {
		t.Errorf("without the optional claim: %+v, %v", who, err)
	}
	e.AddFault(sandbox.Fault{Path: "/*/oauth2/v2.0/devicecode", Status: 503})
	if _, err := s.BeginSignIn(t.Context()); err == nil || errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrRefused) {
		t.Errorf("it is down: %v", err)
	}
}

// TestTheAppThatPeopleSignInTo: it is a public client of this tenant, or nobody signs in by it, which is said with the remedy.
func TestTheAppThatPeopleSignInTo(t *testing.T) {
	e, _ := door(t, nil)
	e.SetSignInPolicy(sandbox.SignInPolicy{Private: true})
	s, _ := idp.As[idp.SignIn](e.Directory)
	if _, err := s.BeginSignIn(t.Context()); !errors.Is(err, idp.ErrDenied) || !strings.Contains(err.Error(), "Allow public client flows") {
		t.Errorf("an app with a secret: %v", err)
	}
	probed := func(e tenant) idp.Finding {
		t.Helper()
		findings, err := e.Probe(t.Context())
		if err != nil || len(findings) == 0 {
			t.Fatal(findings, err)
		}
		return findings[len(findings)-1]
	}
	if f := probed(e); f.OK || f.Check != "people sign in" || !strings.Contains(f.Detail, "Allow public client flows") {
		t.Errorf("the check says %+v", f)
	}
	e.SetSignInPolicy(sandbox.SignInPolicy{})
	if f := probed(e); !f.OK || f.Check != "people sign in" || !strings.Contains(f.Detail, "auth_time") {
		t.Errorf("the check says %+v", f)
	}
	e, _ = door(t, func(c *entra.Config) { c.SignInClient = sandbox.DemoClient })
	s, _ = idp.As[idp.SignIn](e.Directory)
	if _, err := s.BeginSignIn(t.Context()); !errors.Is(err, idp.ErrDenied) || !strings.Contains(err.Error(), "AADSTS700016") {
		t.Errorf("another app: %v", err)
	}
	e = newTenant(t, sandbox.Config{}, nil)
	if _, able := idp.As[idp.SignIn](e.Directory); able {
		t.Error("nobody signs in where no app is named")
	}
	if _, able := idp.As[idp.Login](e.Directory); able {
		t.Error("nobody logs in where no app is named")
	}
}

// browse has a browser go where it is sent, sign in as somebody, and come back.
func browse(t *testing.T, at, who string) url.Values {
	t.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	browser := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	found := regexp.MustCompile(`name="transaction" value="([^"]+)"`).FindSubmatch(page)
	if err != nil || found == nil {
		t.Fatalf("no page to sign in on: %s, %v", page, err)
	}
	to, _ := url.Parse(at)
	resp, err = browser.PostForm("http://"+to.Host+"/sandbox/login", url.Values{"transaction": {string(found[1])}, "username": {who}})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	back, err := resp.Location()
	if err != nil || !strings.HasPrefix(back.String(), backTo+"?") {
		t.Fatalf("sent back to %v, %v", back, err)
	}
	return back.Query()
}

func TestSigningInInABrowser(t *testing.T) {
	e, maya := door(t, nil)
	login, able := idp.As[idp.Login](e.Directory)
	if !able {
		t.Fatal("nobody can log in")
	}
	r := idp.LoginRequest{Redirect: backTo, State: "s-1", Nonce: "n-1", Verifier: strings.Repeat("v", 43), MaxAge: 5 * time.Minute}
	at, err := login.LoginURL(r)
	if err != nil {
		t.Fatal(err)
	}
	back := browse(t, at, "maya@acme.example")
	if back.Get("state") != "s-1" {
		t.Errorf("it came back with %v", back)
	}
	other := r
	other.Verifier = strings.Repeat("w", 43)
	if _, err := login.LoggedIn(t.Context(), back.Get("code"), other); !errors.Is(err, idp.ErrRefused) {
		t.Errorf("who comes back isn't who was sent: %v", err)
	}
	who, err := login.LoggedIn(t.Context(), back.Get("code"), r)
	if err != nil || who.Account != maya.ID || who.Insufficient(time.Now(), 5*time.Minute, nil, nil) != "" {
		t.Errorf("%+v, %v", who, err)
	}
	if _, err := login.LoggedIn(t.Context(), back.Get("code"), r); !errors.Is(err, idp.ErrRefused) {
		t.Errorf("a code is good once: %v", err)
	}
	back = browse(t, at, "maya@acme.example")
	r.Nonce = "n-2"
	if _, err := login.LoggedIn(t.Context(), back.Get("code"), r); !errors.Is(err, idp.ErrRefused) {
		t.Errorf("the answer to another sign-in: %v", err)
	}
	if back := browse(t, at, ""); back.Get("error") != "access_denied" {
		t.Errorf("who says no comes back with %v", back)
	}
}
