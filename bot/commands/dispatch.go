package commands

import (
	"context"
	"slices"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/catalog"
)

// catalogEmpty is said when there is nothing to show.
const catalogEmpty = "There is nothing to ask for yet: IT hasn't put any app into the catalogue."

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
