package bot

import (
	"context"
	"strings"

	"latchkey/access"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/workflow/people"
)

// accounts takes the word of people for which accounts aren't theirs.
type accounts struct {
	respond *respond.Responder
	people  *people.Service
	changed func(access.Person)
}

func (b accounts) routes() route.Table {
	return route.Table{Clicks: map[route.Key]route.Click{route.Anywhere(cards.ActionNotMine): b.notMine}}
}

// notMine says of an account that it isn't that of whoever clicks.
func (b accounts) notMine(ctx context.Context, in payload.Interaction, a payload.Action) error {
	p, err := b.respond.Person(ctx, in, "", "say that an account isn't theirs")
	if err != nil {
		return b.respond.Explain(in, err)
	}
	system, account, _ := strings.Cut(a.Value, ":")
	by := respond.Clicker(in)
	by.Person = p.ID
	if err := b.people.Corrections().NotTheirs(ctx, p.ID, system, account, by); err != nil {
		return b.respond.Explain(in, err)
	}
	b.changed(p)
	b.respond.Tell(in, "Thank you. That account isn't known as yours any more, and IT has been alarmed. They will ask you what you saw.")
	return nil
}
