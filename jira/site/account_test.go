package site_test

import (
	"net/http"
	"testing"

	"latchkey/access"
	"latchkey/jira"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

// organized is a desk whose site belongs to an organization that can be asked.
func organized(t *testing.T, key string) *jiratest.Desk {
	d := jiratest.New(t, func(c *sandbox.Config) { c.OrgID, c.OrgKey = "acme", "good" })
	d.Config.Organization = jira.OrganizationConfig{ID: "acme", Key: key, URL: d.URL}
	d.Restart()
	return d
}

// account is one that the organization manages, changed.
func account(change func(*sandbox.Account)) sandbox.Account {
	a := sandbox.Account{AccountID: "712020:tom", Email: "tom@acme.example", DisplayName: "Tom", Active: true, Managed: true, Verified: "tom@acme.example"}
	if change != nil {
		change(&a)
	}
	return a
}

func TestWhoseAnAccountIs(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*sandbox.Account)
		want   access.Email
	}{
		"managed and verified":        {nil, "tom@acme.example"},
		"its address is hidden":       {func(a *sandbox.Account) { a.HideEmail = true }, "tom@acme.example"},
		"unmanaged":                   {func(a *sandbox.Account) { a.Managed = false }, ""},
		"the address is not verified": {func(a *sandbox.Account) { a.Email = "boss@acme.example" }, ""},
		"deactivated":                 {func(a *sandbox.Account) { a.Active = false }, ""},
		"for the portal only":         {func(a *sandbox.Account) { a.AccountType = "customer" }, ""},
		"an app":                      {func(a *sandbox.Account) { a.AccountType = "app" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := organized(t, "good")
			d.Site.AddAccount(account(c.change))
			if got, err := d.Client.Accounts.Owner(t.Context(), "712020:tom"); err != nil || got != c.want {
				t.Errorf("got %q, %v, want %q", got, err, c.want)
			}
			want := ""
			if c.want != "" {
				want = "712020:tom"
			}
			if name == "for the portal only" {
				want = "712020:tom" // where to write to, not who they are
			}
			if name == "unmanaged" {
				want = "712020:tom"
			}
			if got, err := d.Client.Accounts.Account(t.Context(), access.Person{Email: "tom@acme.example"}); err != nil || got != want {
				t.Errorf("written to %q, %v, want %q", got, err, want)
			}
		})
	}
}

func TestWhoseAnUnknownAccountIs(t *testing.T) {
	d := organized(t, "good")
	for _, id := range []string{"712020:nobody", ""} {
		if got, err := d.Client.Accounts.Owner(t.Context(), id); err != nil || got != "" {
			t.Errorf("%q: got %q, %v", id, got, err)
		}
	}
	alone := jiratest.New(t)
	if got, err := alone.Client.Accounts.Owner(t.Context(), alone.Site.Accounts()[1].AccountID); err != nil || got != "" {
		t.Errorf("without an organization: got %q, %v", got, err)
	}
}

func TestAnOrganizationThatRefuses(t *testing.T) {
	d := organized(t, "bad")
	_, err := d.Client.Accounts.Owner(t.Context(), "712020:tom")
	if f := access.Classify(err); f.Class != access.Denied || f.Sentence != "The Atlassian organization does not accept jira.organization.key: make a new API key under Settings > API keys in admin.atlassian.com, and check jira.organization.id" {
		t.Errorf("got %+v", f)
	}
	d = organized(t, "good")
	d.Site.AddFault(sandbox.Fault{Method: http.MethodGet, Path: "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}", Status: 503})
	_, err = d.Client.Accounts.Owner(t.Context(), "712020:tom")
	if class := access.Classify(err).Class; class != access.Transient {
		t.Errorf("an outage is %s: %v", class, err)
	}
}

// TestAnOrganizationThatAnswersAboutSomebodyElse: a proxy keeps an answer.
func TestAnOrganizationThatAnswersAboutSomebodyElse(t *testing.T) {
	d := organized(t, "good")
	d.Site.AddAccount(account(nil))
	d.Config.Organization.HTTP = &http.Client{Transport: wrongAnswer{}}
	d.Restart()
	if got, err := d.Client.Accounts.Owner(t.Context(), d.Site.Accounts()[1].AccountID); err == nil || got != "" {
		t.Errorf("got %q, %v", got, err)
	}
}

// wrongAnswer asks about Tom, whoever was asked about.
type wrongAnswer struct{}

func (wrongAnswer) RoundTrip(r *http.Request) (*http.Response, error) {
	r.URL.Path = "/admin/v2/orgs/acme/directories/-/users/712020:tom"
	return http.DefaultTransport.RoundTrip(r)
}
