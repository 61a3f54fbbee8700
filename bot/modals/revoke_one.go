package modals

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/route"
)

const callbackRevokeOne = "revoke_one" // never changed

// OneRevoker takes away what a request gave.
type OneRevoker interface {
	Revoke(ctx context.Context, request, reason string, by access.Actor) error
}

// oneRevocation takes away what one request gave, from the card about it.
type oneRevocation struct {
	opener opener
	revoke OneRevoker
}

func (m oneRevocation) routes() route.Table {
	return m.opener.routes(cards.ActionRevoke, revokeTitle, callbackRevokeOne, oneRevocationView, m.submitted)
}

func oneRevocationView(c access.Case, t cards.Target) slack.ModalViewRequest {
	text := "*" + blocks.Escape(cards.Beneficiary(c), 2*blocks.MaxName) + "* loses *" + blocks.Escape(cards.What(c), 2*blocks.MaxName) + "* now."
	v := blocks.Modal(revokeTitle, "Revoke", "Cancel", blocks.Section(text),
		focusedReasonInput("Why?", "The person reads this, and it goes into the ticket.", "Why should it end now?"))
	v.CallbackID, v.PrivateMetadata = callbackRevokeOne, t.String()
	return v
}

func (m oneRevocation) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	t := cards.TargetOf(in.View.Metadata)
	by, err := m.opener.respond.Actor(ctx, in, t.Request, "revoke")
	if err == nil {
		err = m.revoke.Revoke(ctx, t.Request, reasonIn(in), by)
	}
	return m.opener.respond.Committed(ctx, t.Request, blockReason, err)
}
