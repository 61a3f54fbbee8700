package access

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/catalog"
)

// RequestState is where an ask stands.
type RequestState string

// The states of a request. All but Pending are final.
const (
	Pending   RequestState = "pending"
	ApprovedR RequestState = "approved"
	DeniedR   RequestState = "denied"
	Withdrawn RequestState = "cancelled"
	Expired   RequestState = "lapsed"
)

// MaxReason is the longest reason a person may give, in characters. It leaves
// room for the rest of a Slack section, which holds 3,000.
const MaxReason = 1000

// Issue is the Jira issue that tells a request's story.
type Issue struct {
	ID  string // numeric id: survives a move to another project
	Key string
	URL string // for people
}

// Request is the ask and its decision.
type Request struct {
	ID      string
	Version uint64 // raised by every stored change
	Origin  string // the submission it came of; the same again makes no second request

	Requester   Email
	Beneficiary Email // who gets the access; usually the requester
	App         string
	Role        string
	Wanted      time.Duration // how long it was asked for; catalog.Forever for no end
	Allowed     time.Duration // how long it was approved for; never longer than Wanted
	Reason      string

	Route  string
	Stages []Stage
	Stage  int // the stage being answered, from 0
	State  RequestState

	Issue   Issue // zero until it exists
	Created time.Time
	Lapses  time.Time // when it lapses unanswered; zero for never
	Decided time.Time
}

// Due is when a timer must look at the request: when it lapses, while it waits.
func (r Request) Due() time.Time {
	if r.State == Pending {
		return r.Lapses
	}
	return time.Time{}
}

// Stage is one step of the route as it went for this request.
type Stage struct {
	Need    catalog.Need
	Asked   []Email // who was told, when it was this stage's turn
	AskedAt time.Time
	Answers []Answer
}

// Answer is one approver's word.
type Answer struct {
	By     Actor
	Yes    bool
	Reason string
	At     time.Time
}

// Ask is what a person submits.
type Ask struct {
	ID          string // of the request to be; unique
	Requester   Person
	Beneficiary Person
	App         string
	Role        string
	Wanted      time.Duration
	Reason      string
	Via         Via
	Origin      string        // stable key of the submission
	Patience    time.Duration // how long it waits for an answer; zero for ever
}

// Standings are the requests and grants the beneficiary has already.
type Standings struct {
	Requests []Request
	Grants   []Grant
}

// Submit turns an ask into a request, or refuses it with a sentence and the
// field it is about. A route without stages approves at once; the event says so.
func Submit(c *catalog.Catalog, ask Ask, has Standings, at time.Time) (Request, Event, []Effect, error) {
	if err := ask.check(c, has); err != nil {
		return Request{}, Event{}, nil, err
	}
	_, role, _ := c.Role(ask.App, ask.Role)
	route, ok := c.Route(role.Route)
	if !ok {
		return Request{}, Event{}, nil, Refuse(Invalid, "role", "This role has no approval route at the moment. IT has to fix the catalogue first.")
	}
	r := Request{
		ID: ask.ID, Origin: ask.Origin, Requester: ask.Requester.Email, Beneficiary: ask.Beneficiary.Email,
		App: ask.App, Role: ask.Role, Wanted: ask.Wanted, Allowed: ask.Wanted,
		Reason: strings.TrimSpace(ask.Reason), Route: route.Name, State: Pending, Created: at,
	}
	if ask.Patience > 0 {
		r.Lapses = at.Add(ask.Patience)
	}
	for _, s := range route.Stages {
		r.Stages = append(r.Stages, Stage{Need: s.Need})
	}
	e := r.event(Submitted, Actor{Email: r.Requester, Via: ask.Via, Account: ask.Requester.Account(string(ask.Via))}, at)
	e.Reason, e.Wanted = r.Reason, r.Wanted
	if !route.Automatic() {
		return r, e, effects(OpenIssue, FindApprovers, ShowCards), nil
	}
	r.State, r.Decided = ApprovedR, at
	e.Note = fmt.Sprintf("Approved at once: the route %q asks nobody.", route.Name)
	return r, e, effects(OpenIssue, StartGrant, ShowCards), nil
}

// check judges an ask by itself and against what the person has.
func (a Ask) check(c *catalog.Catalog, has Standings) error {
	if err := a.Requester.MayAct(); err != nil {
		return err
	}
	if a.Beneficiary.Standing != Active || a.Beneficiary.Email == "" {
		return Refuse(NotAllowed, "person", "Access can only be asked for people with an active account.")
	}
	app, role, ok := c.Role(a.App, a.Role)
	if _, known := c.App(a.App); !known {
		return Refuse(Unknown, "app", "That app isn't in the catalogue any more.")
	}
	if !ok {
		return Refuse(Unknown, "role", "That role isn't offered any more. Please choose again.")
	}
	if !app.Offered() {
		return Refuse(Invalid, "app", app.Name+" isn't offered at the moment.")
	}
	if err := role.Durations.Allows(a.Wanted); err != nil {
		return Refuse(Invalid, "duration", err.Error())
	}
	switch n := len([]rune(strings.TrimSpace(a.Reason))); {
	case n < 3:
		return Refuse(Invalid, "reason", "Please say in a few words what you need it for.")
	case n > MaxReason:
		return Refuse(Invalid, "reason", fmt.Sprintf("Please keep the reason under %d characters.", MaxReason))
	}
	return Objection(c, a.Beneficiary.Email, a.App, a.Role, has)
}

