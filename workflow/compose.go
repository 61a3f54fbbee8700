package workflow

import (
	"context"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/anchor"
	"latchkey/workflow/backstop"
	"latchkey/workflow/birthright"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/delegation"
	"latchkey/workflow/engine"
	"latchkey/workflow/erasure"
	"latchkey/workflow/inbox"
	"latchkey/workflow/ledger"
	"latchkey/workflow/lifecycle"
	"latchkey/workflow/lookahead"
	"latchkey/workflow/membership"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/provision"
	"latchkey/workflow/query"
	"latchkey/workflow/reclaim"
	"latchkey/workflow/reclaim/digest"
	"latchkey/workflow/reclaim/messages"
	"latchkey/workflow/reconcile"
	"latchkey/workflow/recovery"
	"latchkey/workflow/requests"
	"latchkey/workflow/retention"
	"latchkey/workflow/stepup"
	"latchkey/workflow/weekly"
)

// rooms are all of them.
type rooms struct {
	people    *people.Service
	query     *query.Service
	ledger    *ledger.Service
	notify    *notify.Service
	lookahead *lookahead.Service
	backstop  *backstop.Service
	provision *provision.Service
	requests  *requests.Service
	controls  *requests.Controls
	inbox     *inbox.Service
	reconcile *reconcile.Service
	recovery  *recovery.Service
	anchor    *anchor.Service
	erasure   *erasure.Service
	codes     *people.Codes
	stepUp    *stepup.Service

	delegation *delegation.Service
	lifecycle  *lifecycle.Service
	birthright *birthright.Service
	campaigns  *campaigns.Service
	reclaim    *reclaim.Service
	messages   *messages.Service
	digest     *digest.Service
	weekly     *weekly.Service
	retention  *retention.Service
}

// New composes the workflow. It talks to nobody yet.
func New(c Config, p Ports) (*Service, error) {
	effects, err := effects(c.Together)
	if err != nil {
		return nil, err
	}
	anchors := new(anchor.Service) // a unit asks it, and it needs units
	chasing := people.NewChasing(c.Tables, c.Hours, c.Admins)
	units := engine.NewUnits(engine.UnitsConfig{
		Store: c.Store, Clock: c.Clock, Logger: c.Logger, Owner: c.Owner, Catalog: c.Catalog, Effects: effects, Apart: apart(), ShareOf: requester, Frozen: anchors.Frozen,
		Chaser: chasing,
	})
	r, err := furnish(units, anchors, chasing, c, p)
	if err != nil {
		return nil, err
	}
	tables, err := r.tables()
	if err == nil {
		err = c.Calendar.check(tables.Duties)
	}
	if err != nil {
		return nil, err
	}
	works, err := engine.New(units, engine.Config{Queues: r.queues(c.InFlight), Zone: c.Calendar.Zone}, tables)
	if err != nil {
		return nil, err
	}
	return &Service{People: r.people, Query: r.query, Requests: r.requests, Controls: r.controls, Recovery: r.recovery, Anchors: r.anchor, Erasure: r.erasure, Notices: r.notify, Delegations: r.delegation, StepUp: r.stepUp, units: units, codes: r.codes, provision: r.provision, ahead: r.lookahead, inbox: r.inbox, lifecycle: r.lifecycle, rights: r.reconcile.Rights(), Birthrights: r.birthright, Campaigns: r.campaigns, Reclaim: r.reclaim, ReclaimDigest: r.digest, engine: works}, nil
}

// issueGone notes that the issue of a request isn't there any more, and tells those
// whom that concerns.
func issueGone(u *engine.Unit, request string) error {
	if _, err := ledger.MarkGone(u, request); err != nil {
		return err
	}
	r, err := u.Request(request)
	if err != nil {
		return err
	}
	return notify.IssueGone(u, r)
}

