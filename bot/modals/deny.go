package modals

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/route"
	"latchkey/workflow/requests"
)

const callbackDeny = "deny" // never changed

// denial asks for the reason of a no.
type denial struct{ decisions }

func (m denial) routes() route.Table {
	return route.Table{
		Clicks:      map[route.Key]route.Click{route.Anywhere(cards.ActionDeny): m.open},
		Submissions: map[string]route.Submission{callbackDeny: m.submitted},
	}
}

func (m denial) open(_ context.Context, in payload.Interaction, a payload.Action) error {
	m.respond.Later("open the denial form", func(ctx context.Context) error {
		return m.respond.Open(ctx, in, denialView(cards.TargetOf(a.Value)))
	})
	return nil
}

func denialView(t cards.Target) slack.ModalViewRequest {
	v := blocks.Modal("Deny request", "Deny", "Cancel", focusedReasonInput("Why not?", "The person who asked reads this.", "What should they do instead?"))
	v.CallbackID, v.PrivateMetadata = callbackDeny, t.String()
	return v
}

// submitted commits the no.
func (m denial) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	return m.submit(ctx, in, blockReason, requests.Decision{Reason: reasonIn(in)})
}
