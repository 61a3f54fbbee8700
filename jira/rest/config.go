package rest

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Faults are the faults of the configuration, one sentence each.
func (c Config) Faults() []error {
	faults := []error{checkURL(c.URL)}
	if strings.TrimSpace(c.Token) == "" {
		faults = append(faults, errors.New("jira.token is missing: set it to the API token of the account that Latchkey uses"))
	}
	return faults
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
