package jira

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"latchkey/jira/check"
	"latchkey/jira/issue"
	"latchkey/jira/options"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/transition"
	"latchkey/jira/watch"
)

// Config says where Jira is, which project to write to and how its workflow is named.
type Config struct {
	Rest rest.Config
	Site site.Config
	// Organization is the Atlassian organization of a Cloud site; without an id
	// none is asked.
	Organization OrganizationConfig

	// KnownIDs keeps the ids of what the configuration calls by name; nil for none.
	KnownIDs site.KnownIDs

	// SearchLag is how long after an unclear create it must stay certain that no
	// issue exists before another one is made. 0 means 60 s.
	SearchLag time.Duration

	// Admin is whose account keeps the lists of the form; Latchkey's own, if it is empty.
	Admin Admin

	// Accounts are account ids that Latchkey had on this site before: what they
	// wrote is its own, too.
	Accounts []string
}

// Admin is the account of a Jira administrator.
type Admin struct{ Email, Token string }

// admin is a client that calls as the administrator.
func (c Config) admin(own *rest.Client) (*rest.Client, error) {
	if c.Admin == (Admin{}) {
		return own, nil
	}
	as := c.Rest
	as.Email, as.Token = c.Admin.Email, c.Admin.Token
	return rest.New(as)
}

// OrganizationConfig says how an organization's admin API is called.
type OrganizationConfig struct {
	ID, Key string
	URL     string       // https://api.atlassian.com
	HTTP    *http.Client // nil: a client of its own
}

// organization is a client of the admin API, nil if there is none to ask.
func (c Config) organization() (*site.Organization, error) {
	o := c.Organization
	if o.ID == "" {
		return nil, nil
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: 30 * time.Second}
	}
	api, err := rest.New(rest.Config{URL: o.URL, Token: o.Key, Now: c.Rest.Now, HTTP: o.HTTP, Logger: c.Rest.Logger})
	if err != nil {
		return nil, err
	}
	return site.NewOrganization(api, o.ID), nil
}

func (c Config) withDefaults() Config {
	if c.SearchLag <= 0 {
		c.SearchLag = time.Minute
	}
	if c.Rest.Now == nil {
		c.Rest.Now = time.Now
	}
	if c.Rest.HTTP == nil {
		c.Rest.HTTP = &http.Client{Timeout: 30 * time.Second}
	}
	if c.Rest.Logger == nil {
		c.Rest.Logger = slog.New(slog.DiscardHandler)
	}
	c.Rest.Project = c.Site.Project
	c.Rest.URL = strings.TrimRight(strings.TrimSpace(c.Rest.URL), "/")
	return c
}

// Client is everything that speaks to one site. All of it shares what was
// discovered about the site and learnt of its workflow, and is safe for
// concurrent use.
type Client struct {
	Site      *site.Discoverer // looks at the site
	Accounts  *site.Accounts   // finds people's accounts
	Issues    *issue.Writer    // writes issues
	Files     issue.Files      // attaches files to them
	Snapshots *watch.Reader    // reads how issues stand
	Archive   *watch.Archive   // reads back all that issues carry
	Checks    *check.Checker   // looks at the site for an administrator
	Options   *options.Keeper  // keeps the lists of the form as the catalogue
}

// New wires a client. It checks the configuration and reports every fault at
// once; it needs no network: the site is discovered by Site.Discover, or by the
// first call that needs it.
func New(cfg Config) (*Client, error) {
	cfg = cfg.withDefaults()
	if err := errors.Join(append(cfg.Rest.Faults(), cfg.Site.Faults()...)...); err != nil {
		return nil, err
	}
	api, err := rest.New(cfg.Rest)
	if err != nil {
		return nil, err
	}
	org, err := cfg.organization()
	if err != nil {
		return nil, err
	}
	admin, err := cfg.admin(api)
	if err != nil {
		return nil, err
	}
	sites, people, moves := site.New(api, cfg.Site, cfg.KnownIDs), site.NewAccounts(api, org), transition.New(api, cfg.Site)
	issues := issue.New(issue.Config{API: api, Sites: sites, Accounts: people, Moves: moves, Lag: cfg.SearchLag, RevocationLink: cfg.Site.RevocationLink})
	return &Client{
		Site: sites, Accounts: people, Issues: issues, Files: issue.NewFiles(api),
		Snapshots: watch.NewReader(api, sites, issues.StatusSeen), Archive: watch.NewArchive(api, sites, cfg.Accounts),
		Checks: check.New(api, sites, moves, people, check.Named{Resolutions: cfg.Site.Resolutions, Transitions: cfg.Site.Transitions, RevocationLink: cfg.Site.RevocationLink}), Options: options.New(admin, sites),
	}, nil
}
