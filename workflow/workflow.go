package workflow

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/evidence"
	"latchkey/evidence/note"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/anchor"
	"latchkey/workflow/birthright"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/campaigns/publishing"
	"latchkey/workflow/delegation"
	"latchkey/workflow/engine"
	"latchkey/workflow/erasure"
	"latchkey/workflow/inbox"
	"latchkey/workflow/ledger"
	"latchkey/workflow/lifecycle"
	"latchkey/workflow/lookahead"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/provision"
	"latchkey/workflow/query"
	"latchkey/workflow/reclaim"
	"latchkey/workflow/reclaim/digest"
	"latchkey/workflow/reconcile"
	"latchkey/workflow/recovery"
	"latchkey/workflow/requests"
	"latchkey/workflow/retention"
	"latchkey/workflow/stepup"
)

// Config is what the workflow is made of.
type Config struct {
	Store       store.Store
	Catalog     func() *catalog.Catalog // what may be asked for, as it is now
	Directories []idp.Directory
	Clock       clock.Clock
	Logger      *slog.Logger
	Owner       string         // this process, among those that share the store
	InFlight    map[string]int // tasks of a queue at once; default 8
	Calendar    Calendar       // when regular duties have their turns

	Admins      []access.Email           // IT: may retry, revoke and see what is stuck
	Fallback    []access.Email           // decide when a route finds nobody else
	Protected   []catalog.GroupRef       // never changed, whatever the catalogue says
	OnBehalf    []people.OnBehalf        // who may ask for somebody else
	Escalate    []people.Rung            // who is asked as well when nobody answers, one after the other
	BreakGlass  time.Duration            // how long a role can be taken in an emergency; default 4 hours
	Tables      access.Timetables        // when those are told again who are waited for, and how long that is; none: the usual ones
	Hours       access.Hours             // everybody's working hours, in their own zone or else in this one; none: round the clock
	Together    time.Duration            // for how long what happens to a request is one edit of its cards; 0: everything is shown at once
	Carrying    func([]catalog.GroupRef) // is told which groups were seen to make administrators of a directory; may be nil
	Idle        time.Duration            // how long without a sign-in counts as idle; default 90 days
	Poll        time.Duration            // how often Jira is asked what people did there; zero for never
	LogPolls    map[string]time.Duration // by directory, how often its log is asked who joined, moved or left; zero for never
	JiraDecides bool                     // decisions made in Jira count
	JiraOnly    bool                     // and those made in Slack don't
	Was         map[string]string        // by system, the tenant that another one may replace
	AsSeen      bool                     // nobody is looked up: people are as they were seen last
	Command     string                   // what people type in Slack
	SignIn      string                   // the directory by which members are declared to sign in to Slack; "": none is
	Linking     people.Linking           // how accounts in several directories belong together
	JiraStates  bool                     // an organization states whose accounts in Jira are
	StepUp      stepup.Terms             // what is asked of a sign-in for what does much harm
	Retention   retention.Terms          // which events are old, and where those are kept
	SlackLink   string                   // opens the bot in Slack, for those who come from Jira; may be empty

	Sign    evidence.Sign               // signs the record; nil: nothing is written into issues for machines to read
	Trust   func() note.Trust           // whose signatures count; nil: nobody's
	Blocked func(context.Context) error // why nobody may be given anything now; nil: nothing ever speaks against it

	Version string // of Latchkey, as the evidence names it

	Replaced bool // the store stands where a newer one stood on this machine
}

