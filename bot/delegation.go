package bot

import (
	"context"

	"latchkey/access"
	"latchkey/bot/cards"
	"latchkey/bot/modals"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/workflow/people"
)

// delegations takes the word of people that somebody is not to decide for them any more, or
// that they don't for somebody.
type delegations struct {
	respond *respond.Responder
	people  *people.Service
	kept    modals.Delegations
	changed func(access.Person)
}

func (b delegations) routes() route.Table {
	return route.Table{Clicks: map[route.Key]route.Click{route.Anywhere(cards.ActionEndDelegation): b.end}}
}

func (b delegations) end(ctx context.Context, in payload.Interaction, a payload.Action) error {
	by, err := b.respond.Actor(ctx, in, "", "end that somebody decides")
	var d access.Delegation
	if err == nil {
		d, err = b.kept.End(ctx, a.Value, by)
	}
	if err != nil {
		return b.respond.Explain(in, err)
	}
	for _, p := range b.people.Names(ctx, []access.PersonID{d.Delegator, d.Delegate}) {
		b.changed(p)
	}
	return nil
}
