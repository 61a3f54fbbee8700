// Package okta is an idp.Directory on an Okta org, through okta-sdk-golang v2.
//
// The SDK is used for its requests, types and paging. What it does not do well is done around it: its
// cache is off, because it serves stale member lists; waiting for rate limits is left to package limit, because
// the SDK gives up before a window ends; dropped connections are reported at once, because the SDK repeats
// them for ever without a pause (requestExecutor.go).
package okta

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"

	"latchkey/clock"
	"latchkey/idp"
)

// callTime bounds a call whose context has no deadline, waits for rate limits included.
const callTime = 2 * time.Minute

// Config says which org and how to sign in: with Token, or with ClientID, PrivateKey and Scopes.
type Config struct {
	ID  string // the directory's id in the configuration; "okta" if empty
	URL string // such as https://acme.okta.com; plain http only for loopback addresses

	Token string // an API token (SSWS)

	ClientID   string   // an API Services app with an admin role, proof of possession (DPoP) switched off
	PrivateKey string   // its RSA key in PEM, PKCS#1 or PKCS#8
	KeyID      string   // the key's id (kid), if the app has several
	Scopes     []string // StandardScopes if empty

	SignInClient string // a native OpenID Connect app by which people prove which account is theirs; "": there is none

	ManagerAttribute  string            // the profile attribute that names the manager; "managerId" if empty
	TypeAttribute     string            // the one that says what sort of work relation it is; "userType" if empty
	LocationAttribute string            // the one that says where somebody works; "city" if empty
	InFlight          int               // calls under way at a time; 10 if zero
	Clock             clock.Clock       // the machine's if nil
	Logger            *slog.Logger      // silent if nil
	Transport         http.RoundTripper // below rate and time limits; a transport of its own if nil
}

// StandardScopes are the OAuth scopes that the whole Directory needs. With okta.orgs.read besides, it also notices
// that its URL leads to another org.
func StandardScopes() []string {
	return []string{"okta.users.read", "okta.groups.read", "okta.groups.manage", "okta.apps.read", "okta.logs.read"}
}

// Directory is one Okta org. It is safe for concurrent use.
type Directory struct {
	cfg    Config
	http   *http.Client
	client atomic.Pointer[sdk.Client]

	mu     sync.Mutex
	rules  rulesSeen
	groups map[string]groupSeen
	bosses bosses
}

var (
	_ idp.Directory     = (*Directory)(nil)
	_ idp.MemberChecker = (*Directory)(nil)
	_ idp.Lagging       = (*Directory)(nil)
	_ idp.UsageReporter = (*Directory)(nil)
	_ idp.Lister        = (*Directory)(nil)
	_ idp.Prober        = (*Directory)(nil)
	_ idp.Tenanted      = (*Directory)(nil)
)

// Open checks the configuration and makes a Directory. It does not call Okta; Probe does.
func Open(ctx context.Context, cfg Config) (*Directory, error) {
	cfg, err := complete(cfg)
	if err != nil {
		return nil, fmt.Errorf("directory %q: %w", cfg.ID, err)
	}
	d := &Directory{cfg: cfg, http: httpClient(cfg), groups: map[string]groupSeen{}}
	if err := d.signIn(ctx); err != nil {
		return nil, fmt.Errorf("directory %q: %w", cfg.ID, err)
	}
	return d, nil
}

// ID implements idp.Directory.
func (d *Directory) ID() string { return d.cfg.ID }

// Close closes idle connections. The Directory can still be used.
func (d *Directory) Close() { d.http.CloseIdleConnections() }

func complete(cfg Config) (Config, error) {
	if cfg.ID == "" {
		cfg.ID = "okta"
	}
	cfg.ManagerAttribute = cmp.Or(cfg.ManagerAttribute, "managerId")
	cfg.TypeAttribute, cfg.LocationAttribute = cmp.Or(cfg.TypeAttribute, "userType"), cmp.Or(cfg.LocationAttribute, "city")
	if cfg.Clock == nil {
		cfg.Clock = clock.System{}
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if len(cfg.Scopes) == 0 {
		cfg.Scopes = StandardScopes()
	}
	var err error
	cfg.URL, err = orgURL(cfg.URL)
	return cfg, errors.Join(err, credentials(cfg))
}

func credentials(cfg Config) error {
	switch {
	case cfg.Token != "" && (cfg.ClientID != "" || cfg.PrivateKey != ""):
		return errors.New("there is both an API token and an OAuth client: keep the one that shall be used")
	case cfg.Token == "" && cfg.ClientID == "" && cfg.PrivateKey == "":
		return errors.New("there are no credentials: give a token, or client_id and private_key")
	case cfg.Token == "" && (cfg.ClientID == "" || cfg.PrivateKey == ""):
		return errors.New("an OAuth client needs both client_id and private_key: give the missing one")
	}
	return nil
}

// orgURL brings the org's URL into the one form that the SDK's paging can bear: no path, no final slash.
func orgURL(given string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(given))
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("%q is not the URL of an Okta org: write it as https://acme.okta.com", given)
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", fmt.Errorf("the Okta URL %q has more than a host: write it as %s://%s", u.Redacted(), u.Scheme, u.Host)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return "", fmt.Errorf("the Okta URL %q would send the token in the clear: use https (plain http is for loopback addresses only)", given)
	}
	return u.Scheme + "://" + u.Host, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
