package modals

import (
	"cmp"
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/route"
)

const (
	callbackCantBeDone = "cant_be_done" // never changed
	cantBeDoneTitle    = "Can't be done"
)

// Fulfilment takes what is said of a change that is made by hand.
type Fulfilment interface {
	CantFulfil(ctx context.Context, request string, way access.Direction, reason string, by access.Actor) error
}

// cantBeDone asks whoever was to make a change by hand why it can't be made.
type cantBeDone struct {
	opener opener
	fulfil Fulfilment
}

func (m cantBeDone) routes() route.Table {
	return m.opener.routes(cards.ActionCantBeDone, cantBeDoneTitle, callbackCantBeDone, cantBeDoneView, m.submitted)
}

func cantBeDoneView(c access.Case, t cards.Target) slack.ModalViewRequest {
	what, why := "To be set up: ", "Whoever asked reads this, and it is kept on the ticket. The request is over then, and nothing was given."
	if t.Direction == access.Revoking {
		what, why = "To be taken away: ", "IT reads this, and it is kept on the ticket. The access counts as still there until somebody takes it away."
	}
	about := subject(c)
	about.Text.Text = what + about.Text.Text
	v := blocks.Modal(cantBeDoneTitle, "Send", "Cancel", about, focusedReasonInput("Why can't it be done?", why, "No licence is left until March."))
	v.CallbackID, v.PrivateMetadata = callbackCantBeDone, t.String()
	return v
}

func (m cantBeDone) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	t := cards.TargetOf(in.View.Metadata)
	by, err := m.opener.respond.Actor(ctx, in, t.Request, "say that a change by hand can't be made")
	if err == nil {
		err = m.fulfil.CantFulfil(ctx, t.Request, cmp.Or(t.Direction, access.Granting), reasonIn(in), by)
	}
	return m.opener.respond.Committed(ctx, t.Request, blockReason, err)
}
