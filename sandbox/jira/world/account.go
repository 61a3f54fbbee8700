package world

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
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
	// Managed: the organization has claimed the account, so that its admins, and
	// nobody else, set the address.
	Managed bool
	// Verified is the address that was verified; another one in Email is as
	// somebody typed it. Empty: none was.
	Verified string
	// Nickname is the short public name.
	Nickname string
	// Lacks are permissions of the project that were taken from the account, such as
	// BROWSE_PROJECTS.
	Lacks []string
}

// LiveAccount is an account as it stands; Zone is the location of its TimeZone.
type LiveAccount struct {
	Account
	Zone *time.Location
}

// Browses tells whether the person may open issues outside the portal.
func (a *LiveAccount) Browses() bool {
	return a.Active && a.AccountType != "customer" && !slices.Contains(a.Lacks, "BROWSE_PROJECTS")
}

func (a *LiveAccount) name() string { return a.DisplayName }

func newAccount(in Account) *LiveAccount {
	in.DisplayName = cmp.Or(in.DisplayName, in.Email)
	in.AccountType = cmp.Or(in.AccountType, "atlassian")
	in.TimeZone = cmp.Or(in.TimeZone, "Etc/UTC")
	in.AccountID = cmp.Or(in.AccountID, accountIDFor(in.Email))
	loc, err := time.LoadLocation(in.TimeZone)
	if err != nil {
		loc = time.UTC
	}
	return &LiveAccount{Account: in, Zone: loc}
}

func accountIDFor(email string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(email)))
	return fmt.Sprintf("712020:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// AddAccount adds the account, or replaces the one with the same id.
func (s *State) AddAccount(in Account) *LiveAccount {
	a := newAccount(in)
	if _, known := s.Accounts[a.AccountID]; !known {
		s.People = append(s.People, a.AccountID)
	}
	s.Accounts[a.AccountID] = a
	s.note("account.saved", a.AccountID)
	return a
}

// person finds somebody who may act, for the verbs.
func (s *State) person(id string) (*LiveAccount, error) {
	a := s.Accounts[id]
	if a == nil {
		return nil, fmt.Errorf("no Jira account %q: add it with AddAccount first", id)
	}
	if !a.Active {
		return nil, fmt.Errorf("%s is deactivated in Jira and cannot act", a.name())
	}
	return a, nil
}

// FindAccounts lists who a search for people finds, in the order they were
// added.
func (s *State) FindAccounts(query string) []*LiveAccount {
	q := strings.ToLower(strings.TrimSpace(query))
	var out []*LiveAccount
	for _, id := range s.People {
		if a := s.Accounts[id]; a.Matches(q) {
			out = append(out, a)
		}
	}
	return out
}

// Matches is a prefix match on the words of the name and on the e-mail, also
// when the e-mail is hidden.
func (a *LiveAccount) Matches(q string) bool {
	if q == "" {
		return false
	}
	name := strings.ToLower(a.DisplayName)
	return strings.HasPrefix(strings.ToLower(a.Email), q) ||
		strings.HasPrefix(name, q) || strings.Contains(name, " "+q)
}

// May tells whether the person has a permission of the project.
func (a *LiveAccount) May(permission string) bool {
	switch permission {
	case "ADMINISTER", "ADMINISTER_PROJECTS":
		return a.Admin
	case "SERVICEDESK_AGENT":
		return a.Agent
	case "EDIT_ALL_COMMENTS", "DELETE_ALL_COMMENTS": // not in the role that agents have, unless somebody adds it
		return a.Admin
	}
	return a.Browses() && !slices.Contains(a.Lacks, permission)
}

// SetCustomer makes somebody a customer of the desk or ends it; false if there is
// no such account.
func (s *State) SetCustomer(id string, is bool) bool {
	a := s.Accounts[id]
	if a == nil {
		return false
	}
	a.Customer = is
	s.note("account.saved", id)
	return true
}