// Objection refuses what the person has already or has already asked for.
func Objection(c *catalog.Catalog, who Email, appID, roleID string, has Standings) error {
	app, role, _ := c.Role(appID, roleID)
	for _, r := range has.Requests {
		if r.State == Pending && r.App == appID && r.Role == roleID && r.Beneficiary == who {
			return Refuse(Duplicate, "role", fmt.Sprintf("%s · %s is already asked for (%s) and waits for a decision.", app.Name, role.Name, r.Label()))
		}
	}
	for _, g := range has.Grants {
		if g.Live() && g.Source != Adopted && g.App == appID && g.Role == roleID && g.Person == who {
			return Refuse(Duplicate, "role", fmt.Sprintf("%s · %s is already there or on its way. Extend it instead of asking again.", app.Name, role.Name))
		}
	}
	return nil
}

// Label is how people refer to the request: the issue key once there is one.
func (r Request) Label() string {
	if r.Issue.Key != "" {
		return r.Issue.Key
	}
	return r.ID
}

// GrantID is the id of the grant that comes of the request.
func (r Request) GrantID() string { return "G-" + strings.TrimPrefix(r.ID, "AR-") }

// event starts an event about the request.
func (r Request) event(kind EventKind, by Actor, at time.Time) Event {
	return Event{Kind: kind, At: at.UTC(), Request: r.ID, Person: r.Beneficiary, App: r.App, Role: r.Role, Actor: by, Stage: r.Stage}
}

// Event starts an event of the given kind about the request.
func (r Request) Event(kind EventKind, by Actor, at time.Time) Event { return r.event(kind, by, at) }

// Apply moves the request by one event. It returns the moved request and what
// is to be done about it; the receiver is not changed. A move that is not
// allowed is a Refusal and leaves everything as it was.
func (r Request) Apply(e Event, at time.Time) (Request, []Effect, error) {
	rule, ok := requestRuleFor(r.State, e.Kind)
	if !ok {
		return r, nil, refuse(TooLate, r.settled())
	}
	next := r.clone()
	effs, err := rule.do(&next, e, at)
	if err != nil {
		return r, nil, err
	}
	if !slices.Contains(rule.To, next.State) {
		return r, nil, fmt.Errorf("access: request %s went from %s to %s on %s, which the table does not allow", r.ID, r.State, next.State, e.Kind)
	}
	return next, effs, nil
}

// settled says why nothing can be decided any more.
func (r Request) settled() string {
	switch r.State {
	case ApprovedR:
		return "This request is already approved."
	case DeniedR:
		return "This request was already denied."
	case Withdrawn:
		return "This request was withdrawn."
	case Expired:
		return "This request lapsed because nobody answered in time."
	default:
		return "This can't be done to a waiting request."
	}
}

func (r Request) clone() Request {
	r.Stages = slices.Clone(r.Stages)
	for i := range r.Stages {
		r.Stages[i].Answers = slices.Clone(r.Stages[i].Answers)
	}
	return r
}

// MayDecide is the one authorisation function: it tells whether by may answer
// the current stage when eligible are the approvers found at this moment. Slack,
// Jira, the command line and rules all ask it.
func (r Request) MayDecide(by Email, eligible []Email) error {
	switch {
	case r.State != Pending:
		return refuse(TooLate, r.settled())
	case by == "":
		return refuse(NotAllowed, "I can't tell who you are, so your answer can't count.")
	case by == r.Requester, by == r.Beneficiary:
		return refuse(NotAllowed, "Nobody decides on their own access. Somebody else has been asked.")
	case !slices.Contains(eligible, by):
		return refuse(NotAllowed, "This request isn't yours to decide. Its approvers have been asked.")
	case r.answered(by):
		return refuse(Duplicate, "You have already answered this request.")
	}
	return nil
}

func (r Request) answered(by Email) bool {
	return slices.ContainsFunc(r.Stages[r.Stage].Answers, func(a Answer) bool { return a.By.Email == by })
}

// Decider is who gave the last word, for cards and the record.
func (r Request) Decider() (Answer, bool) {
	for i := len(r.Stages) - 1; i >= 0; i-- {
		if n := len(r.Stages[i].Answers); n > 0 {
			return r.Stages[i].Answers[n-1], true
		}
	}
	return Answer{}, false
}
