// Package commands answers the slash command: what somebody has, who has access to
// what and why, and what waits. Without a subcommand it opens the request form.
package commands

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/lists"
	"latchkey/bot/modals"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// catalogEmpty is said when there is nothing to show.
const catalogEmpty = "There is nothing to ask for yet: IT hasn't put any app into the catalogue."

// Query reads how things stand, for those who may know.
type Query interface {
	Holdings
	Trace(ctx context.Context, by access.Actor, who access.PersonID, app string) (evidence.Trace, error)
	Week(ctx context.Context, by access.Actor) (evidence.Report, error)
	Paused(ctx context.Context) (access.Pause, error)
	Decides(ctx context.Context, who access.Person) (bool, error)
}

// Holdings reads who has what.
type Holdings interface {
	Held(ctx context.Context, who access.PersonID, from, size int) (query.List[query.Holding], error)
	Holders(ctx context.Context, by access.Actor, app string, from, size int) (query.List[query.Holding], error)
	Why(ctx context.Context, by access.Actor, who access.Person, app string) ([]query.Holding, error)
}

// People knows who somebody is.
type People interface {
	SignIns
	Absences
	Who(ctx context.Context, slackID string) (access.Person, error)
	Member(ctx context.Context, slackID string) (access.Person, error)
	Names(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person
	Had(ctx context.Context, a access.Email) (access.Person, error) // whoever has or had the address
}

// Absences know who is on leave.
type Absences interface {
	Away(ctx context.Context, who access.PersonID, until time.Time) error
}

// SignIns have people prove whose an account is.
type SignIns interface {
	Challenge(ctx context.Context, who access.PersonID, issue string) (code string, err error)
	BeginSignIn(ctx context.Context, by access.Actor, directory string) (people.SignInCode, error)
	SignInDirectories() []string
}

// Authority says what somebody may do.
type Authority interface {
	Caller(ctx context.Context, by access.Actor) (people.Caller, error)
	May(by people.Caller, act people.Act, about people.Matter) error
	// Confirm is the second word of IT about somebody.
	Confirm(ctx context.Context, id string, by access.Actor) (says string, err error)
}

// Config is what the commands need; all of it.
type Config struct {
	Respond  *respond.Responder
	Modals   *modals.Modals
	Lists    *lists.Lists
	Query    Query
	Controls Controls
	People   People
	May      Authority
	Catalog  func() *catalog.Catalog
	Command  string // the slash command, for help
	Logger   *slog.Logger
	Now      func() time.Time
}

// Commands answers the slash command.
type Commands struct {
	respond  *respond.Responder
	modals   *modals.Modals
	lists    *lists.Lists
	query    Query
	controls Controls
	people   People
	may      Authority
	catalog  func() *catalog.Catalog
	command  string
	log      *slog.Logger
	now      func() time.Time
}

// New makes commands.
func New(cfg Config) *Commands {
	return &Commands{respond: cfg.Respond, modals: cfg.Modals, lists: cfg.Lists, query: cfg.Query, controls: cfg.Controls, people: cfg.People, may: cfg.May, catalog: cfg.Catalog, command: cfg.Command, log: cfg.Logger, now: cfg.Now}
}

// Handle answers one command: what it asks to know goes into the ack, and a form is
// opened beside the ack because its trigger soon runs out.
func (c *Commands) Handle(ctx context.Context, typed payload.Command) ([]byte, error) {
	text := blocks.OneLine(blocks.Clean(payload.Unescape(typed.Text)))
	sub, rest, ok := find(c.catalog(), text)
	if ok && sub.name != "request" {
		return c.run(ctx, sub, invocation{user: typed.User, trigger: typed.Trigger, rest: rest})
	}
	if !slices.ContainsFunc(c.catalog().Apps(), catalog.App.Offered) {
		return payload.Ack(payload.Ephemeral(catalogEmpty))
	}
	c.modals.Request.Open(typed.User, typed.Trigger, rest)
	return nil, nil
}

// run carries a subcommand out for whoever typed it. A refusal is an answer, too.
func (c *Commands) run(ctx context.Context, sub subcommand, s invocation) ([]byte, error) {
	var err error
	if !sub.opens && !(sub.bare && s.rest == "") {
		s.person, err = c.people.Who(ctx, s.user)
	}
	if _, refused := access.AsRefusal(err); sub.name == "help" && !refused {
		return c.help(ctx, s)
	}
	var out []byte
	if err == nil {
		out, err = sub.do(c, ctx, s)
	}
	if refusal, ok := access.AsRefusal(c.respond.LogRefusal(ctx, "", s.actor(), "say "+sub.name, err)); ok {
		return payload.Ack(payload.Ephemeral(blocks.Told(refusal.Sentence, blocks.MaxSection)))
	}
	if err != nil {
		c.log.WarnContext(ctx, "A question couldn't be answered", "subcommand", sub.name, "error", err)
		return payload.Ack(payload.Ephemeral(respond.Unread))
	}
	return out, nil
}
