package bot

import (
	"context"
	"log/slog"
	"time"

	"github.com/slack-go/slack"

	"latchkey/bot/cards"
	"latchkey/bot/commands"
	"latchkey/bot/home"
	"latchkey/bot/lists"
	"latchkey/bot/manifest"
	"latchkey/bot/messenger"
	"latchkey/bot/modals"
	"latchkey/bot/respond"
	"latchkey/bot/roster"
	"latchkey/bot/route"
	"latchkey/catalog"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
	"latchkey/workflow/requests"
)

// Config is what a bot needs: Slack, and the rooms of the workflow that people
// talk to through it.
type Config struct {
	API         *slack.Client
	Catalog     func() *catalog.Catalog // what may be asked for at this moment
	Requests    *requests.Service
	SignIns     modals.SignIns
	Controls    *requests.Controls
	Query       *query.Service
	People      *people.Service
	Refusals    respond.Refusals
	Ahead       modals.Ahead       // looks at what a yes needs while it is found out whether it counts; may be nil
	Notices     home.Notices       // how much people want to be told
	Feed        *messenger.Feed    // whose Home tab to bring up to date; may be nil
	Delegations modals.Delegations // who decides for whom
	Birthrights Birthrights        // what comes with who people are
	Campaigns   *campaigns.Service // access reviews
	Seats       IdleSeats          // about which people are asked
	Roster      *roster.Roster     // told when a member changes; may be nil
	Command     string             // default manifest.DefaultCommand
	JiraOnly    bool               // decisions made in Slack don't count
	Logger      *slog.Logger       // default: none
	Now         func() time.Time   // default time.Now

	Answering  func() (answered func()) // told who waits for an answer; may be nil
	SlackWaits time.Duration            // how long Slack waits for an acknowledgement; default what it does
}

// IdleSeats take what people say of seats that nobody uses, and show them to those who look after apps.
type IdleSeats interface {
	modals.Seats
	modals.SeatKeepers
	commands.Seats
}

func (cfg Config) withDefaults() Config {
	if cfg.Command == "" {
		cfg.Command = manifest.DefaultCommand
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Answering == nil {
		cfg.Answering = func() func() { return func() {} }
	}
	if cfg.SlackWaits == 0 {
		cfg.SlackWaits = slackWaits
	}
	return cfg
}

// Bot answers Slack. It is a socket.Handler.
type Bot struct {
	log     *slog.Logger
	people  *people.Service
	respond *respond.Responder
	routes  route.Table
	command *commands.Commands
	request *modals.RequestForm
	home    *home.Home
	members members
	threads threads
	seen    seenEvents

	answering  func() (answered func())
	slackWaits time.Duration
}

// New makes a bot. Close it when no more envelopes come.
func New(cfg Config) (*Bot, error) {
	cfg = cfg.withDefaults()
	responder := respond.New(respond.Config{API: cfg.API, People: cfg.People, Refusals: cfg.Refusals, Logger: cfg.Logger, Now: cfg.Now})
	common := cards.Config{Command: cfg.Command, JiraOnly: cfg.JiraOnly}
	shown := modals.New(modals.Config{Respond: responder, Catalog: cfg.Catalog, Requests: cfg.Requests, SignIns: cfg.SignIns, Controls: cfg.Controls, Query: cfg.Query, People: cfg.People, Logger: cfg.Logger, Now: cfg.Now, Cards: common, Ahead: cfg.Ahead, Delegations: cfg.Delegations, Campaigns: cfg.Campaigns, Seats: cfg.Seats, Keepers: cfg.Seats})
	rows := lists.New(lists.Config{
		Query: cfg.Query, People: cfg.People, Catalog: cfg.Catalog, Now: cfg.Now, Cards: common,
	})
	b := &Bot{
		log: cfg.Logger, people: cfg.People, answering: cfg.Answering, slackWaits: cfg.SlackWaits, respond: responder, request: shown.Request,
		home: home.New(home.Config{API: cfg.API, Respond: responder, Lists: rows, People: cfg.People, Weeks: cfg.Query, Pauses: cfg.Query, Notices: cfg.Notices, Decides: cfg.Query, Delegations: cfg.Delegations}),
		command: commands.New(commands.Config{
			Respond: responder, Modals: shown, Lists: rows, Query: cfg.Query, Controls: cfg.Controls, People: cfg.People, May: cfg.People, Catalog: cfg.Catalog, Command: cfg.Command, Logger: cfg.Logger, Now: cfg.Now, Seats: cfg.Seats,
		}),
		members: members{roster: cfg.Roster, people: cfg.People, leave: cfg.Requests},
	}
	b.threads = threads{respond: responder, requests: cfg.Requests, seen: &b.seen}
	var err error
	b.routes, err = route.Merge(append(shown.Routes(), b.home.Routes(), buttons{respond: responder, requests: cfg.Requests, cases: cfg.Query}.routes(), accounts{responder, cfg.People, b.home.Changed}.routes(), delegations{responder, cfg.People, cfg.Delegations, b.home.Changed}.routes(), birthrights{responder, cfg.Birthrights}.routes())...)
	if err != nil {
		return nil, err
	}
	if cfg.Feed != nil {
		cfg.Feed.Subscribe(b.home.Changed)
	}
	return b, nil
}

// Close waits for the work that goes on after acks. When ctx ends first, that
// work is cut short; nothing that was acknowledged is lost by it.
func (b *Bot) Close(ctx context.Context) error { return b.respond.Close(ctx) }
