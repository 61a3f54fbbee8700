package commands

import (
	"context"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/lists"
	"latchkey/bot/modals"
	"latchkey/bot/payload"
)

func (c *Commands) stuck(ctx context.Context, s invocation) ([]byte, error) {
	rows, total, err := c.lists.Stuck(ctx, s.person.ID, 0, maxRows)
	if err != nil {
		return nil, err
	}
	if total == 0 {
		return payload.Ack(payload.Ephemeral("Nothing is stuck."))
	}
	return answerRows(blocks.Capital(blocks.Count(total, "thing"))+" "+blocks.Agree(total, "waits", "wait")+" for IT.", rows, total)
}

func (c *Commands) report(ctx context.Context, s invocation) ([]byte, error) {
	w, err := c.query.Week(ctx, s.actor())
	if err != nil {
		return nil, err
	}
	return answerLines("The last seven days", lists.Week(w), 0)
}

// revoke shows what would end and asks for the reason.
func (c *Commands) revoke(_ context.Context, s invocation) ([]byte, error) {
	named, app, err := c.named(s.rest)
	if err != nil {
		return nil, err
	}
	c.modals.Revocation.Open(s.user, s.trigger, app, func(ctx context.Context) (access.Person, error) { return c.personOf(ctx, named) })
	return nil, nil
}

// reclaim shows the questions about idle seats, or opens the form that leaves somebody's seat out.
func (c *Commands) reclaim(ctx context.Context, s invocation) ([]byte, error) {
	if named, app, err := c.named(s.rest); err == nil {
		c.modals.Seats.OpenFor(s.user, s.trigger, app.ID, func(ctx context.Context) (access.Person, error) { return c.personOf(ctx, named) })
		return nil, nil
	}
	app, found := modals.FindApp(c.catalog(), s.rest)
	if s.rest != "" && !found {
		return payload.Ack(payload.Ephemeral(blocks.Escape(noApp(s.rest), blocks.MaxSection)))
	}
	all, err := c.seats.Overseen(ctx, s.actor(), app.ID)
	if err != nil {
		return nil, err
	}
	of := ""
	if found {
		of = " of " + blocks.Escape(app.Name, blocks.MaxName)
	}
	if len(all) == 0 {
		return payload.Ack(payload.Ephemeral("Nobody is asked about an idle seat" + of + ", none is left out, and none can be given back."))
	}
	return answerRows(blocks.Capital(blocks.Count(len(all), "seat"))+of+", asked about, left out, or to be had back", c.lists.Seats(ctx, all), len(all))
}

// reassign opens the form by which somebody else is asked to decide.
func (c *Commands) reassign(_ context.Context, s invocation) ([]byte, error) {
	if s.rest == "" {
		return nil, access.Refuse(access.Invalid, "", "Please name the ticket of the request that somebody else is to decide, like “"+c.command+" reassign IT-42”.")
	}
	c.modals.Reassigning.OpenFor(s.user, s.trigger, s.rest)
	return nil, nil
}
