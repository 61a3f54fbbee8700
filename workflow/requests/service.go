package requests

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// People knows who people are.
type People interface {
	// Person is somebody as Slack and the directories know them.
	Person(ctx context.Context, who access.PersonID) (access.Person, error)
	// Anew is Person, looked up at this moment.
	Anew(ctx context.Context, who access.PersonID) (access.Person, error)
	Accounts
	// Contact is the address under which people know somebody.
	Contact(ctx context.Context, who access.PersonID) string
	// Forget drops what is remembered of somebody, because it changed.
	Forget(who access.PersonID)
}

// Accounts knows whose accounts are.
type Accounts interface {
	// Whose is the person who is bound to an account; "" if nobody is.
	Whose(ctx context.Context, system, id string) (access.PersonID, error)
	// Lacks are those of some directories that show no account of somebody.
	Lacks(ctx context.Context, who access.PersonID, directories []string) []string
}

// Authority says who may do what.
type Authority interface {
	Callers
	// Established finds out who may answer a request at this moment. Whoever wants to
	// answer is looked up anew. What can't be found out is an error: nothing stands in.
	Established(ctx context.Context, r access.Request, by access.Actor) (people.Established, error)
	AdminsIn(tx store.Tx) ([]access.PersonID, error)
	// MayStandIn refuses somebody who can't be asked to decide in the place of those who are.
	MayStandIn(ctx context.Context, r access.Request, p access.Person) error
	// Verified refuses a role to somebody of whom it isn't known surely enough who they are.
	Verified(ctx context.Context, asks access.PersonID, holder access.Person, role catalog.RoleRef) error
}

// Callers says what whoever does something may do.
type Callers interface {
	// Caller establishes, before a unit of work, who it is that does something.
	Caller(ctx context.Context, by access.Actor) (people.Caller, error)
	// CallerNow is Caller for whoever disposes of others' access: looked up anew.
	CallerNow(ctx context.Context, by access.Actor) (people.Caller, error)
	May(by people.Caller, act people.Act, about people.Matter) error
}

// Approvers finds who is asked.
type Approvers interface {
	// Deciders are those who may decide the current stage.
	Deciders(ctx context.Context, r access.Request) (people.Found, error)
	// Reviewers are those who may say whether an emergency was one.
	Reviewers(ctx context.Context, r access.Request) (people.Found, error)
}

// Attributes finds what the policy asks about people.
type Attributes interface {
	// Around is what it asks beyond what is known of them anyway; what can't be found out is left out.
	Around(ctx context.Context, asker, holder access.Person, role catalog.RoleRef) access.Circumstances
	// Sure is somebody as they are at this moment, without what a directory said that keeps silent now.
	Sure(ctx context.Context, who access.PersonID) (access.Person, error)
}

// StuckWork finds what waits for a human.
type StuckWork interface {
	FindStuck(ctx context.Context, name string) (query.Stuck, error)
	Stuck(ctx context.Context, by access.Actor, from, size int) (query.List[query.Stuck], error)
	Look(service string)
}

// Delegations are by which people decide in others' places.
type Delegations interface {
	// EndAllOf ends those of somebody who may not act any more, or was found to be
	// somebody else.
	EndAllOf(u *engine.Unit, who access.PersonID) error
}

// Config is what the room is made of.
type Config struct {
	Units      *engine.Units
	Catalog    func() *catalog.Catalog
	People     People
	Authority  Authority
	Approvers  Approvers
	Attributes Attributes
	Stuck      StuckWork

	Delegations Delegations // nil: there are none

	// LapseAfter is how long a request for so long, made at a moment, waits for an answer;
	// zero for ever. nil: all wait for ever.
	LapseAfter func(wanted time.Duration, at time.Time) time.Duration
	BreakGlass time.Duration // how long a role can be taken in an emergency; zero for 4 hours
	JiraOnly   bool          // decisions made in Slack don't count
}

// Service takes what people do. It is safe for concurrent use.
type Service struct {
	byHand
	retries

	units      *engine.Units
	catalog    func() *catalog.Catalog
	people     People
	authority  Authority
	stages     stages
	attributes Attributes

	lapseAfter func(time.Duration, time.Time) time.Duration
	breakGlass time.Duration
	jiraOnly   bool
}

// stages have those found and told who are to answer, and take their answers.
type stages struct {
	units     *engine.Units
	catalog   func() *catalog.Catalog
	people    People
	authority Authority
	approvers Approvers

	delegations Delegations
}

// answerBudget bounds how long an answer waits for the directories where nothing else
// does, as in Jira, where nobody waits for an acknowledgement: what was read after it waits,
// too. Slack bounds its own, since it wants to hear within three seconds.
const answerBudget = 5 * time.Second

// inBudget bounds a look-up by a part of the time that there is: what follows from it is
// still to be committed.
func inBudget(ctx context.Context) (context.Context, context.CancelFunc) {
	return people.Briefly(ctx, answerBudget)
}

// anew is somebody as they are at this moment, for what nobody else decides: a
// moment ago they may have been suspended. Where that can't be found out in time,
// they are as they were seen last.
func (s stages) anew(ctx context.Context, who access.Person) (access.Person, error) {
	short, cancel := inBudget(ctx)
	defer cancel()
	now, err := s.people.Anew(short, who.ID)
	if _, refused := access.AsRefusal(err); err != nil && !refused && ctx.Err() == nil {
		return who, nil
	}
	return now, err
}

// longestBreakGlass is how long a role can be taken in an emergency at most,
// whatever else the role allows, unless the configuration says otherwise.
const longestBreakGlass = 4 * time.Hour

// New makes the room.
func New(c Config) *Service {
	if c.BreakGlass <= 0 {
		c.BreakGlass = longestBreakGlass
	}
	if c.LapseAfter == nil {
		c.LapseAfter = func(time.Duration, time.Time) time.Duration { return 0 }
	}
	return &Service{
		byHand: byHand{grants{c.Units, c.Authority}}, retries: retries{c.Units, c.Authority, c.Stuck},
		units: c.Units, catalog: c.Catalog, people: c.People, authority: c.Authority,
		stages:     stages{units: c.Units, catalog: c.Catalog, people: c.People, authority: c.Authority, approvers: c.Approvers, delegations: c.Delegations},
		attributes: c.Attributes, lapseAfter: c.LapseAfter, breakGlass: c.BreakGlass, jiraOnly: c.JiraOnly,
	}
}
