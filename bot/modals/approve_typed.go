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
	callbackApproveTyped = "confirm" // never changed
	approveTitle         = "Approve request"
)

// typedApproval asks to type the app's name, for roles that can do harm.
type typedApproval struct {
	decisions
	opener opener
}

func (m typedApproval) routes() route.Table {
	return m.opener.routes(cards.ActionApproveTyped, approveTitle, callbackApproveTyped, typedApprovalView, m.submitted)
}

func typedApprovalView(c access.Case, t cards.Target) slack.ModalViewRequest {
	v := blocks.Modal(approveTitle, "Approve", "Cancel",
		subject(c), blocks.SmallPrint("This role can do harm."),
		typedInput(cards.App(c), "approve"))
	v.CallbackID, v.PrivateMetadata = callbackApproveTyped, t.String()
	return v
}

// submitted commits a yes that was typed out.
func (m typedApproval) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	return m.submit(ctx, in, blockTyped, requests.Decision{Yes: true, Typed: typedIn(in)})
}
