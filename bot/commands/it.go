package commands

import (
	"context"

	"latchkey/bot/blocks"
	"latchkey/bot/lists"
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
func (c *Commands) revoke(ctx context.Context, s invocation) ([]byte, error) {
	who, app, err := c.personAndApp(ctx, s.rest)
	if err != nil {
		return nil, err
	}
	live, err := c.modals.Revocation.Live(ctx, s.actor(), who, app.ID)
	if err != nil {
		return nil, err
	}
	if len(live) == 0 {
		return payload.Ack(payload.Ephemeral("*" + blocks.Escape(who.Display(), blocks.MaxName) + "* has no access to " + blocks.Escape(app.Name, blocks.MaxName) + " that could be taken away."))
	}
	c.modals.Revocation.Open(s.user, s.trigger, who, app.ID, live)
	return nil, nil
}
