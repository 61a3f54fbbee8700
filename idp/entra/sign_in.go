package entra

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"latchkey/idp"
	"latchkey/idp/oidc"
)

const (
	deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"
	leastPause  = 5 * time.Second // between two questions (RFC 8628, 3.2)
	// accountClaim names the account by the id that it has in the tenant. The subject is another one for each application
	// (learn.microsoft.com, "ID token claims reference"), and the id takes the scope profile.
	accountClaim = "oid"
	// notPublic is the code of an application that has to prove itself where it must not.
	notPublic = 7000218
)

// signInApp is a public client of the tenant as which people sign in: with a code, or in a browser that comes back to a
// page of ours. It has no secret: what an answer is worth is that Entra signs it.
type signInApp struct {
	*api
	logins *logins
}

// logins are what is known of the tenant's sign-ins, once it was asked.
type logins struct {
	mu     sync.Mutex
	client *oidc.Client
}

// BeginSignIn implements idp.SignIn.
func (a signInApp) BeginSignIn(ctx context.Context) (idp.SignInCode, error) {
	var got struct {
		Device   string `json:"device_code"`
		Code     string `json:"user_code"`
		URL      string `json:"verification_uri"`
		Lifetime int    `json:"expires_in"`
		Interval int    `json:"interval"`
	}
	now := a.cfg.Clock.Now()
	if err := a.post(ctx, "devicecode", url.Values{"client_id": {a.cfg.SignInClient}, "scope": {"openid profile"}}, &got); err != nil {
		return idp.SignInCode{}, fmt.Errorf("begin a sign-in: %w", err)
	}
	if got.Device == "" || got.Code == "" || got.URL == "" {
		return idp.SignInCode{}, errors.New("Entra began a sign-in without a code; it can be asked for again")
	}
	return idp.SignInCode{Code: got.Code, URL: got.URL, Device: got.Device, Expires: now.Add(time.Duration(got.Lifetime) * time.Second), Every: max(leastPause, time.Duration(got.Interval)*time.Second)}, nil
}

// SignedIn implements idp.SignIn.
func (a signInApp) SignedIn(ctx context.Context, c idp.SignInCode) (idp.Authentication, error) {
	var got struct {
		IDToken string `json:"id_token"`
	}
	client, err := a.oidc(ctx) // before the answer, which is given once
	if err != nil {
		return idp.Authentication{}, err
	}
	if err := a.post(ctx, "token", url.Values{"client_id": {a.cfg.SignInClient}, "grant_type": {deviceGrant}, "device_code": {c.Device}}, &got); err != nil {
		return idp.Authentication{}, fmt.Errorf("ask who signed in: %w", err)
	}
	return client.Verify(ctx, got.IDToken, "")
}

// LoginURL implements idp.Login. Where the browser goes is known without asking.
func (a signInApp) LoginURL(r idp.LoginRequest) (string, error) {
	base := clouds()[a.cfg.Cloud].login
	if a.cfg.APIURL != "" {
		base = strings.TrimSuffix(a.cfg.APIURL, "/")
	}
	return oidc.New(a.asked(oidc.Config{AuthorizeURL: base + "/" + a.cfg.Tenant + "/oauth2/v2.0/authorize"})).LoginURL(r)
}

// LoggedIn implements idp.Login.
func (a signInApp) LoggedIn(ctx context.Context, code string, r idp.LoginRequest) (idp.Authentication, error) {
	ctx, done := inTime(ctx)
	defer done()
	client, err := a.oidc(ctx)
	if err != nil {
		return idp.Authentication{}, err
	}
	return client.LoggedIn(ctx, code, r)
}

// oidc is the app as OpenID Connect sees it. Who signs, under which name, the tenant says itself: it may be configured by a
// domain, and the clouds differ.
func (a signInApp) oidc(ctx context.Context) (*oidc.Client, error) {
	a.logins.mu.Lock()
	defer a.logins.mu.Unlock()
	if a.logins.client != nil {
		return a.logins.client, nil
	}
	var said struct {
		Issuer string `json:"issuer"`
		Token  string `json:"token_endpoint"`
		Keys   string `json:"jwks_uri"`
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, clouds()[a.cfg.Cloud].login+"/"+a.cfg.Tenant+"/v2.0/.well-known/openid-configuration", http.NoBody)
	if err != nil {
		return nil, err
	}
	if err := a.answer(req, &said); err != nil {
		return nil, fmt.Errorf("ask how people sign in: %w", err)
	}
	if said.Issuer == "" || said.Token == "" || said.Keys == "" {
		return nil, errors.New("Entra doesn't say how people sign in; it can be asked again")
	}
	a.logins.client = oidc.New(a.asked(oidc.Config{Issuer: said.Issuer, TokenURL: said.Token, KeysURL: said.Keys}))
	return a.logins.client, nil
}

// asked completes what is asked of a sign-in.
func (a signInApp) asked(c oidc.Config) oidc.Config {
	c.Client, c.Account, c.Scopes, c.HTTP, c.Now = a.cfg.SignInClient, accountClaim, []string{"profile"}, a.people(), a.cfg.Clock.Now
	return c
}

// people is the way to what signs people in.
func (a signInApp) people() *http.Client {
	return &http.Client{Transport: a.login, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// post sends a form to one of the tenant's endpoints.
func (a signInApp) post(ctx context.Context, endpoint string, form url.Values, into any) error {
	ctx, done := inTime(ctx)
	defer done()
	at := clouds()[a.cfg.Cloud].login + "/" + a.cfg.Tenant + "/oauth2/v2.0/" + endpoint
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return a.answer(req, into)
}

// answer reads what a request is answered, or the refusal.
func (a signInApp) answer(req *http.Request, into any) error {
	req.Header.Set("Accept", "application/json")
	resp, err := a.people().Do(req)
	if err != nil {
		return unanswered(err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswered))
	if err != nil {
		return unanswered(err)
	}
	if resp.StatusCode == http.StatusOK {
		if err := json.Unmarshal(body, into); err != nil {
			return errors.New("Entra's answer can't be read; it can be asked again")
		}
		return nil
	}
	return notSignedIn(resp.StatusCode, body)
}

// notSignedIn classifies a refusal. Its text isn't shown: it may hold a code.
func notSignedIn(status int, body []byte) error {
	var said struct {
		Error string
		Codes []int `json:"error_codes"`
	}
	if status >= http.StatusInternalServerError || status == http.StatusTooManyRequests || json.Unmarshal(body, &said) != nil || said.Error == "" {
		return fmt.Errorf("Entra's sign-in service answered %d", status)
	}
	code := append(said.Codes, 0)[0]
	switch said.Error {
	case "authorization_pending", "slow_down":
		return idp.ErrPending
	case "authorization_declined", "access_denied", "expired_token", "bad_verification_code", "invalid_grant":
		return fmt.Errorf("the sign-in did not come about (%s): %w", said.Error, idp.ErrRefused)
	}
	remedy := "sign_in_client has to be the application (client) ID of an app registration in this tenant"
	if code == notPublic {
		remedy = "the app that people sign in to has to be a public client: switch on Allow public client flows under Authentication, and add pages under Mobile and desktop applications"
	}
	return fmt.Errorf("Entra refuses the app that people sign in to (AADSTS%d): %s: %w", code, remedy, idp.ErrDenied)
}

func inTime(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, bounded := ctx.Deadline(); bounded {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, callTime)
}