// Ports are the world outside. A service that only looks into a store, and never
// runs, needs none.
type Ports struct {
	Roster    people.Roster
	Groups    people.UserGroups // nil: nobody can be found by a user group in Slack
	OnCalls   people.OnCalls    // nil: no schedule of who is on call is configured
	Messenger notify.Messenger
	Issues    ledger.Issues
	Reports   ledger.Reports
	Renewals  ledger.Renewals // nil: nothing is signed anew before it changes
	Comments  ledger.Comments
	Files     publishing.Files // nil: the evidence of reviews is attached nowhere
	Delays    ledger.Delays    // nil: nobody is told in Jira that something takes its time
	Erasures  ledger.Erasures  // nil: issues keep what was erased here
	Incidents ledger.Incidents // nil: incidents are only named
	Standings ledger.Standings // nil: only issues of requests are moved
	Reopens   ledger.Reopens   // nil: what is closed is never opened again
	Ends      ledger.Ends      // nil: what is closed has no other issue say how it ended
	Record    provision.Record // nil: what was known of an issue is believed
	Accounts  people.Accounts  // nil: nobody states whose an account in Jira is
	Inbox     inbox.Source     // nil: what people do in Jira is not read
	Outages   query.Outages    // nil: no outages are known
	Anchors   anchor.Places    // nothing: the log is anchored nowhere
}

// Service is the workflow, composed: the rooms that others talk to, and what works
// behind them.
type Service struct {
	People   *people.Service
	Query    *query.Service
	Requests *requests.Service
	Controls *requests.Controls // what IT does about more than one request
	Recovery *recovery.Service
	Anchors  *anchor.Service
	Erasure  *erasure.Service
	Notices  *notify.Service
	StepUp   *stepup.Service

	Birthrights *birthright.Service // what comes with who people are
	Delegations *delegation.Service // who decides for whom
	Campaigns   *campaigns.Service  // access reviews
	Reclaim     *reclaim.Service    // seats that nobody uses

	ReclaimDigest *digest.Service // how they stand, and what came back

	units     *engine.Units
	codes     *people.Codes
	provision *provision.Service
	ahead     *lookahead.Service
	inbox     *inbox.Service // nil where nothing is read
	lifecycle *lifecycle.Service
	rights    *reconcile.Rights
	engine    *engine.Engine
}

// Plan gives each regular duty its next turn, from this moment on where it is new. It comes before Run, and before anybody is served.
func (s *Service) Plan(ctx context.Context) error {
	if err := s.Recovery.MustBeComplete(ctx); err != nil {
		return err
	}
	s.engine.Plan(ctx)
	return nil
}

// Run carries out tasks, keeps time and reads what people do in Jira until ctx
// ends, then waits for what is under way. Work that is not finished then is taken
// up again at the next start.
func (s *Service) Run(ctx context.Context) error {
	if err := s.Recovery.MustBeComplete(ctx); err != nil {
		return err
	}
	if err := s.Anchors.Begin(ctx); err != nil {
		return err
	}
	if err := s.StepUp.Begin(ctx); err != nil {
		return err
	}
	if err := s.Birthrights.Begin(ctx); err != nil {
		return err
	}
	if err := s.rights.Begin(ctx); err != nil {
		return err
	}
	var working sync.WaitGroup
	working.Go(func() { s.Anchors.Run(ctx) })
	if s.inbox != nil {
		working.Go(func() { s.inbox.Run(ctx) })
	}
	working.Go(func() { s.lifecycle.Run(ctx) })
	working.Go(func() { s.People.Groups().Pin(ctx) })
	working.Go(func() { s.rights.Run(ctx) })
	working.Go(func() { s.codes.Await(ctx) })
	working.Go(func() { s.engine.Run(ctx) })
	working.Wait()
	return nil
}

// Answering tells that somebody waits for an answer at this moment, until answered is called.
// Where many do, what has no hurry steps back for them.
func (s *Service) Answering() (answered func()) { return s.units.Answering() }

// LogRefusal writes it into the log that somebody was refused, and returns the
// error as it is. The request may be empty, or one that isn't known.
func (s *Service) LogRefusal(ctx context.Context, request string, by access.Actor, what string, err error) error {
	return s.units.LogRefusal(ctx, request, by, what, err)
}

// Prepare looks at what has to be known before the access of a request is given, while it is
// found out whether the yes counts that an account in Slack has just said to it. click is the
// context in which that is found out.
func (s *Service) Prepare(ctx, click context.Context, request, slackAccount string) error {
	return s.ahead.Prepare(s.People.Joining(ctx, click), request, slackAccount)
}
