package jira

import (
	"errors"
	"net/http"
	"sync"
	"time"

	gojira "github.com/andygrunwald/go-jira"
)

// Client writes the record of requests. It is safe for concurrent use; records
// of one request should be written one after the other.
type Client struct {
	cfg    Config
	api    *gojira.Client
	people *cache[string]    // requester's e-mail -> account id
	places *cache[place]     // issue id -> where it was seen last
	tried  *cache[time.Time] // request id -> latest attempt to create its issue
	pages  *cache[[]string]  // issue id -> the full pages it carries
	begun  *cache[bool]      // issue id and event id -> a record that is half written
	born   time.Time         // an attempt this client knows nothing of was made before

	finding chan struct{} // holds one token: whoever has it may discover
	mu      sync.Mutex
	found   *site // nil until discovered
	flow    *flow
}

// New makes a client. It checks the configuration and needs no network: the
// site is discovered by Discover, or by the first call that needs it.
func New(cfg Config) (*Client, error) {
	cfg = cfg.withDefaults()
	if err := cfg.check(); err != nil {
		return nil, err
	}
	api, err := gojira.NewClient(authenticated(cfg), cfg.URL)
	if err != nil {
		return nil, errors.New("jira.url is not an address: write for example https://acme.atlassian.net")
	}
	return &Client{
		cfg: cfg, api: api, flow: newFlow(), finding: make(chan struct{}, 1),
		people: newCache[string](), places: newCache[place](), tried: newCache[time.Time](),
		begun: newCache[bool](), pages: newCache[[]string](), born: cfg.Now(),
	}, nil
}

// authenticated is the configured HTTP client with the bot's credentials.
// Redirects are not followed: go-jira's transports add the credentials to every
// request, so they would follow a redirect to any host.
func authenticated(cfg Config) *http.Client {
	client := *cfg.HTTP
	if cfg.Server {
		client.Transport = newDataCenter(cfg.URL, client.Transport)
	}
	if cfg.Email == "" {
		client.Transport = &gojira.BearerAuthTransport{Token: cfg.Token, Transport: client.Transport}
	} else {
		client.Transport = &gojira.BasicAuthTransport{Username: cfg.Email, Password: cfg.Token, Transport: client.Transport}
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}
