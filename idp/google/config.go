package google

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"latchkey/clock"
	"latchkey/config/value"
)

// Where Google's APIs are. Cloud Identity and signJwt have hosts of their own.
const (
	adminURL = "https://admin.googleapis.com"
	cloudURL = "https://cloudidentity.googleapis.com"
	iamURL   = "https://iamcredentials.googleapis.com"
	tokenURL = "https://oauth2.googleapis.com/token"
)

// How long connections may take to be safe, and be idle.
const (
	tlsTime  = 10 * time.Second
	idleTime = 90 * time.Second
)

// Settings are what config.yaml says about a customer of Google.
type Settings struct {
	URL            string       // one address for all APIs, as of a proxy; empty: Google's own
	Subject        string       // the administrator that Latchkey acts for
	Key            value.Secret // of the service account: the JSON file that Google's console hands out
	ServiceAccount string       // its address, instead of Key: the platform's identity has Google sign for it
	EmailType      string       // of the entry of emails[] that is somebody's mail elsewhere; empty: the primary address is the mail
	SuspendedLeft  bool         // who is suspended has left
	NoExpiry       bool         // Google isn't told when memberships end
	ProbeGroup     string       // a group in which it is tried whether members can be changed, by its name or address; empty: it isn't tried
}

// Decode reads a customer's entry under idp.
func Decode(n value.Node) Settings {
	o := n.Object("url", "subject", "key", "service_account", "email_type", "suspended", "native_expiry", "probe_group")
	key, account := o.Get("key"), o.Get("service_account")
	subject, named := o.Get("subject").Needed("write the address of the administrator that Latchkey acts for, for example latchkey@acme.com")
	if named && !strings.Contains(subject, "@") {
		o.Get("subject").Fault("%s can't be %q: write the address of the administrator that Latchkey acts for, for example latchkey@acme.com", o.Get("subject").Path(), subject)
	}
	s := Settings{Subject: subject, ServiceAccount: account.TextOr(""), EmailType: o.Get("email_type").TextOr(""), ProbeGroup: o.Get("probe_group").TextOr("")}
	if o.Get("url").Present() {
		s.URL = o.Get("url").URL(adminURL)
	}
	if key.Present() {
		s.Key = key.Secret("save the JSON key file of the service account there, as Google Cloud's console hands it out")
	}
	s.SuspendedLeft = o.Get("suspended").OneOf("hold", "hold", "left") == "left"
	if expiry := o.Get("native_expiry"); expiry.Present() {
		s.NoExpiry = !expiry.Bool()
	}
	switch {
	case key.Present() && account.Present():
		account.Fault("%s has both a key and service_account: keep key, or, where the platform's own identity may sign for the account, service_account", o.Path())
	case !key.Present() && !account.Present():
		o.Fault(`%s has no way to sign in: add key: "${file:google.json}" with a service account's JSON key, or service_account`, o.Path())
	}
	return s
}

// EndsSessions tells that people's sessions can be ended: whether the scope for it is granted is seen by check.
func (Settings) EndsSessions() bool { return true }

// Config is what the settings mean for a customer of the given id. Limits, clock, log and
// the way to Google are the caller's to add.
func (s Settings) Config(id string) Config {
	return Config{ID: id, URL: s.URL, Subject: s.Subject, Key: s.Key.Reveal(), ServiceAccount: s.ServiceAccount, EmailType: s.EmailType, SuspendedLeft: s.SuspendedLeft, NoExpiry: s.NoExpiry, ProbeGroup: s.ProbeGroup}
}

// Config is what a Directory is made from.
type Config struct {
	ID             string // "google" if empty
	URL            string // one address for all APIs; empty: Google's own
	Subject        string // the administrator that Latchkey acts for
	Key            string // the service account's JSON key file
	ServiceAccount string // instead of Key
	EmailType      string
	SuspendedLeft  bool
	NoExpiry       bool
	ProbeGroup     string

	// Platform is the platform's own identity, by which it has assertions signed for ServiceAccount; nil: what
	// Google's default credentials find.
	Platform  oauth2.TokenSource
	InFlight  int               // calls at the same time; 10 if zero
	Among     func() int        // how many replicas share the limits; nil: there is no other
	Transport http.RoundTripper // the way to Google; a plain one if nil
	Clock     clock.Clock       // the machine's if nil
	Logger    *slog.Logger      // nowhere if nil
}

func complete(cfg Config) (Config, error) {
	if cfg.ID == "" {
		cfg.ID = "google"
	}
	if cfg.Clock == nil {
		cfg.Clock = clock.System{}
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Transport == nil {
		cfg.Transport = &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: tlsTime, IdleConnTimeout: idleTime, MaxIdleConnsPerHost: 16}
	}
	cfg.URL = strings.TrimSuffix(cfg.URL, "/")
	switch {
	case !strings.Contains(cfg.Subject, "@"):
		return cfg, errors.New("subject has to be the address of the administrator that Latchkey acts for")
	case cfg.Key != "" && cfg.ServiceAccount != "":
		return cfg, errors.New("it has both a key and a service account: give one of them")
	case cfg.Key == "" && cfg.ServiceAccount == "":
		return cfg, errors.New("give the JSON key of a service account, or its address as service_account")
	}
	return cfg, secure(cfg.URL)
}

// secure refuses addresses on which a token could be read by others.
func secure(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Path != "" {
		return errors.New("the url has to be like " + adminURL + ", without a path")
	}
	if host := u.Hostname(); u.Scheme != "https" && host != "localhost" && host != "127.0.0.1" && host != "::1" {
		return errors.New("the url is not https: use https, or a token could be read on the way")
	}
	return nil
}
