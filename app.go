package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot"
	"latchkey/bot/socket"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/idp"
	"latchkey/jira"
	"latchkey/store"
	"latchkey/workflow"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// App is Latchkey, wired: what runs in production and in the end-to-end tests.
type App struct {
	config  *Config
	log     *slog.Logger
	store   store.Store
	dirs    []idp.Directory
	ledger  *jira.Client
	slack   *slack.Client
	flow    *workflow.Service
	bot     *bot.Bot
	socket  *socket.Client
	metrics *metrics
	now     func() time.Time
}

// Seams are what the surroundings may replace: time in the sandbox, the log
// anywhere, and, where it is tested that the process may die at any moment, what
// stands between two steps of its work. The zero value is production.
type Seams struct {
	Clock   clock.Clock
	Logger  *slog.Logger
	Store   func(store.Store) store.Store       // put around the store; nil: as it is
	Handler func(socket.Handler) socket.Handler // put around who answers Slack; nil: as they are
}

func (s Seams) withDefaults(c *Config) Seams {
	if s.Clock == nil {
		s.Clock = clock.System{}
	}
	if s.Logger == nil {
		s.Logger = newLogger(c, os.Stderr)
	}
	return s
}

// Open wires Latchkey in reading order: what it keeps, what it changes, where it
// records, who it talks to. It opens the store and talks to nobody yet. Close
// the App even when Run was never called.
func Open(ctx context.Context, c *Config, seams Seams) (*App, error) {
	seams = seams.withDefaults(c)
	a := &App{config: c, log: seams.Logger, now: seams.Clock.Now}

	var err error
	if a.store, err = stores()[c.Store.Type](ctx, c.Store, a.log); err != nil {
		return nil, err
	}
	if seams.Store != nil {
		a.store = seams.Store(a.store)
	}
	if err := a.connect(ctx, seams.Clock); err != nil {
		return nil, errors.Join(err, a.store.Close())
	}

	roster, news := bot.NewRoster(a.slack, seams.Clock.Now), bot.NewNews()
	messenger := bot.NewMessenger(bot.MessengerConfig{
		API: a.slack, ITChannel: c.Slack.ITChannel, Command: c.Slack.Command, Logger: a.log, News: news,
	})
	if a.flow, err = a.compose(seams.Clock, roster, messenger); err != nil {
		return nil, errors.Join(err, a.store.Close())
	}
	a.bot = bot.New(bot.Config{
		API: a.slack, Catalog: a.catalog, Requests: a.flow.Requests, Query: a.flow.Query, People: a.flow.People, Refusals: a.flow, News: news,
		Roster: roster, Command: c.Slack.Command, Logger: a.log, Now: seams.Clock.Now,
	})
	var handler socket.Handler = a.bot
	if seams.Handler != nil {
		handler = seams.Handler(handler)
	}
	handler = a.metrics.timed(handler)
	a.socket = socket.New(socket.Config{
		Open:    socket.OpenWith(through(transport()), c.Slack.APIURL, c.Slack.AppToken.Reveal()),
		Handler: handler, Logger: a.log,
	})
	return a, nil
}

// compose makes the workflow.
func (a *App) compose(clock clock.Clock, roster people.Roster, messenger notify.Messenger) (*workflow.Service, error) {
	c := a.config
	return workflow.New(workflow.Config{
		Store: a.store, Catalog: a.catalog, Directories: a.dirs, Clock: clock, Logger: a.log, Owner: processName(),
		Admins: emails(c.People.Admins), Fallback: emails(c.People.Fallback), Protected: c.Protected, OnBehalf: onBehalfOf(c.People.OnBehalf),
		LapseAfter: c.Lapse, BreakGlass: c.Emergency, InFlight: inFlight(c, a.dirs), Calendar: c.Calendar, Idle: c.Reconcile.Idle,
		Poll: c.Jira.Poll, JiraDecides: slices.Contains(c.Jira.Decisions, "jira"), SlackLink: slackLink(c.Slack.AppToken),
	}, workflow.Ports{
		Roster: roster, Messenger: messenger,
		Issues: a.ledger, Reports: a.ledger, Comments: a.ledger, Incidents: a.ledger, Accounts: a.ledger, Inbox: a.ledger,
	})
}

// catalog is what may be asked for.
func (a *App) catalog() *catalog.Catalog { return a.config.Catalog }

// connect makes the clients of the services.
func (a *App) connect(ctx context.Context, clock clock.Clock) error {
	a.metrics = newMetrics()
	for _, d := range a.config.IDP {
		dir, err := directories()[d.Type](ctx, d, a.config.Limits, a.metrics.counted(d.ID, transport()), clock, a.log)
		if err != nil {
			return err
		}
		a.dirs = append(a.dirs, idp.Logged(dir, a.log))
	}
	var err error
	if a.ledger, err = openJira(a.config, a.metrics.counted("jira", transport()), clock, a.log); err != nil {
		return err
	}
	limits := a.config.Limits.Slack
	pace := bot.NewPace(bot.PaceConfig{Next: a.metrics.counted("slack", transport()), Clock: clock, ChannelBurst: limits.ChannelBurst, PostsMinute: limits.PostsMinute})
	a.slack = slack.New(a.config.Slack.BotToken.Reveal(), slack.OptionAPIURL(a.config.Slack.APIURL), slack.OptionHTTPClient(through(pace)))
	return nil
}

