// Package modals holds every modal, each in a file of its own with its route, its
// state, its view and what its submission does. The request form and the catalogue
// are large enough for several files. What two modals have alike (their routes, how
// they open) stays twice: a modal is read and changed in one place.
//
// A modal never keeps state here: what it needs to know travels in its view.
package modals

import (
	"log/slog"
	"time"

	"latchkey/bot/cards"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/catalog"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
	"latchkey/workflow/requests"
)

// Config is what the modals need; all of it.
type Config struct {
	Respond  *respond.Responder
	Catalog  func() *catalog.Catalog // what may be asked for at this moment
	Requests *requests.Service
	SignIns  SignIns
	Controls *requests.Controls
	Query    *query.Service
	People   *people.Service
	Logger   *slog.Logger
	Now      func() time.Time
	Cards    cards.Config // what forms about requests have in common with cards
	Ahead    Ahead        // may be nil

	Delegations Delegations
	Campaigns   *campaigns.Service
	Seats       Seats       // idle ones, about which people are asked
	Keepers     SeatKeepers // of whom those may leave them out who look after the apps
}

// Modals are those that something else than a button opens too, and the routes of all.
type Modals struct {
	Request     *RequestForm
	BreakGlass  *BreakGlass
	Revocation  *Revocation
	Offboarding *Offboarding
	Absence     *Absence
	Reassigning *Reassigning
	Reviewing   *Reviewing
	Campaigns   *CampaignRuns
	Seats       *SeatKeeping

	tables []route.Table
}

// New makes the modals.
func New(cfg Config) *Modals {
	latest := &latestActions{}
	usage := departments{people: cfg.People, usage: cfg.Query, own: cfg.Query, catalog: cfg.Catalog, log: cfg.Logger}
	usual := usual{cfg.Query, cfg.Logger}
	opener := opener{respond: cfg.Respond, cases: cfg.Query}
	signIn := signInApproval{cfg.Respond, cfg.Query, cfg.SignIns}
	decisions := decisions{respond: cfg.Respond, decide: cfg.Requests, cases: cfg.Query, ahead: cfg.Ahead}
	m := &Modals{
		Request:     &RequestForm{respond: cfg.Respond, catalog: cfg.Catalog, people: cfg.People, submit: cfg.Requests, usage: usage, latest: latest, pauses: cfg.Query, usual: usual, log: cfg.Logger},
		BreakGlass:  &BreakGlass{respond: cfg.Respond, catalog: cfg.Catalog, take: cfg.Requests, signIns: cfg.SignIns, pauses: cfg.Query, log: cfg.Logger},
		Offboarding: &Offboarding{respond: cfg.Respond, offboard: cfg.Controls, log: cfg.Logger},
		Revocation:  &Revocation{respond: cfg.Respond, catalog: cfg.Catalog, people: cfg.People, query: cfg.Query, revoke: cfg.Requests, log: cfg.Logger, now: cfg.Now},
	}
	m.Absence = &Absence{respond: cfg.Respond, people: cfg.People, delegate: cfg.Delegations, log: cfg.Logger, now: cfg.Now}
	m.Reassigning = &Reassigning{opener: opener, people: cfg.People, reassign: cfg.Requests, find: cfg.Query}
	m.Reviewing = &Reviewing{respond: cfg.Respond, reviews: cfg.Campaigns.Deciding, now: cfg.Now}
	m.Campaigns = &CampaignRuns{respond: cfg.Respond, catalog: cfg.Catalog, views: cfg.Campaigns, starts: cfg.Campaigns, ends: cfg.Campaigns, removals: cfg.Campaigns.Enforcing, waits: cfg.Query, authority: cfg.People}
	m.Seats = &SeatKeeping{respond: cfg.Respond, catalog: cfg.Catalog, seats: cfg.Seats, keep: cfg.Keepers, people: cfg.People}
	longer, named := extension{opener, cfg.Requests}, unlisted{cfg.Respond, cfg.Requests, cfg.Logger}
	catalogue := &catalogue{respond: cfg.Respond, catalog: cfg.Catalog, usage: usage, pages: appPages{usual: usual, names: cfg.People}, latest: latest, form: m.Request}
	m.tables = []route.Table{
		m.Request.routes(), catalogue.routes(), named.routes(), again{m.Request, named, longer, cfg.Query}.routes(),
		decisions.routes(), denial{decisions, opener}.routes(), typedApproval{decisions, opener}.routes(), shorterApproval{decisions, opener, signIn}.routes(), signIn.routes(),
		more{opener, cfg.People, cfg.Query, cfg.Cards}.routes(), question{opener, cfg.Requests}.routes(), answer{opener, cfg.Requests}.routes(), longer.routes(),
		m.BreakGlass.routes(), breakGlassReview{opener, cfg.Requests}.routes(), m.Revocation.routes(), oneRevocation{opener, cfg.Requests}.routes(), m.Offboarding.routes(), m.Absence.routes(), m.Reassigning.routes(), m.Reviewing.routes(), m.Campaigns.routes(), handingOn{m.Campaigns, cfg.Campaigns.Deciding, cfg.People}.routes(), cantBeDone{opener, cfg.Requests}.routes(),
		seatAnswers{cfg.Respond, cfg.Catalog, cfg.Seats}.routes(), m.Seats.routes(),
		link{cfg.Respond, cfg.Catalog, cfg.People, cfg.People, cfg.Query, cfg.Requests, cfg.Logger}.routes(),
	}
	return m
}

// Routes are what the modals answer to.
func (m *Modals) Routes() []route.Table { return m.tables }
