// Package oidc is what a directory that speaks OpenID Connect has people sign in with: where a browser is sent, what
// a code is worth, and what the signed answer says. It is the same for every vendor that follows the standard.
package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"latchkey/idp"
)

// Config is one app at one directory.
type Config struct {
	Issuer       string   // as it stands in what the directory signs
	Client       string   // the app's id
	Account      string   // the claim that names the account; the subject if empty
	Scopes       []string // what is asked for beside openid
	AuthorizeURL string
	TokenURL     string
	KeysURL      string
	HTTP         *http.Client
	Now          func() time.Time
}

// Client is the app, as which people sign in. It is safe for concurrent use.
type Client struct {
	cfg      Config
	app      oauth2.Config
	verifier *oidc.IDTokenVerifier
}

// New makes a client. It calls nobody yet.
func New(c Config) *Client {
	keys := oidc.NewRemoteKeySet(oidc.ClientContext(context.Background(), c.HTTP), c.KeysURL)
	return &Client{
		cfg: c,
		app: oauth2.Config{ClientID: c.Client, Scopes: append([]string{oidc.ScopeOpenID}, c.Scopes...), Endpoint: oauth2.Endpoint{
			AuthURL: c.AuthorizeURL, TokenURL: c.TokenURL, AuthStyle: oauth2.AuthStyleInParams,
		}},
		verifier: oidc.NewVerifier(c.Issuer, keys, &oidc.Config{ClientID: c.Client, SupportedSigningAlgs: []string{oidc.RS256, oidc.ES256}, Now: c.Now}),
	}
}

// LoginURL is where a browser is sent. It has the person sign in whether they are signed in already or not.
func (c *Client) LoginURL(r idp.LoginRequest) (string, error) {
	if r.State == "" || r.Nonce == "" || r.Verifier == "" || r.Redirect == "" {
		return "", errors.New("a sign-in needs a state, a nonce, a verifier and a page to come back to")
	}
	app := c.app
	app.RedirectURL = r.Redirect
	say := []oauth2.AuthCodeOption{
		oidc.Nonce(r.Nonce), oauth2.S256ChallengeOption(r.Verifier), oauth2.SetAuthURLParam("prompt", "login"),
		oauth2.SetAuthURLParam("max_age", strconv.Itoa(int(r.MaxAge/time.Second))),
	}
	if len(r.Levels) > 0 {
		say = append(say, oauth2.SetAuthURLParam("acr_values", strings.Join(r.Levels, " ")))
	}
	return app.AuthCodeURL(r.State, say...), nil
}

// LoggedIn trades the code with which a browser came back for what the directory states.
func (c *Client) LoggedIn(ctx context.Context, code string, r idp.LoginRequest) (idp.Authentication, error) {
	if r.Issuer != "" && r.Issuer != c.cfg.Issuer {
		return idp.Authentication{}, fmt.Errorf("the browser was sent back by somebody else than this directory: %w", idp.ErrRefused)
	}
	app := c.app
	app.RedirectURL = r.Redirect
	token, err := app.Exchange(oidc.ClientContext(ctx, c.cfg.HTTP), code, oauth2.VerifierOption(r.Verifier))
	var said *oauth2.RetrieveError
	switch {
	case errors.As(err, &said) && said.ErrorCode == "invalid_grant":
		return idp.Authentication{}, fmt.Errorf("the code that the browser came back with is not good, or not any more: %w", idp.ErrRefused)
	case errors.As(err, &said) && said.ErrorCode != "":
		return idp.Authentication{}, fmt.Errorf("the directory refuses the app that people sign in to (%s): correct its client id, its grant types and the page that browsers come back to: %w", said.ErrorCode, idp.ErrDenied)
	case err != nil:
		return idp.Authentication{}, fmt.Errorf("ask who signed in: %w", withoutBody(err))
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return idp.Authentication{}, errors.New("the directory's answer about who signed in says nothing of that")
	}
	return c.Verify(ctx, raw, r.Nonce)
}

// Verify reads what a directory states of who signed in (an ID token): signed by it, for this app, still good, and for
// the request that the nonce belongs to; "" where there was none.
func (c *Client) Verify(ctx context.Context, raw, nonce string) (idp.Authentication, error) {
	token, err := c.verifier.Verify(oidc.ClientContext(ctx, c.cfg.HTTP), raw)
	if err != nil {
		return idp.Authentication{}, fmt.Errorf("the directory's answer about who signed in can't be believed: %w", err)
	}
	var claims struct {
		For      string   `json:"azp"`
		SignedIn int64    `json:"auth_time"`
		Level    string   `json:"acr"`
		Methods  []string `json:"amr"`
	}
	switch err := token.Claims(&claims); {
	case err != nil:
		return idp.Authentication{}, fmt.Errorf("the directory's answer about who signed in can't be read: %w", err)
	case !slices.Equal(token.Audience, []string{c.cfg.Client}), claims.For != "" && claims.For != c.cfg.Client:
		return idp.Authentication{}, fmt.Errorf("the directory's answer about who signed in is for other apps, too: %w", idp.ErrRefused)
	case token.Nonce != nonce:
		return idp.Authentication{}, fmt.Errorf("the directory's answer about who signed in belongs to another sign-in: %w", idp.ErrRefused)
	}
	account, err := c.account(token)
	if err != nil {
		return idp.Authentication{}, err
	}
	out := idp.Authentication{Account: account, Level: claims.Level, Methods: claims.Methods}
	if claims.SignedIn > 0 {
		out.At = time.Unix(claims.SignedIn, 0).UTC()
	}
	return out, nil
}

// account is whose account an answer is about.
func (c *Client) account(token *oidc.IDToken) (string, error) {
	account := token.Subject
	if c.cfg.Account != "" {
		var all map[string]any
		if err := token.Claims(&all); err != nil {
			return "", fmt.Errorf("the directory's answer about who signed in can't be read: %w", err)
		}
		account, _ = all[c.cfg.Account].(string)
	}
	if account == "" {
		return "", errors.New("the directory's answer about who signed in names nobody")
	}
	return account, nil
}

// withoutBody leaves out of a failure what the directory answered, which may hold a token.
func withoutBody(err error) error {
	var said *oauth2.RetrieveError
	if errors.As(err, &said) && said.Response != nil {
		return fmt.Errorf("the directory answered %s", said.Response.Status)
	}
	return err
}
