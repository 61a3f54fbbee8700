package jira

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The keys of Config.Statuses, Config.Transitions and Config.Resolutions.
const (
	Pending   = "pending"
	Approved  = "approved"
	Manual    = "manual"
	Granted   = "granted"
	Stuck     = "stuck"
	Declined  = "declined"
	Withdrawn = "withdrawn"
	Closed    = "closed"
)

// Keys lists the status keys in the order in which a request usually meets them.
func Keys() []string {
	return []string{Pending, Approved, Manual, Granted, Stuck, Declined, Withdrawn, Closed}
}

// Config says which project to write to and how its workflow is named.
type Config struct {
	// URL is the site, for example https://acme.atlassian.net, or the gateway
	// https://api.atlassian.com/ex/jira/CLOUD-ID for scoped tokens.
	URL string
	// Email and Token are the bot's account and API token. Without Email the
	// token is sent as a bearer token.
	Email, Token string
	// Server says that the site is a Data Center or Server. The token is then a
	// personal access token, and Email is left empty.
	Server bool

	Project     string // project key
	RequestType string // name of the request type, as the portal shows it

	// Statuses maps every key of Keys to the name of a status. Several keys may
	// share one.
	Statuses map[string]string
	// Transitions names the transition to take to a key's status. Needed only
	// where several lead there.
	Transitions map[string]string
	// Resolutions names the resolution to set for declined, withdrawn and
	// closed. It is sent only where the transition's screen has the field.
	Resolutions map[string]string
	// Fields maps app, role, duration, reason, until and approvers to a field's
	// id or name; all are optional. The first four are on the form: they are
	// filled in, and read from requests that people make in the portal. until is
	// kept up to date while access lasts. approvers is the field that Jira's own
	// approvals take their approvers from.
	Fields map[string]string

	// Settle is how long after an unclear create it must stay certain that no
	// issue exists before another one is made. 0 means 60 s.
	Settle time.Duration

	Now    func() time.Time // nil: time.Now
	HTTP   *http.Client     // nil: a client with a timeout of 30 s; its redirect policy is replaced
	Logger *slog.Logger     // nil: silent
}

func (c Config) withDefaults() Config {
	if c.Settle <= 0 {
		c.Settle = time.Minute
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: 30 * time.Second}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	c.URL = strings.TrimRight(strings.TrimSpace(c.URL), "/")
	return c
}

// check reports every fault of the configuration at once, one sentence each.
func (c Config) check() error {
	faults := []error{checkURL(c.URL)}
	for _, need := range []struct{ key, value, remedy string }{
		{"jira.token", c.Token, "set it to the API token of the account that Latchkey uses"},
		{"jira.project", c.Project, "set it to the key of the service project, for example IT"},
		{"jira.request_type", c.RequestType, "set it to the name of the request type, as the portal shows it"},
	} {
		if strings.TrimSpace(need.value) == "" {
			faults = append(faults, fmt.Errorf("%s is missing: %s", need.key, need.remedy))
		}
	}
	for _, key := range Keys() {
		if strings.TrimSpace(c.Statuses[key]) == "" {
			faults = append(faults, fmt.Errorf("jira.statuses.%s is missing: name the status an issue has then", key))
		}
	}
	faults = append(faults,
		checkKeys("jira.statuses", c.Statuses, Keys()),
		checkKeys("jira.transitions", c.Transitions, Keys()),
		checkKeys("jira.resolutions", c.Resolutions, []string{Declined, Withdrawn, Closed}),
		checkKeys("jira.fields", c.Fields, []string{fieldApp, fieldRole, fieldDuration, fieldReason, fieldUntil, fieldApprovers}))
	return errors.Join(faults...)
}

func checkKeys(name string, m map[string]string, known []string) error {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(known, key) {
			return fmt.Errorf("%s.%s is unknown: use one of %s", name, key, strings.Join(known, ", "))
		}
	}
	return nil
}

// checkURL insists on https, so that the token is never sent in the clear. Only
// loopback addresses may do without.
func checkURL(raw string) error {
	u, err := url.Parse(raw)
	switch {
	case raw == "":
		return errors.New("jira.url is missing: set it to the site, for example https://acme.atlassian.net")
	case err != nil || u.Hostname() == "":
		return errors.New("jira.url is not an address: write for example https://acme.atlassian.net")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("jira.url must hold the address only: put credentials into jira.email and jira.token")
	case u.Scheme == "https", u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	}
	return fmt.Errorf("jira.url would send the token unencrypted to %s: use https", u.Hostname())
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
