package jira_test

import (
	"strings"
	"testing"

	"latchkey/jira"
	"latchkey/jira/jiratest"
)

func TestConfigFaults(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(*jira.Config)
		want  string
	}{
		"no address":          {func(c *jira.Config) { c.Rest.URL = "" }, "jira.url is missing"},
		"no host":             {func(c *jira.Config) { c.Rest.URL = "acme" }, "jira.url is not an address"},
		"plain http":          {func(c *jira.Config) { c.Rest.URL = "http://acme.atlassian.net" }, "unencrypted to acme.atlassian.net: use https"},
		"looks like loopback": {func(c *jira.Config) { c.Rest.URL = "http://localhost.acme.example" }, "unencrypted"},
		"other scheme":        {func(c *jira.Config) { c.Rest.URL = "ftp://127.0.0.1" }, "use https"},
		"password in address": {func(c *jira.Config) { c.Rest.URL = "https://bot:hunter2@acme.atlassian.net" }, "put credentials into"},
		"no token":            {func(c *jira.Config) { c.Rest.Token = " " }, "jira.token is missing"},
		"no project":          {func(c *jira.Config) { c.Site.Project = "" }, "jira.project is missing"},
		"no request type":     {func(c *jira.Config) { c.Site.RequestType = "" }, "jira.request_type is missing"},
		"no status":           {func(c *jira.Config) { delete(c.Site.Statuses, "stuck") }, "jira.statuses.stuck is missing"},
		"unknown status":      {func(c *jira.Config) { c.Site.Statuses["done"] = "Done" }, "jira.statuses.done is unknown"},
		"unknown transition":  {func(c *jira.Config) { c.Site.Transitions = map[string]string{"aproved": "x"} }, "jira.transitions.aproved is unknown"},
		"unknown resolution":  {func(c *jira.Config) { c.Site.Resolutions["active"] = "Done" }, "jira.resolutions.active is unknown"},
		"unknown field":       {func(c *jira.Config) { c.Site.Fields = map[string]string{"team": "x"} }, "jira.fields.team is unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := jiratest.Config("https://acme.atlassian.net", nil)
			tc.spoil(&cfg)
			_, err := jira.New(cfg)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("error %v, want %q", err, tc.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error gives the password away: %v", err)
			}
		})
	}
	for _, url := range []string{"https://acme.atlassian.net/", "http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost"} {
		if _, err := jira.New(jiratest.Config(url, nil)); err != nil {
			t.Errorf("%s is refused: %v", url, err)
		}
	}
}

// TestFurtherAccountsAreCheckedAsTheFirst: an organization's admin API and a Jira administrator are called with their own keys.
func TestFurtherAccountsAreCheckedAsTheFirst(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*jira.Config)
		good   bool
	}{
		"an organization": {func(c *jira.Config) {
			c.Organization = jira.OrganizationConfig{ID: "org-1", Key: "k", URL: "https://api.atlassian.com"}
		}, true},
		"an organization without a host": {func(c *jira.Config) { c.Organization = jira.OrganizationConfig{ID: "org-1", Key: "k", URL: "%"} }, false},
		"an administrator":               {func(c *jira.Config) { c.Admin = jira.Admin{Email: "admin@acme.example", Token: "t"} }, true},
	} {
		cfg := jiratest.Config("https://acme.atlassian.net", nil)
		tc.change(&cfg)
		if _, err := jira.New(cfg); (err == nil) != tc.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}
