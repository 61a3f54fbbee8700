// Package app wires Latchkey: what it keeps, what it changes, where it records,
// who it talks to. It also holds what a running Latchkey shows of itself: the
// admin server that commands ask, metrics and health pages.
package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/bot"
	"latchkey/bot/messenger"
	"latchkey/bot/roster"
	"latchkey/bot/socket"
	"latchkey/clock"
	"latchkey/config"
	"latchkey/signin"
	"latchkey/store"
	"latchkey/workflow"
	"latchkey/workflow/anchor"

	"latchkey/workflow/campaigns/export"
)

// App is Latchkey, wired: what runs in production and in the end-to-end tests.
type App struct {
	config   *config.Config // as it was started with
	inForce  *inForce       // the catalogue that is in force
	reload   Reload
	outside  outside
	started  bool // there is history: nothing but the store keeps it from working
	replaced bool // the store stands where a newer one stood
	keys     *keys
	log      *slog.Logger
	clock    clock.Clock
	store    store.Store
	services *services
	workflow *workflow.Service
	bot      *bot.Bot
	socket   *socket.Client
	deaf     bool // holds no socket: other replicas take what people do in Slack
	metrics  *metrics
	listen   func(network, address string) (net.Listener, error)
	outages  *outages
	health   *health
}

// Open wires Latchkey in reading order. It opens the store and talks to nobody
// yet. Close the App even when Run was never called.
func Open(ctx context.Context, c *config.Config, hooks Hooks) (*App, error) {
	hooks = hooks.withDefaults(c)
	a := &App{config: c, inForce: newInForce(c.Catalog), reload: hooks.Reload, log: hooks.Logger, clock: hooks.Clock, listen: hooks.Listen, metrics: newMetrics(), deaf: hooks.NoSockets}
	a.metrics.of(replicaName(c))
	a.log = a.metrics.counting(a.log)
	for _, w := range c.Warnings {
		a.log.Warn("the configuration may not say what is meant", "file", c.Path, "line", w.Line, "column", w.Column, "problem", w.Problem)
	}

	if err := a.insist(ctx, func() error { return a.begin(ctx, hooks) }); err != nil {
		return nil, err
	}
	if err := a.wire(ctx, hooks); err != nil {
		return nil, errors.Join(err, a.store.Close())
	}
	return a, nil
}

// insist does what the start needs, again whenever the database went away in the middle of it.
func (a *App) insist(ctx context.Context, do func() error) error {
	for told := false; ; told = true {
		err := do()
		if store.Rests(err) && ctx.Err() != nil {
			return ctx.Err() // it was stopped meanwhile
		}
		if !waitForDatabase(ctx, err, told, a.log) {
			return err
		}
	}
}

// begin opens the store and finds out whether there is history. A first start needs
// all tokens; a later one goes on with those that are there.
func (a *App) begin(ctx context.Context, hooks Hooks) (err error) {
	if a.store, err = a.openStore(ctx, hooks.backends); err != nil {
		return err
	}
	if a.deaf && a.store.Exclusive() {
		return errors.Join(errAlone, a.store.Close())
	}
	a.store = hooks.Store(a.store)
	ctx = context.WithoutCancel(ctx)
	if a.started, err = hasHistory(ctx, a.store); err == nil {
		err = refusePart(ctx, a.store)
	}
	if err == nil {
		a.keys, err = beginKeys(ctx, a.config, a.store, a.clock.Now)
	}
	if err == nil {
		a.replaced, err = behindMark(ctx, storeFile(a.config), a.store)
	}
	if err == nil && !a.started {
		err = a.config.RequireSecrets()
	}
	if err != nil {
		return errors.Join(err, a.store.Close())
	}
	return nil
}

// errAlone: whoever has the store for themselves has to take what people do.
var errAlone = errors.New("--no-sockets is for further replicas on one PostgreSQL: with its store in a file this bot is the only one, and nobody would hear what people do in Slack")