// furnish makes the rooms, each after those it needs.
func furnish(units *engine.Units, anchors *anchor.Service, chasing *people.Chasing, c Config, p Ports) (rooms, error) {
	r := rooms{anchor: anchors, codes: people.NewCodes(c.Clock, c.Logger)}
	purposes, err := purposes()
	if err != nil {
		return r, err
	}
	reported, err := reported()
	if err != nil {
		return r, err
	}
	dirs := guarded(units, c)
	r.anchored(units, c, p)
	r.people = people.New(people.Config{
		Units: units, Catalog: c.Catalog, Roster: p.Roster, UserGroups: p.Groups, OnCalls: p.OnCalls, Accounts: p.Accounts, Directories: dirs, Logger: c.Logger,
		Alarm: notify.Alert, Tell: notify.Announce, Codes: r.codes,
		Admins: c.Admins, Fallback: c.Fallback, OnBehalf: c.OnBehalf, Escalate: c.Escalate, Command: c.Command, Protected: c.Protected, Was: c.Was, SignIn: c.SignIn, Linking: c.Linking, JiraStates: c.JiraStates, AsSeen: c.AsSeen,
	})
	r.query = query.New(query.Config{Units: units, Catalog: c.Catalog, People: r.people, Purpose: purposes, Outages: p.Outages})
	r.ledger = ledger.New(ledger.Config{Units: units, Query: r.query, Issues: p.Issues, Sign: c.Sign, MayWrite: r.anchor.MayRecord, Renewals: p.Renewals, Presence: p.Record, Gone: issueGone, Again: notify.IssueAgain, Comments: p.Comments, Delays: p.Delays, Incidents: p.Incidents, Ends: p.Ends, Reopens: p.Reopens, Standings: p.Standings, Reports: p.Reports, Reported: reported, Erasures: p.Erasures})
	r.delegation = delegation.New(delegation.Config{Units: units, People: r.people, Zone: chasing.ZoneOf})
	r.notify = notify.New(notify.Config{Units: units, Messenger: p.Messenger, People: r.people, Cases: r.query, Catalog: c.Catalog, Hours: chasing.HoursOf, Together: c.Together, Logger: c.Logger,
		Loaders: map[access.SubjectKind]notify.Loader{access.SubjectReclaim: messages.Loader(units, c.Catalog, r.people), access.SubjectCampaign: campaigns.Loader(units)},
	})
	r.provisioned(units, dirs, c, p)
	r.requests = requests.New(requests.Config{
		Units: units, Catalog: c.Catalog, People: r.people, Authority: r.people, Approvers: r.people, Attributes: people.AttributesOf(r.people), Stuck: r.query, Delegations: r.delegation,
		ReviewerLeft: func(u *engine.Unit, who access.PersonID) error { return r.campaigns.ReviewerLeft(u, who) },
		LapseAfter:   chasing.LapseAfter, BreakGlass: c.BreakGlass, JiraOnly: c.JiraOnly,
	})
	r.stepUp = stepup.New(stepup.Config{
		Units: units, Catalog: c.Catalog, Directories: dirs, Authority: r.people, Requests: r.requests, People: r.people, Codes: r.codes, Logger: c.Logger, Terms: c.StepUp,
	})
	r.controls = requests.NewControls(requests.ControlsConfig{Units: units, Catalog: c.Catalog, Authority: r.people})
	r.reconcile = reconcile.New(reconcile.Config{
		Units: units, Catalog: c.Catalog, Directories: dirs, Groups: r.people.Groups(), People: r.people, Leavers: r.requests, Reports: p.Reports, Logger: c.Logger,
		Line: c.Calendar.Lines[reconcile.Duty], Idle: c.Idle, Carrying: c.Carrying,
		Occasion: func(u *engine.Unit, who access.PersonID, o access.Occasion) error {
			return r.campaigns.OccasionIn(u, who, o)
		},
	})
	r.birthright = birthright.New(birthright.Config{
		Units: units, Catalog: c.Catalog, Directories: dirs, People: r.people, Attributes: people.AttributesOf(r.people), Authority: r.people, Logger: c.Logger,
		Line: c.Calendar.Lines[birthright.Duty],
	})
	r.campaigns = campaigns.New(campaigns.Config{
		Units: units, Store: c.Store, Clock: c.Clock, Catalog: c.Catalog, Reviews: reviewsOf(c.Catalog), Directories: dirs, Groups: r.people.Groups(), People: r.people, Reviewers: people.ReviewingOf(r.people), Authority: r.people, Attributes: people.AttributesOf(r.people),
		Logger: c.Logger, Version: c.Version, Files: p.Files, Sign: c.Sign, Trust: c.Trust,
		Decides: p.Inbox != nil && c.Poll > 0 && c.JiraDecides, Command: c.Command, Link: c.SlackLink,
	})
	r.reclaim = reclaim.New(reclaim.Config{
		Units: units, Catalog: c.Catalog, Directories: dirs, Groups: r.people.Groups(), Authority: r.people, Attributes: people.AttributesOf(r.people), Logger: c.Logger, Line: c.Calendar.Lines[reclaim.Duty],
	})
	r.messages = messages.New(messages.Config{Units: units, Catalog: c.Catalog, People: r.people})
	r.digest = digest.New(digest.Config{Units: units, Seats: r.reclaim, Catalog: c.Catalog, Line: c.Calendar.Lines[digest.Duty]})
	r.weekly = weekly.New(weekly.Config{Units: units, Line: c.Calendar.Lines[weekly.Duty]})
	parts, _ := c.Store.(store.Parted)
	r.retention = retention.New(retention.Config{Units: units, Parts: parts, Terms: c.Retention, Line: c.Calendar.Lines[retention.Duty], Logger: c.Logger})
	r.lifecycle = lifecycle.New(lifecycle.Config{
		Units: units, Clock: c.Clock, Directories: dirs, Polls: c.LogPolls, People: r.people, Leavers: r.requests, Listener: lifecycle.Together(r.birthright, r.campaigns), Alarm: notify.Alert, Logger: c.Logger,
	})
	r.recovery = recovery.New(recovery.Config{Units: units, Catalog: c.Catalog, Directories: dirs, Groups: r.people.Groups(), Cards: r.notify})
	r.erasure = erasure.New(erasure.Config{Units: units, People: r.people})
	r.inbox = r.readBack(units, c, p)
	return r, nil
}

