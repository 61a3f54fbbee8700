package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/slack-go/slack"

	"latchkey/bot/socket"
	"latchkey/bot/webapi"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/config"
	"latchkey/config/value"
	"latchkey/idp"
	"latchkey/jira"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/oncall"
)

// services are the clients of Slack, Jira and the directories.
type services struct {
	slack       *slack.Client
	pinned      func(ctx context.Context, workspace string) error // refuses another one; nil: takes any
	openSocket  socket.Opener
	jira        *jira.Client
	directories []idp.Directory
	onCall      *oncall.Schedules
}

// environment are what the clients are made with.
type environment struct {
	backends registry
	known    site.KnownIDs           // keeps what Jira's ids are; nil: nothing does
	catalog  func() *catalog.Catalog // that is in force; nil: the configuration's
	among    func() int              // how many replicas share the services' limits; nil: there is no other
	started  bool                    // there is history: a directory that can't be opened keeps none of the others
	metrics  *metrics
	clock    clock.Clock
	log      *slog.Logger
	hooks    Hooks
	secrets  *value.Secrets // that no answer of a service may repeat
}

// way is how a service is called.
func (e environment) way(service string) http.RoundTripper {
	var next http.RoundTripper = e.transport()
	if e.hooks.Calls != nil {
		next = e.hooks.Calls(service, next)
	}
	return e.metrics.counted(service, discreet(e.secrets, next))
}

// openDirectory opens one directory.
func (e environment) openDirectory(ctx context.Context, d config.Directory, around idp.Environment) (dir idp.Directory, err error) {
	if e.hooks.Opening == nil {
		return e.backends.openDirectory(ctx, d, around)
	}
	e.hooks.Opening(func() { dir, err = e.backends.openDirectory(context.WithoutCancel(ctx), d, around) })
	return dir, err
}

// transport is the way to one service.
func (e environment) transport() *http.Transport {
	t := transport()
	if e.hooks.Dial != nil {
		t.DialContext = e.hooks.Dial
	}
	return t
}

// connect makes the clients; they call nobody yet.
func connect(ctx context.Context, c *config.Config, with environment) (*services, error) {
	with.secrets = c.Secrets
	s, clock, log := &services{}, with.clock, with.log
	for _, d := range c.IDP {
		around := directoryEnvironment(c, d)
		around.Transport, around.Among, around.Clock, around.Logger = current{directoryToken(d), with.way(d.ID)}, with.among, clock, log
		dir, err := with.openDirectory(ctx, d, around)
		if err != nil && !with.started {
			return nil, err
		}
		if err != nil {
			log.Error("a directory can't be opened; going on without it", "directory", d.ID, "error", err)
			dir = closed{d.ID, err}
		}
		s.directories = append(s.directories, idp.Logged(dir, log))
	}
	var err error
	if s.jira, err = openJira(c, with, with.way("jira")); err != nil {
		return nil, err
	}
	s.slackClients(c, with)
	s.onCall = oncall.New(onCallSources(c), with.way("oncall"), clock)
	return s, nil
}

// slackClients makes the clients of Slack.
func (s *services) slackClients(c *config.Config, with environment) {
	pace := slackPace(c)
	pace.Next, pace.Among, pace.Clock = with.way("slack"), with.among, with.clock
	at := slackAccess(c)
	s.slack = slack.New(at.botToken.Reveal(), slack.OptionAPIURL(at.url), slack.OptionHTTPClient(through(current{at.botToken, webapi.NewPace(pace)})))
	s.openSocket = socket.OpenWith(through(current{at.appToken, discreet(with.secrets, with.transport())}), at.url, at.appToken.Reveal())
}

// openJira makes the client of Jira; it calls nobody yet.
func openJira(c *config.Config, with environment, way http.RoundTripper) (*jira.Client, error) {
	cfg := jiraConfig(c)
	cfg.KnownIDs = with.known
	if with.catalog != nil {
		cfg.Site.Choices = func() map[string][]string { return choices(with.catalog()) }
	}
	pace := jiraPace(c)
	pace.Next, pace.Among, pace.Clock = way, with.among, with.clock
	return connectJira(c, cfg, pace, with.log)
}

// openJiraAs is openJira for somebody who administers Jira.
func openJiraAs(c *config.Config, admin jira.Admin, way http.RoundTripper, clock clock.Clock, log *slog.Logger) (*jira.Client, error) {
	cfg := jiraConfig(c)
	cfg.Admin = admin
	pace := jiraPace(c)
	pace.Next, pace.Clock = way, clock
	return connectJira(c, cfg, pace, log)
}

func connectJira(c *config.Config, cfg jira.Config, pace rest.PaceConfig, log *slog.Logger) (*jira.Client, error) {
	cfg.Rest.Now, cfg.Rest.Logger, cfg.Rest.HTTP = pace.Clock.Now, log, through(current{c.Jira.Token, rest.NewPace(pace)})
	cfg.Organization.HTTP = through(pace.Next)
	client, err := jira.New(cfg)
	if err != nil {
		return nil, fmt.Errorf("jira: %w", err)
	}
	return client, nil
}

// transport is the way to one service, with connections enough for its workers.
func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 16
	t.DialContext = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	return t
}

// through is a client whose calls take their time, but not for ever.
func through(t http.RoundTripper) *http.Client {
	return &http.Client{Timeout: 30 * time.Second, Transport: t}
}
