package jira

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
)

// Account is a person or app on the site.
type Account struct {
	// AccountID is opaque; empty means derived from the e-mail.
	AccountID, Email, DisplayName string
	// TimeZone is an IANA name; JQL dates are read in it. Empty means UTC.
	TimeZone string
	// Active is false for deactivated accounts, which cannot act.
	Active bool
	// HideEmail keeps the address out of every answer, though search still
	// matches it.
	HideEmail bool
	// Agent is a service desk agent; Customer may raise and see own requests.
	Agent, Customer bool
	// AccountType is "atlassian" (licensed), "customer" (portal only) or "app".
	AccountType string
	// Token, when set, is the API token the person may use over HTTP.
	Token string
	// Admin is a Jira administrator.
	Admin bool
}

type account struct {
	Account
	loc *time.Location
}

// browses tells whether the person may open issues outside the portal.
func (a *account) browses() bool { return a.Active && a.AccountType != "customer" }

func (a *account) name() string { return a.DisplayName }

func newAccount(in Account) *account {
	in.DisplayName = cmp.Or(in.DisplayName, in.Email)
	in.AccountType = cmp.Or(in.AccountType, "atlassian")
	in.TimeZone = cmp.Or(in.TimeZone, "Etc/UTC")
	in.AccountID = cmp.Or(in.AccountID, accountIDFor(in.Email))
	loc, err := time.LoadLocation(in.TimeZone)
	if err != nil {
		loc = time.UTC
	}
	return &account{Account: in, loc: loc}
}

func accountIDFor(email string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(email)))
	return fmt.Sprintf("712020:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// addAccount adds the account, or replaces the one with the same id.
func (w *world) addAccount(in Account) *account {
	a := newAccount(in)
	if _, known := w.accounts[a.AccountID]; !known {
		w.people = append(w.people, a.AccountID)
	}
	w.accounts[a.AccountID] = a
	w.changed = true
	return a
}

// person finds somebody who may act, for the verbs.
func (w *world) person(id string) (*account, error) {
	a := w.accounts[id]
	if a == nil {
		return nil, fmt.Errorf("no Jira account %q: add it with AddAccount first", id)
	}
	if !a.Active {
		return nil, fmt.Errorf("%s is deactivated in Jira and cannot act", a.name())
	}
	return a, nil
}

func (w *world) findPeople(query string) []*account {
	q := strings.ToLower(strings.TrimSpace(query))
	var out []*account
	for _, id := range w.people {
		if a := w.accounts[id]; a.matches(q) {
			out = append(out, a)
		}
	}
	return out
}

// matches is a prefix match on the words of the name and on the e-mail, also
// when the e-mail is hidden.
func (a *account) matches(q string) bool {
	if q == "" {
		return false
	}
	name := strings.ToLower(a.DisplayName)
	return strings.HasPrefix(strings.ToLower(a.Email), q) ||
		strings.HasPrefix(name, q) || strings.Contains(name, " "+q)
}
