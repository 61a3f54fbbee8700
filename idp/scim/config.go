package scim

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

// Config says which server and how to sign in: with Token, or with User and Password.
type Config struct {
	ID  string // the directory's id in the configuration; "scim" if empty
	URL string // the base of /Users and /Groups, such as https://directory.example/scim/v2

	Token          string // a bearer token
	User, Password string // HTTP Basic

	ProbeGroup string // the name of a test group that is never empty and opens nothing; "": there is none
	// RemoveByValue removes a member by a value beside the path, for servers that don't know a filter in it. A server
	// that keeps to the standard takes that for "all members".
	RemoveByValue bool
	Elsewhere     []Mark // of groups that something else fills
	OnHold        []Mark // of accounts that are on hold, whatever "active" says

	TypeAttribute     string // says what sort of work relation it is; "userType" if empty
	LocationAttribute string // says where somebody works; "addresses.locality" if empty

	InFlight  int               // calls under way at a time; 4 if zero
	Among     func() int        // how many replicas share the limits; nil: there is no other
	Clock     clock.Clock       // the machine's if nil
	Logger    *slog.Logger      // silent if nil
	Transport http.RoundTripper // below rate and time limits; a transport of its own if nil
}

// Mark is an attribute with a value that says something of what has it.
type Mark struct {
	Attribute string // as in "userType" or "urn:…:2.0:Group:source"
	Value     string // in any letter case
}

func complete(cfg Config) (Config, error) {
	cfg.ID = cmp.Or(cfg.ID, "scim")
	cfg.TypeAttribute, cfg.LocationAttribute = cmp.Or(cfg.TypeAttribute, "userType"), cmp.Or(cfg.LocationAttribute, "addresses.locality")
	if cfg.Clock == nil {
		cfg.Clock = clock.System{}
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	var err error
	cfg.URL, err = baseURL(cfg.URL)
	return cfg, errors.Join(err, credentials(cfg))
}

func credentials(cfg Config) error {
	switch {
	case cfg.Token != "" && (cfg.User != "" || cfg.Password != ""):
		return errors.New("there is both a token and a user: keep the one that shall be used")
	case cfg.Token == "" && cfg.User == "" && cfg.Password == "":
		return errors.New("there are no credentials: give a token, or user and password")
	case cfg.Token == "" && (cfg.User == "" || cfg.Password == ""):
		return errors.New("user and password go together: give the missing one")
	case strings.Contains(cfg.User, ":"):
		return errors.New("the user can't have a colon in it (RFC 7617): use another one")
	}
	return nil
}

// baseURL is the base without a final slash.
func baseURL(given string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(given))
	switch {
	case err != nil || u.Host == "":
		return "", fmt.Errorf("%q is not the address of a SCIM server: write it as https://directory.example/scim/v2", value.ShownURL(given))
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return "", fmt.Errorf("the address %q has more than a host and a path: write it as %s://%s%s", value.ShownURL(given), u.Scheme, u.Host, u.Path)
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return "", fmt.Errorf("the address %q would send the token in the clear: use https (plain http is for loopback addresses only)", value.ShownURL(given))
	}
	return strings.TrimRight(u.Scheme+"://"+u.Host+u.EscapedPath(), "/"), nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
