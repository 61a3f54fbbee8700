package okta

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"

	"latchkey/clock"
	"latchkey/config/value"
)

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

	ProbeGroup string // a test group with somebody in it, by which the right to change members is tried; "": it isn't

	ManagerAttribute  string            // the profile attribute that names the manager; "managerId" if empty
	TypeAttribute     string            // the one that says what sort of work relation it is; "userType" if empty
	LocationAttribute string            // the one that says where somebody works; "city" if empty
	InFlight          int               // calls under way at a time; 10 if zero
	Among             func() int        // how many replicas share the limits; nil: there is no other
	Clock             clock.Clock       // the machine's if nil
	Logger            *slog.Logger      // silent if nil
	Transport         http.RoundTripper // below rate and time limits; a transport of its own if nil
}

// StandardScopes are the OAuth scopes that the whole Directory needs. With okta.orgs.read besides, it also notices
// that its URL leads to another org.
func StandardScopes() []string {
	return []string{"okta.users.read", "okta.groups.read", "okta.groups.manage", "okta.apps.read", "okta.logs.read"}
}

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
		return "", fmt.Errorf("%q is not the URL of an Okta org: write it as https://acme.okta.com", value.ShownURL(given))
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", fmt.Errorf("the Okta URL %q has more than a host: write it as %s://%s", value.ShownURL(given), u.Scheme, u.Host)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return "", fmt.Errorf("the Okta URL %q would send the token in the clear: use https (plain http is for loopback addresses only)", value.ShownURL(given))
	}
	return u.Scheme + "://" + u.Host, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
