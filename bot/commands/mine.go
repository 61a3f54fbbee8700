package commands

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/lists"
	"latchkey/bot/modals"
	"latchkey/bot/payload"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

func (c *Commands) request(_ context.Context, s invocation) ([]byte, error) {
	c.modals.Request.Open(s.user, s.trigger, s.rest)
	return nil, nil
}

// maxRows is how many rows a list in an answer has at most.
const maxRows = 12

func (c *Commands) mine(ctx context.Context, s invocation) ([]byte, error) {
	asked, many, err := c.lists.Asked(ctx, s.person.ID, 0, maxRows/2)
	if err != nil {
		return nil, err
	}
	held, more, err := c.lists.Held(ctx, s.person.ID, 0, maxRows)
	if err != nil {
		return nil, err
	}
	if many+more == 0 {
		return payload.Ack(payload.Ephemeral(c.pauseLine(ctx) + "You have nothing here yet, and nothing is asked for. *" + blocks.Escape(c.command, blocks.MaxName) + "* opens the form."))
	}
	return answerRows(c.pauseLine(ctx)+"Your access: "+strconv.Itoa(more)+". Open requests: "+strconv.Itoa(many)+".", append(asked, held...), many+more)
}

func (c *Commands) approvals(ctx context.Context, s invocation) ([]byte, error) {
	rows, total, err := c.lists.Decisions(ctx, s.person.ID, 0, maxRows)
	if err != nil {
		return nil, err
	}
	if total == 0 {
		return payload.Ack(payload.Ephemeral("Nothing waits for your decision."))
	}
	return answerRows(c.pauseLine(ctx)+blocks.Capital(blocks.Count(total, "decision"))+" "+blocks.Agree(total, "waits", "wait")+" for you.", rows, total)
}

// held lists what a person has, or what of an app they have.
func (c *Commands) held(ctx context.Context, s invocation) ([]byte, error) {
	list, err := c.query.Held(ctx, s.person.ID, 0, 1000)
	if err != nil {
		return nil, err
	}
	items := list.Items
	if s.rest != "" {
		app, ok := modals.FindApp(c.catalog(), s.rest)
		if !ok {
			return payload.Ack(payload.Ephemeral(blocks.Escape(noApp(s.rest), blocks.MaxSection)))
		}
		items = slices.DeleteFunc(items, func(h query.Holding) bool { return h.Grant.App != app.ID })
	}
	var rows []lists.Row
	for _, h := range items[:min(len(items), maxRows)] {
		rows = append(rows, c.lists.Holding(h))
	}
	if len(rows) == 0 {
		return payload.Ack(payload.Ephemeral("You have nothing there."))
	}
	return answerRows("What you have:", rows, len(items))
}

// issueKey is how Jira calls an issue, however it is typed.
var issueKey = regexp.MustCompile(`(?i)^[a-z][a-z0-9_]*-[1-9][0-9]*$`)

// connect gives somebody a code to write in Jira, or to sign in to a directory with.
// Only they can read the answer.
func (c *Commands) connect(ctx context.Context, s invocation) ([]byte, error) {
	if s.rest == "" || strings.EqualFold(s.rest, "jira") {
		return payload.Ack(payload.Ephemeral("Which issue will you write the code on? Any access request of yours in Jira is good for it: type `" + c.command + " connect` and its key, such as `" + c.command + " connect IT-42`."))
	}
	ack, err := c.signIn(ctx, s)
	if r, refused := access.AsRefusal(err); !refused || r.Reason != access.Unknown || !issueKey.MatchString(s.rest) {
		return ack, err
	}
	issue := strings.ToUpper(s.rest)
	code, err := c.people.Challenge(ctx, s.person.ID, issue)
	if err != nil {
		return nil, err
	}
	return payload.Ack(payload.Ephemeral("Write *" + code + "* as a comment on " + issue + ", from your own account in Jira, within ten minutes. " +
		"What that account does there counts as yours from then on. Don't give the code to anybody: it is for you alone."))
}

// signIn gives somebody a code to sign in to a directory with.
func (c *Commands) signIn(ctx context.Context, s invocation) ([]byte, error) {
	code, err := c.people.BeginSignIn(ctx, s.actor(), s.rest)
	if err != nil {
		return nil, err
	}
	name := blocks.Escape(s.rest, blocks.MaxName)
	return payload.Ack(payload.Ephemeral("Open " + blocks.Escape(code.URL, 200) + " within " + catalog.FormatDuration(code.Expires.Sub(c.now()).Round(time.Minute)) + ", type *" + blocks.Escape(code.Code, 40) + "* there, and sign in as yourself. " +
		"That proves which account in " + name + " is yours, and I tell you when I have seen it. Don't give the code to anybody, and never use one that somebody sends you."))
}

// accounts shows which accounts are known as somebody's.
func (c *Commands) accounts(_ context.Context, s invocation) ([]byte, error) {
	rows := c.lists.Accounts(s.person)
	if len(rows) == 0 {
		return payload.Ack(payload.Ephemeral("I know of no account of yours besides the one in Slack."))
	}
	return answerRows("Known as your accounts, besides this one in Slack:", rows, len(rows))
}

// breakGlass opens the form of an emergency.
func (c *Commands) breakGlass(_ context.Context, s invocation) ([]byte, error) {
	c.modals.BreakGlass.Open(s.user, s.trigger, s.rest)
	return nil, nil
}

// review shows the access reviews.
func (c *Commands) review(_ context.Context, s invocation) ([]byte, error) {
	c.modals.Campaigns.Open(s.user, s.trigger)
	return nil, nil
}
