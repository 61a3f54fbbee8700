package inbox

import (
	"context"
	"log/slog"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence/note"
	"latchkey/store"
	"latchkey/workflow/campaigns/comments"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/requests"
)

// Source is Jira, read. Errors are *access.Failure; beside one, there may be issues
// that could be read all the same.
type Source interface {
	// Changes tells how the issues stand that were changed since a moment, and
	// perhaps some more. known is asked whether an issue was dealt with as it is.
	Changes(ctx context.Context, since time.Time, known func(id string, updated time.Time) bool) ([]access.IssueSnapshot, error)
	// Look tells how issues stand now. One that is not there is told as gone.
	Look(ctx context.Context, issues []access.Issue) ([]access.IssueSnapshot, error)
}

// Requests is what people do about requests, whichever door they come through.
type Requests interface {
	Submit(context.Context, requests.Submission) (access.Request, error)
	Decide(context.Context, requests.Decision) (access.Request, error)
	Cancel(ctx context.Context, request string, by access.Actor) error
	Fulfil(ctx context.Context, request string, way access.Direction, by access.Actor) error
	CantFulfil(ctx context.Context, request string, way access.Direction, reason string, by access.Actor) error
}

// Reviews takes answers that are comments on the issue of a review; nil where nobody does.
type Reviews interface {
	Take(context.Context, comments.Written) error
}

// Cases gathers what there is to tell about a request.
type Cases interface {
	Case(ctx context.Context, request string) (access.Case, error)
}

// People says who people are.
type People interface {
	// Holder is the person whose Jira account it is: exactly one, or a refusal.
	Holder(ctx context.Context, a access.Account) (access.Person, error)
	// Hinted is who may be asked whether an account is theirs; "" for nobody.
	Hinted(ctx context.Context, a access.Account) access.PersonID
	// Prove binds an account to whoever was given the code that it wrote.
	Prove(ctx context.Context, p people.Proof) (access.PersonID, error)
	// Whose is the person who is bound to an account; "" if nobody is.
	Whose(ctx context.Context, system, id string) (access.PersonID, error)
}

// Config is what the inbox is made of.
type Config struct {
	Units    *engine.Units
	Logger   *slog.Logger
	Clock    engine.Clock
	Catalog  func() *catalog.Catalog
	Source   Source
	Requests Requests
	Cases    Cases
	People   People
	Reviews  Reviews

	Poll    time.Duration // how often Jira is asked
	Decides bool          // decisions made in Jira count
	Command string        // what people type in Slack
	Link    string        // opens the bot in Slack, for those who come from Jira; may be empty

	Trust func() note.Trust // whose signatures count; nil: nobody's
	// Ahead hears of an issue that holds more of a request than the store does. nil:
	// nobody does.
	Ahead func(ctx context.Context, a store.Ahead, instance uint64) error
}

// Service reads the inbox.
type Service struct {
	units    *engine.Units
	log      *slog.Logger
	clock    engine.Clock
	catalog  func() *catalog.Catalog
	source   Source
	requests Requests
	cases    Cases
	people   People
	reviews  Reviews
	poll     time.Duration
	decides  bool
	command  string
	link     string
	trust    func() note.Trust
	ahead    func(context.Context, store.Ahead, uint64) error
}

// New makes an inbox.
func New(c Config) *Service {
	if c.Trust == nil {
		c.Trust = func() note.Trust { return note.Trust{} }
	}
	return &Service{
		units: c.Units, log: c.Logger, clock: c.Clock, catalog: c.Catalog, source: c.Source, requests: c.Requests, cases: c.Cases,
		people: c.People, reviews: c.Reviews, poll: c.Poll, decides: c.Decides, command: c.Command, link: c.Link, trust: c.Trust, ahead: c.Ahead,
	}
}
