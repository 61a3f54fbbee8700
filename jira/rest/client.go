// Package rest calls Jira Cloud: its platform API version 3 and the service desk
// API.
//
// It knows how to ask, how fast, and what an answer means: every problem is an
// *access.Failure whose class says what to do next, and that wraps an *Error when
// Jira answered. What the calls are about is for the rooms above.
package rest

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	gojira "github.com/andygrunwald/go-jira"
)

// fileTimeout bounds a call that carries a file, which takes longer than others.
const fileTimeout = 10 * time.Minute

// Config says where the site is and who calls.
type Config struct {
	// URL is the site, for example https://acme.atlassian.net, or the gateway
	// https://api.atlassian.com/ex/jira/CLOUD-ID for scoped tokens.
	URL string
	// Email and Token are the bot's account and API token. Without Email the
	// token is sent as a bearer token.
	Email, Token string
	// Project is named where an error says which permission is missing.
	Project string

	Now    func() time.Time
	HTTP   *http.Client // its redirect policy is replaced
	Logger *slog.Logger
}

// Client calls one site. It is safe for concurrent use.
type Client struct {
	cfg   Config
	api   *gojira.Client
	files *gojira.Client // the same, with more time for each call
}

// New makes a client; it makes no call yet. Every field of the configuration is
// needed, except Email.
func New(cfg Config) (*Client, error) {
	api, err := gojira.NewClient(authenticated(cfg), cfg.URL)
	if err != nil {
		return nil, errors.New("jira.url is not an address: write for example https://acme.atlassian.net")
	}
	slow := authenticated(cfg)
	slow.Timeout = fileTimeout
	files, err := gojira.NewClient(slow, cfg.URL)
	if err != nil {
		return nil, errors.New("jira.url is not an address: write for example https://acme.atlassian.net")
	}
	return &Client{cfg: cfg, api: api, files: files}, nil
}

// Now is the time by the client's clock.
func (c *Client) Now() time.Time { return c.cfg.Now() }

// Log is the operator's log, for problems that fail nothing.
func (c *Client) Log() *slog.Logger { return c.cfg.Logger }

// authenticated is the configured HTTP client with the bot's credentials.
// Redirects are not followed: go-jira's transports add the credentials to every
// request, so they would follow a redirect to any host.
func authenticated(cfg Config) *http.Client {
	client := *cfg.HTTP
	if cfg.Email == "" {
		client.Transport = &gojira.BearerAuthTransport{Token: cfg.Token, Transport: client.Transport}
	} else {
		client.Transport = &gojira.BasicAuthTransport{Username: cfg.Email, Password: cfg.Token, Transport: client.Transport}
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}
