package bot

import (
	"context"

	"latchkey/access"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
)

// Birthrights takes IT's word on what comes with who people are.
type Birthrights interface {
	// Answer says whether what a question shows happens.
	Answer(ctx context.Context, id string, yes bool, by access.Actor) error
}

// birthrights takes the answer whether much that comes by birthrights at once is meant.
type birthrights struct {
	respond *respond.Responder
	follow  Birthrights
}

func (b birthrights) routes() route.Table {
	return route.Table{Clicks: map[route.Key]route.Click{
		route.Anywhere(cards.ActionBirthrights): b.answer(true), route.Anywhere(cards.ActionLeaveBirthrights): b.answer(false),
	}}
}

func (b birthrights) answer(yes bool) route.Click {
	return func(ctx context.Context, in payload.Interaction, a payload.Action) error {
		by, err := b.respond.Actor(ctx, in, "", "say whether birthrights are followed")
		if err == nil {
			err = b.follow.Answer(ctx, a.Value, yes, by)
		}
		return b.respond.Explain(in, err)
	}
}
