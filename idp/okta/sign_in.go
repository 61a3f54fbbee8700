package okta

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"latchkey/idp"
	"latchkey/idp/oidc"
)

const (
	authorizePath = "/oauth2/v1/authorize"
	devicePath    = "/oauth2/v1/device/authorize"
	keysPath      = "/oauth2/v1/keys"
	deviceGrant   = "urn:ietf:params:oauth:grant-type:device_code"
	leastPause    = 5 * time.Second // between two questions, unless Okta says otherwise (RFC 8628, 3.2)
	mostAnswer    = 1 << 20
)

// signInApp is a native OpenID Connect app with the device authorization grant, and the authorization code grant where
// browsers reach Latchkey. It has no secret: what an answer is worth is that Okta signs it.
type signInApp struct{ d *Directory }

// BeginSignIn implements idp.SignIn.
func (a signInApp) BeginSignIn(ctx context.Context) (idp.SignInCode, error) {
	var got struct {
		Device   string `json:"device_code"`
		Code     string `json:"user_code"`
		URL      string `json:"verification_uri"`
		Lifetime int    `json:"expires_in"`
		Interval int    `json:"interval"`
	}
	now := a.d.cfg.Clock.Now()
	kind, err := a.post(ctx, devicePath, url.Values{"client_id": {a.d.cfg.SignInClient}, "scope": {"openid"}}, &got)
	switch {
	case err != nil:
		return idp.SignInCode{}, fmt.Errorf("begin a sign-in: %w", err)
	case kind != "":
		return idp.SignInCode{}, fmt.Errorf("okta refuses to begin a sign-in (%s): sign_in_client has to be the client id of a native OpenID Connect app with the grant type Device Authorization: %w", kind, idp.ErrDenied)
	case got.Device == "" || got.Code == "" || got.URL == "":
		return idp.SignInCode{}, errors.New("okta began a sign-in without a code; it can be asked for again")
	}
	return idp.SignInCode{Code: got.Code, URL: got.URL, Device: got.Device, Expires: now.Add(time.Duration(got.Lifetime) * time.Second), Every: max(leastPause, time.Duration(got.Interval)*time.Second)}, nil
}

// SignedIn implements idp.SignIn.
func (a signInApp) SignedIn(ctx context.Context, c idp.SignInCode) (idp.Authentication, error) {
	var got struct {
		IDToken string `json:"id_token"`
	}
	kind, err := a.post(ctx, tokenPath, url.Values{"client_id": {a.d.cfg.SignInClient}, "grant_type": {deviceGrant}, "device_code": {c.Device}}, &got)
	switch {
	case err != nil:
		return idp.Authentication{}, fmt.Errorf("ask who signed in: %w", err)
	case kind == "authorization_pending", kind == "slow_down":
		return idp.Authentication{}, idp.ErrPending
	case kind != "":
		return idp.Authentication{}, fmt.Errorf("the sign-in did not come about (%s): %w", kind, idp.ErrRefused)
	}
	return a.oidc().Verify(ctx, got.IDToken, "")
}

// LoginURL implements idp.Login.
func (a signInApp) LoginURL(r idp.LoginRequest) (string, error) { return a.oidc().LoginURL(r) }

// LoggedIn implements idp.Login.
func (a signInApp) LoggedIn(ctx context.Context, code string, r idp.LoginRequest) (idp.Authentication, error) {
	ctx, done := withDeadline(ctx)
	defer done()
	return a.oidc().LoggedIn(ctx, code, r)
}

// oidc is the app as OpenID Connect sees it. The org itself is the issuer.
func (a signInApp) oidc() *oidc.Client {
	cfg, made := a.d.cfg, &a.d.logins
	made.once.Do(func() {
		made.client = oidc.New(oidc.Config{
			Issuer: cfg.URL, Client: cfg.SignInClient, AuthorizeURL: cfg.URL + authorizePath, TokenURL: cfg.URL + tokenPath, KeysURL: cfg.URL + keysPath,
			HTTP: a.d.http, Now: cfg.Clock.Now,
		})
	})
	return made.client
}

// post sends a form and reads the answer, or the kind of error that it names.
func (a signInApp) post(ctx context.Context, path string, form url.Values, into any) (kind string, err error) {
	ctx, done := withDeadline(ctx)
	defer done()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.d.cfg.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return a.exchange(req, into)
}

func (a signInApp) exchange(req *http.Request, into any) (kind string, err error) {
	req.Header.Set("Accept", "application/json")
	resp, err := a.d.http.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	if err != nil {
		return "", err
	}
	if resp.StatusCode == http.StatusOK {
		if err := json.Unmarshal(body, into); err != nil {
			return "", fmt.Errorf("okta's answer can't be read: %w", err)
		}
		return "", nil
	}
	var problem struct{ Error string }
	if resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests || json.Unmarshal(body, &problem) != nil || problem.Error == "" {
		return "", fmt.Errorf("okta answered %s", resp.Status)
	}
	return problem.Error, nil
}

func withDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, bound := ctx.Deadline(); bound {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, callTime)
}
