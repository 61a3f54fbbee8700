package site

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"latchkey/access"
	"latchkey/jira/rest"
)

// Accounts finds people's accounts, and whose an account is.
type Accounts struct {
	api   *rest.Client
	org   *Organization // nil: nobody states whose an account is
	known *rest.Cache[knownAccount]
}

// knownAccount is the account that was found for a person, for a while.
type knownAccount struct {
	id    string
	until time.Time
}

// knownFor is for how long an account that was found for a person is written to.
const knownFor = time.Hour

// NewAccounts makes a finder of accounts. org may be nil.
func NewAccounts(api *rest.Client, org *Organization) *Accounts {
	return &Accounts{api: api, org: org, known: rest.NewCache[knownAccount]()}
}

// Owner is the address that the authority over an account states for it; "" if
// there is none, or if it states nothing. What the site itself shows is no
// statement: its holder has typed it.
func (a *Accounts) Owner(ctx context.Context, account string) (access.Email, error) {
	if a.org == nil || account == "" {
		return "", nil
	}
	return a.org.owner(ctx, account)
}

// Account is the Jira account to write to as a person's: the one that is bound to
// them, or else the one with their address, or "" when it can't be told which one
// that is. It says where a person reads something, never who somebody is.
func (a *Accounts) Account(ctx context.Context, p access.Person) (string, error) {
	if id := p.Account(access.SystemJira); id != "" {
		return id, nil
	}
	if p.Email == "" || slices.ContainsFunc(p.Bindings, access.Binding.IsAddress) && !p.Holds(p.Email) {
		return "", nil // what is merely shown may be somebody else's
	}
	if k, ok := a.known.Get(cacheKey(p)); ok && a.api.Now().Before(k.until) {
		return k.id, nil
	}
	id, err := a.find(ctx, p)
	if err == nil && id != "" {
		a.known.Put(cacheKey(p), knownAccount{id, a.api.Now().Add(knownFor)})
	}
	return id, err
}

// cacheKey is the person together with the address: one that moves to somebody else
// doesn't take the account with it.
func cacheKey(p access.Person) string { return string(p.ID) + "\n" + string(p.Email) }

// Forget drops the account remembered for a person, because Jira did not take it.
func (a *Accounts) Forget(p access.Person) { a.known.Drop(cacheKey(p)) }

// find asks the organization first, and then who shows the address.
func (a *Accounts) find(ctx context.Context, p access.Person) (string, error) {
	if a.org != nil {
		if id, err := a.org.account(ctx, p.Email); err != nil || id != "" {
			return id, err
		}
	}
	var found []rest.User
	query := url.Values{"query": {string(p.Email)}, "maxResults": {strconv.Itoa(accountsAtOnce)}}
	if err := a.api.Fetch(ctx, rest.Get("look the requester up", "rest/api/3/user/search", query), &found); err != nil {
		return "", err
	}
	if len(found) == accountsAtOnce {
		return "", nil // there may be more
	}
	return showing(found, p.Email), nil
}

// accountsAtOnce is how many accounts are asked for that match an address.
const accountsAtOnce = 50

// showing is the one account that shows the address. The search matches
// beginnings, names, and addresses that it doesn't show: none of these counts.
func showing(found []rest.User, who access.Email) string {
	found = slices.DeleteFunc(found, func(u rest.User) bool {
		return !u.Active || u.AccountType == "app" || u.EmailAddress == "" || access.NewEmail(u.EmailAddress) != who
	})
	if len(found) != 1 {
		return ""
	}
	return found[0].AccountID
}

// Organization is the Atlassian organization that the site belongs to. Its admin
// API knows what the site doesn't tell: whether the organization manages an account
// and whether the address was verified.
type Organization struct {
	api *rest.Client
	id  string
}

// NewOrganization makes a client of the organization with this id. api calls its
// admin API with a key of its own.
func NewOrganization(api *rest.Client, id string) *Organization { return &Organization{api, id} }

// AsksOrganization proves that the organization answers, if there is one to ask: it looks for an account that nobody has.
func (a *Accounts) AsksOrganization(ctx context.Context) (asked bool, err error) {
	if a.org == nil {
		return false, nil
	}
	_, err = a.org.account(ctx, access.NewEmail("nobody@latchkey.invalid"))
	if rest.StatusOf(err) == http.StatusNotFound {
		err = &access.Failure{Class: access.Rejected, Err: err, Sentence: "Atlassian knows no organization with the id under jira.organization.id: copy it from the address of admin.atlassian.com"}
	}
	return true, err
}

// orgUser is an account as the organization knows it.
type orgUser struct {
	AccountID, AccountType, AccountStatus, Email, ClaimStatus string
	EmailVerified                                             bool
}

// stated tells whether the organization answers for the address: it manages the
// account, so that only its admins set it.
func (u orgUser) stated() bool {
	return u.AccountID != "" && u.AccountType == "atlassian" && u.AccountStatus == "active" && u.ClaimStatus == "managed" && u.EmailVerified
}

// users is the path to the accounts of all of the organization's directories.
func (o *Organization) users() string {
	return "admin/v2/orgs/" + url.PathEscape(o.id) + "/directories/-/users"
}

func (o *Organization) owner(ctx context.Context, account string) (access.Email, error) {
	var got struct{ Data orgUser }
	err := o.api.Fetch(ctx, rest.Get("tell whose account it is", o.users()+"/"+url.PathEscape(account), nil), &got)
	switch {
	case rest.StatusOf(err) == http.StatusNotFound:
		return "", nil
	case err != nil:
		return "", o.refused(err)
	case got.Data.AccountID != account:
		return "", &access.Failure{Class: access.Transient, Sentence: "The Atlassian organization was asked about one account and answered with another: it is asked again. Look for a proxy that keeps answers"}
	case !got.Data.stated():
		return "", nil
	}
	return access.NewEmail(got.Data.Email), nil
}

// account is the one account whose address the organization states to be this.
func (o *Organization) account(ctx context.Context, who access.Email) (string, error) {
	var got struct{ Data []orgUser }
	err := o.api.Fetch(ctx, rest.Call{Method: http.MethodPost, Path: o.users() + "/search", What: "look somebody's account up", Body: map[string]any{"emails": []string{string(who)}, "limit": 50}}, &got)
	if err != nil {
		return "", o.refused(err)
	}
	found := slices.DeleteFunc(got.Data, func(u orgUser) bool { return !u.stated() || access.NewEmail(u.Email) != who })
	if len(found) != 1 {
		return "", nil
	}
	return found[0].AccountID, nil
}

// refused words what only this API refuses.
func (o *Organization) refused(err error) error {
	if access.Classify(err).Class != access.Denied {
		return err
	}
	return &access.Failure{Class: access.Denied, Err: err, Sentence: "The Atlassian organization does not accept jira.organization.key: make a new API key under Settings > API keys in admin.atlassian.com, and check jira.organization.id"}
}