// wire makes everything that works on the store.
func (a *App) wire(ctx context.Context, hooks Hooks) (err error) {
	c := a.config
	if a.services, err = connect(ctx, c, environment{hooks.backends, names{a.store, "jira"}, a.inForce.now, a.attendance, a.started, a.metrics, a.clock, a.log, hooks, c.Secrets}); err != nil {
		return err
	}
	a.outages = newOutages()
	roster, feed := roster.New(a.services.slack, a.clock.Now), messenger.NewFeed()
	roster.TakeStatus(c.Slack.Away)
	telling := messengerConfig(c)
	telling.API, telling.Logger, telling.Feed = a.services.slack, a.log, feed
	if a.workflow, err = a.compose(roster, messenger.New(telling), hooks.Together); err != nil {
		return err
	}
	pinned := func(system string) func(context.Context, string) error {
		return func(ctx context.Context, tenant string) error {
			return a.workflow.People.Tenants().Check(ctx, system, tenant)
		}
	}
	a.outside = outside{a.services.directories, roster, a.services.onCall}
	a.services.pinned = pinned(access.SystemSlack)
	roster.Pin(a.services.pinned)
	a.services.jira.Site.Pin(pinned(access.SystemJira))

	meeting := botConfig(c)
	meeting.Catalog = a.inForce.now
	meeting.API, meeting.Roster, meeting.Feed = a.services.slack, roster, feed
	meeting.Requests, meeting.Controls, meeting.Query, meeting.People, meeting.Refusals = a.workflow.Requests, a.workflow.Controls, a.workflow.Query, a.workflow.People, a.workflow
	meeting.SignIns, meeting.Notices, meeting.Ahead, meeting.Answering, meeting.Delegations, meeting.Birthrights, meeting.Campaigns, meeting.Seats = a.workflow.StepUp, a.workflow.Notices, a.workflow, a.workflow.Answering, a.workflow.Delegations, a.workflow.Birthrights, a.workflow.Campaigns, a.workflow.Reclaim
	meeting.Logger, meeting.Now, meeting.SlackWaits = a.log, a.clock.Now, hooks.SlackWaits
	if a.bot, err = bot.New(meeting); err != nil {
		return err
	}
	a.socket = socket.New(socket.Config{
		Open: a.services.openSocket, Dialer: hooks.dialer(), Handler: a.metrics.timed(hooks.Handler(a.bot)), Logger: a.log, Persist: a.started,
	})
	replica := processName()
	needed := append(a.services.all(a.socket), service{name: "configuration", called: "the configuration", hello: a.configured},
		service{name: "evidence", called: "the signing key", hello: a.keys.hello},
		service{name: "replicas", called: "the replicas' configuration", hello: func(ctx context.Context) error {
			return alike(ctx, a.store, replica, goesBy{a.inForce.now().Version(), a.clock.Now()})
		}, again: alikeAgain},
		service{name: "places", called: "the log's order", hello: func(ctx context.Context) error { return placed(ctx, a.store) }, again: placesAgain},
		service{name: anchor.Outage, called: "the log", hello: a.workflow.Anchors.Hello, telling: true})
	a.health = newHealth(a.outages, needed, a.clock, a.log, a.workflow)
	return nil
}

// openStore opens the store. While a command is at work on it, or its database can't be
// worked with, it waits: what is due doesn't end because somebody asks for a report at
// the wrong moment.
func (a *App) openStore(ctx context.Context, with registry) (store.Store, error) {
	for told := false; ; told = true {
		s, err := with.openStore(ctx, a.config.Store, a.log)
		if waitForDatabase(ctx, err, told, a.log) {
			continue
		}
		if !errors.Is(err, store.ErrInUse) || ctx.Err() != nil || askBot(ctx, a.config) != nil {
			return s, err
		}
		if !told {
			a.log.Warn("a command of Latchkey is at work on the store; waiting until it is done", "store", storeFile(a.config))
		}
	}
}

// attendance is how many replicas work on the store, and so share the limits of services.
func (a *App) attendance() int {
	if shared, ok := a.store.(store.Attended); ok {
		_, replicas := shared.Attendance()
		return replicas
	}
	return 1
}

// compose makes the workflow.
func (a *App) compose(roster *roster.Roster, messenger *messenger.Messenger, together time.Duration) (*workflow.Service, error) {
	working := workflowConfig(a.config)
	working.Catalog, working.Carrying = a.inForce.now, a.inForce.carry
	working.Store, working.Directories = a.store, a.services.directories
	working.Clock, working.Logger, working.Owner = a.clock, a.log, processName()
	working.Sign, working.Trust, working.Blocked = a.keys.Sign, a.keys.trust, a.keys.lacking
	working.Replaced, working.Together = a.replaced, together
	jira := a.services.jira
	return workflow.New(working, workflow.Ports{
		Roster: roster, Groups: roster, OnCalls: a.services.onCall, Messenger: messenger,
		Issues: jira.Issues, Reports: jira.Issues, Renewals: jira.Issues, Comments: jira.Issues, Files: jira.Files, Delays: jira.Issues, Erasures: jira.Issues, Incidents: jira.Issues, Ends: jira.Issues, Reopens: jira.Issues, Standings: jira.Issues,
		Accounts: jira.Accounts, Inbox: jira.Snapshots, Record: jira.Snapshots, Outages: a.outages,
		Anchors: anchorPlaces(a.config, a.services, messenger),
	})
}

