package modals

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/route"
	"latchkey/workflow/requests"
)

const (
	callbackDeny = "deny" // never changed
	denyTitle    = "Deny request"
)

// denial asks for the reason of a no.
type denial struct {
	decisions
	opener opener
}

func (m denial) routes() route.Table {
	return m.opener.routes(cards.ActionDeny, denyTitle, callbackDeny, denialView, m.submitted)
}

func denialView(c access.Case, t cards.Target) slack.ModalViewRequest {
	v := blocks.Modal(denyTitle, "Deny", "Cancel", subject(c), focusedReasonInput("Why not?", "The person who asked reads this.", "What should they do instead?"))
	v.CallbackID, v.PrivateMetadata = callbackDeny, t.String()
	return v
}

// submitted commits the no.
func (m denial) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	return m.submit(ctx, in, blockReason, requests.Decision{Reason: reasonIn(in)})
}