// provisioned makes what changes memberships. They share what they remember of groups.
func (r *rooms) provisioned(units *engine.Units, dirs people.Directories, c Config, p Ports) {
	places := membership.NewFinder(membership.Config{Now: units.Now, Directories: dirs, Groups: r.people.Groups(), Accounts: r.people})
	r.lookahead = lookahead.New(lookahead.Config{
		Units: units, Catalog: c.Catalog, Directories: dirs, Places: places, Record: p.Record,
		Holder: func(ctx context.Context, who access.PersonID) error { return people.Ahead(ctx, r.people, who) },
	})
	r.backstop = backstop.New(units, dirs, places)
	r.provision = provision.New(provision.Config{
		Units: units, Catalog: c.Catalog, Directories: dirs, Places: places, Accounts: r.people, Record: p.Record, Gone: issueGone, Ahead: r.lookahead, Backstop: r.backstop,
		Blocked: blocked(c.Blocked, r.anchor.Compared), Logger: c.Logger,
	})
}

// reviewsOf are the access reviews of the catalogue in force.
func reviewsOf(known func() *catalog.Catalog) func() []catalog.Review {
	return func() []catalog.Review {
		if c := known(); c != nil {
			return c.Reviews()
		}
		return nil
	}
}

// guarded are the directories, each of which is refused once another organization stands behind it.
func guarded(units *engine.Units, c Config) people.Directories {
	dirs := make(people.Directories, len(c.Directories))
	for i, d := range c.Directories {
		dirs[i] = people.NewTenants(units, c.Was, notify.Alert).Guard(d)
	}
	return dirs
}

// anchored gives the room of anchors what it needs. It has Jira read once more by the room that reads
// back, which comes later.
func (r *rooms) anchored(units *engine.Units, c Config, p Ports) {
	r.anchor.Furnish(anchor.Config{
		Units: units, Clock: c.Clock, Logger: c.Logger, Sign: c.Sign, Trust: c.Trust, Lacks: c.Blocked, Places: p.Anchors, Line: c.Calendar.Lines[anchor.Duty], Replaced: c.Replaced,
		Found: showing(p.Outages), Survey: func(ctx context.Context) error {
			if r.inbox == nil {
				return nil
			}
			return r.inbox.Survey(ctx)
		},
	})
}

// readBack is the room that reads what people do in Jira; nil if nothing is read.
func (r *rooms) readBack(units *engine.Units, c Config, p Ports) *inbox.Service {
	if p.Inbox == nil || c.Poll <= 0 {
		return nil
	}
	return inbox.New(inbox.Config{
		Units: units, Logger: c.Logger, Clock: c.Clock, Catalog: c.Catalog, Source: p.Inbox, Requests: r.requests, Cases: r.query, People: r.people, Reviews: r.campaigns.Comments,
		Poll: c.Poll, Decides: c.JiraDecides, Command: c.Command, Link: c.SlackLink, Trust: c.Trust, Ahead: r.anchor.Ahead,
	})
}

// showing has what speaks against the log shown at once where people look.
func showing(o query.Outages) func() {
	if o == nil {
		return nil
	}
	return func() { o.Look(anchor.Outage) }
}

// blocked is why nobody may be given anything now: the first reason there is.
func blocked(lacks func(context.Context) error, compared func() error) func(context.Context) error {
	return func(ctx context.Context) error {
		if lacks != nil {
			if err := lacks(ctx); err != nil {
				return err
			}
		}
		return compared()
	}
}