// Run works until ctx ends. What was begun is finished before it returns. A first
// start looks at every service and goes on only if all is as it should be: one that can't be reached is waited for. A later
// one goes on whatever the services say: what is due to be removed waits for none
// but its own directory.
func (a *App) Run(ctx context.Context) error {
	var changed *keyChange
	err := a.insist(ctx, func() (err error) {
		changed, err = a.keys.start(ctx, a.started)
		return err
	})
	if err != nil {
		return err
	}
	a.tellKey(ctx, changed)
	if !a.replaced { // else the next start is to know it, too
		mark(ctx, storeFile(a.config), a.store, a.log)
		defer mark(ctx, storeFile(a.config), a.store, a.log)
	}
	defer a.openAdmin()()
	if a.started {
		logStart(ctx, a.config, a.inForce.now(), a.store, a.log)
	} else {
		a.log.InfoContext(ctx, "Latchkey is started for the first time: it looks at every service before it begins.", "version", buildVersion())
	}
	logQuarantines(ctx, a.store, a.log)
	closePages, err := a.openPages()
	if err != nil && !a.started {
		return err
	}
	if err != nil {
		a.log.Error("metrics and health can't be shown; going on without them", "error", err)
	}
	defer closePages()
	closeSignIn, err := openSignIn(a.listen, signInAddress(a.config), signin.Config{
		SignIns: a.workflow.StepUp, Names: a.workflow.People, Catalog: a.inForce.now, URL: a.config.SignIn.URL, Logger: a.log,
	})
	if err != nil && !a.started {
		return err
	}
	if err != nil {
		tellNoSignIn(ctx, a.workflow, a.log, err)
	}
	defer closeSignIn()
	if !a.started {
		if err := a.meet(ctx); err != nil {
			if ctx.Err() != nil {
				return nil // stopped before anything was begun
			}
			return err
		}
		logStart(ctx, a.config, a.inForce.now(), a.store, a.log)
	}
	err = a.work(ctx)
	if ctx.Err() != nil && onlyCancelled(err) {
		a.log.Info("Latchkey stops: it was asked to, and finished what was begun")
		return nil
	}
	return err
}

// work keeps all that runs running until ctx ends, or one of them can't go on.
func (a *App) work(ctx context.Context) error {
	if err := a.insist(ctx, func() error { return a.workflow.Plan(ctx) }); err != nil {
		return err
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	worker := make(chan error, 1)
	go func() {
		err := a.insist(working, func() error { return a.workflow.Run(working) }) // what fails fails before anything runs
		if err != nil {
			stop()
		}
		worker <- err
	}()
	var watching sync.WaitGroup
	watching.Go(func() { a.health.watch(working, a.started) })
	watching.Go(func() { a.reloader().watch(working) })
	err := a.hear(working)
	stop()
	watching.Wait()
	return errors.Join(err, a.finish(ctx), <-worker)
}

// hear takes what people do in Slack until ctx ends.
func (a *App) hear(ctx context.Context) error {
	if !a.deaf {
		return a.socket.Run(ctx)
	}
	a.log.Info("no connection to Slack is held; what people do there is for other replicas")
	<-ctx.Done()
	return ctx.Err()
}

func onlyCancelled(err error) bool { return err == nil || errors.Is(err, context.Canceled) }

// finish waits, but not for ever, for what goes on after acks.
func (a *App) finish(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	return a.bot.Close(ctx)
}

// Close waits for what goes on after acks and releases the store.
func (a *App) Close() error { return errors.Join(a.finish(context.Background()), a.store.Close()) }

// Serve runs Latchkey until ctx ends.
func Serve(ctx context.Context, c *config.Config, hooks Hooks) error {
	a, err := Open(ctx, c, hooks)
	switch {
	case err != nil && ctx.Err() != nil && onlyCancelled(err):
		return nil // stopped while it waited for its store
	case err != nil:
		return err
	}
	return errors.Join(a.Run(ctx), a.Close())
}

// reloader takes up what the file says while Latchkey runs.
func (a *App) reloader() *reloader {
	return &reloader{Reload: a.reload, path: a.config.Path, started: a.config, inForce: a.inForce, clock: a.clock, log: a.log, tell: a.workflow, changed: a.services.jira.Site.Again}
}

// admin is what commands are answered from.
func (a *App) admin() adminServer {
	return adminServer{
		store: a.store, workflow: a.workflow, now: a.clock.Now, rekey: a.rekey, inForce: a.inForce, outside: a.outside, checks: a.pages().checks,
		seal: func() export.Sealing { return sealing(a.keys.Sign, a.keys.trust()) },
	}
}

// rekey takes up a key that was put in the place of the one that signs.
func (a *App) rekey(ctx context.Context) error {
	changed, err := a.keys.again(ctx)
	a.tellKey(ctx, changed)
	return err
}

// tellKey tells IT that another key signs, and has what is open signed anew.
func (a *App) tellKey(ctx context.Context, c *keyChange) {
	if c == nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	err := a.workflow.Renew(ctx, c.now)
	if err == nil && c.old != "" {
		err = a.workflow.Alarm(ctx, workflow.Alarm{ID: "key/" + c.now, Title: "The record is signed with a new key", Lines: []string{c.sentence()}})
	}
	if err != nil {
		a.log.ErrorContext(ctx, "that another key signs can't be told", "error", err)
	}
}

// openAdmin serves the commands of this machine until the returned function is
// called.
func (a *App) openAdmin() (stop func()) {
	return openAdmin(adminSocket(a.config), a.admin().handler(), a.log)
}

// openPages serves metrics and health where the configuration wants them, until
// the returned function is called.
func (a *App) openPages() (stop func(), err error) {
	return openPages(metricsAddress(a.config), a.pages().handler(), a.log)
}

// pages are what the App shows of itself.
func (a *App) pages() pages {
	return pages{
		metrics: a.metrics, socket: a.socket, deaf: a.deaf, store: a.store, inForce: a.inForce, outages: a.outages, queues: queues(a.config), now: a.clock.Now, log: a.log,
	}
}