// openJira makes the client of Jira; it calls nobody yet.
func openJira(c *Config, way http.RoundTripper, clock clock.Clock, log *slog.Logger) (*jira.Client, error) {
	j := c.Jira
	client, err := jira.New(jira.Config{
		URL: j.URL, Email: j.Email, Token: j.Token.Reveal(), Project: j.Project, RequestType: j.RequestType,
		Statuses: j.Statuses, Transitions: j.Transitions, Resolutions: j.Resolutions, Fields: j.Fields,
		Settle: j.Settle, Server: j.Server, Now: clock.Now, Logger: log,
		HTTP: through(jira.NewPace(jira.PaceConfig{Next: way, Clock: clock, PerSecond: c.Limits.Jira.PerSecond})),
	})
	if err != nil {
		return nil, fmt.Errorf("jira: %w", err)
	}
	return client, nil
}

// Run looks at every service once, then works until ctx ends. What was begun is
// finished before it returns.
func (a *App) Run(ctx context.Context) error {
	defer a.openOffice()()
	closePages, err := a.openPages()
	if err != nil {
		return err
	}
	defer closePages()
	if err := a.greet(ctx); err != nil {
		if ctx.Err() != nil {
			return nil // stopped before anything was begun
		}
		return err
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	worker := make(chan error, 1)
	go func() { worker <- a.flow.Run(working) }()

	err = a.socket.Run(working)
	stop()
	finishing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	err = errors.Join(err, a.bot.Close(finishing), <-worker)
	if ctx.Err() != nil && onlyCancelled(err) {
		return nil
	}
	return err
}

func onlyCancelled(err error) bool { return err == nil || errors.Is(err, context.Canceled) }

// Close releases the store.
func (a *App) Close() error { return a.store.Close() }

// greet proves that the services answer and the tokens are right. A first start
// refuses to go on otherwise. A later one goes on without a service that is down
// for now: what is due to be removed must not wait for Jira or Slack.
func (a *App) greet(ctx context.Context) error {
	started, err := a.hasHistory(ctx)
	if err != nil {
		return err
	}
	for _, hello := range []func(context.Context) error{a.greetSlack, a.greetJira, a.greetDirectories} {
		err := hello(ctx)
		if err == nil {
			continue
		}
		if started && passing(err) {
			a.log.Warn("a service does not answer; going on without it for now", "error", err)
			continue
		}
		return err
	}
	return nil
}

func (a *App) hasHistory(ctx context.Context) (yes bool, err error) {
	err = a.store.View(ctx, func(tx store.Tx) error {
		_, yes, err = tx.Head()
		return err
	})
	return yes, err
}

// passing tells failures that go away by themselves from those a human must mend.
func passing(err error) bool {
	class := access.Classify(err).Class
	return class != access.Denied && class != access.Rejected
}

func (a *App) greetSlack(ctx context.Context) error {
	if err := bot.Probe(ctx, a.slack); err != nil {
		return fmt.Errorf("slack: %w", err)
	}
	return nil
}

func (a *App) greetJira(ctx context.Context) error {
	if err := a.ledger.Discover(ctx); err != nil {
		return fmt.Errorf("jira: %w", err)
	}
	return nil
}

func (a *App) greetDirectories(ctx context.Context) error {
	for _, d := range a.dirs {
		p, ok := idp.As[idp.Prober](d)
		if !ok {
			continue
		}
		findings, err := p.Probe(ctx)
		if err != nil {
			return directoryError(d, err)
		}
		for _, f := range findings {
			if !f.OK {
				return &access.Failure{Class: access.Denied, Sentence: fmt.Sprintf("directory %s: %s: %s", d.ID(), f.Check, f.Detail)}
			}
		}
	}
	return nil
}

func directoryError(d idp.Directory, err error) error {
	f := &access.Failure{Class: access.Transient, Sentence: "directory " + d.ID() + " does not answer", Err: err}
	if errors.Is(err, idp.ErrDenied) {
		f.Class, f.Sentence = access.Denied, "directory "+d.ID()+" refuses the token: check the key under idp"
	}
	return f
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

func inFlight(c *Config, dirs []idp.Directory) map[string]int {
	out := map[string]int{"slack": c.Limits.Slack.InFlight, "jira": c.Limits.Jira.InFlight}
	for _, d := range dirs {
		out[d.ID()] = c.Limits.IDP.InFlight
	}
	return out
}

// processName tells this process from others that share a store.
func processName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "latchkey"
	}
	return fmt.Sprintf("%s/%d/%d", host, os.Getpid(), time.Now().UnixNano())
}

func onBehalfOf(in []string) []people.OnBehalf {
	var out []people.OnBehalf
	for _, kind := range in {
		out = append(out, people.OnBehalf(kind))
	}
	return out
}

func emails(in []string) []access.Email {
	var out []access.Email
	for _, e := range in {
		out = append(out, access.NewEmail(e))
	}
	return out
}

// newLogger writes the operator's log, without secrets.
func newLogger(c *Config, w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log.Level)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	var h slog.Handler = slog.NewTextHandler(w, options)
	if strings.EqualFold(c.Log.Format, "json") {
		h = slog.NewJSONHandler(w, options)
	}
	return slog.New(Redacting(h, c.secrets()...))
}

// secrets are all values that must never be written anywhere.
func (c *Config) secrets() []Secret {
	out := []Secret{c.Slack.AppToken, c.Slack.BotToken, c.Jira.Token, c.Store.URL}
	for _, d := range c.IDP {
		out = append(out, d.Token, d.PrivateKey, d.ClientSecret, d.Credentials)
	}
	return out
}

// slackLink opens the app in Slack. The app's id is the third part of its token
// (xapp-1-A0123456789-…).
func slackLink(token Secret) string {
	parts := strings.Split(token.Reveal(), "-")
	if len(parts) < 3 || !strings.HasPrefix(parts[2], "A") {
		return ""
	}
	return "https://slack.com/app_redirect?app=" + parts[2]
}
