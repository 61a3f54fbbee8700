package jira

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"latchkey/jira/check"
	"latchkey/jira/issue"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/transition"
	"latchkey/jira/watch"
)

// Config says where Jira is, which project to write to and how its workflow is named.
type Config struct {
	Rest rest.Config
	Site site.Config

	// Memory keeps the ids of what the configuration calls by name; nil for none.
	Memory site.Memory

	// SearchLag is how long after an unclear create it must stay certain that no
	// issue exists before another one is made. 0 means 60 s.
	SearchLag time.Duration
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
	Snapshots *watch.Reader    // reads how issues stand
	Archive   *watch.Archive   // reads back all that issues carry
	Checks    *check.Checker   // looks at the site for an administrator
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
	sites, people, moves := site.New(api, cfg.Site, cfg.Memory), site.NewAccounts(api), transition.New(api, cfg.Site)
	issues := issue.New(api, sites, people, moves, cfg.SearchLag)
	return &Client{
		Site: sites, Accounts: people, Issues: issues,
		Snapshots: watch.NewReader(api, sites, issues.StatusSeen), Archive: watch.NewArchive(api, sites),
		Checks: check.New(api, sites, moves),
	}, nil
}
