package modals

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/route"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

// Names of what comes back from Slack. Never changed.
const (
	callbackShorter = "approve_shorter"
	blockShorter    = "shorter"
)

const shorterTitle = "Approve for less"

// shorterApproval offers the durations below what was asked for.
type shorterApproval struct {
	decisions
	opener opener
	signIn signInApproval
}

func (m shorterApproval) routes() route.Table {
	return m.opener.routes(cards.ActionShorter, shorterTitle, callbackShorter, shorterApprovalView, m.submitted)
}

func shorterApprovalView(c access.Case, t cards.Target) slack.ModalViewRequest {
	choices := c.Request.Shorter(c.Role)
	if len(choices) == 0 {
		return blocks.Notice(shorterTitle, "There is no shorter time to choose: this role is not given for less.")
	}
	body := []slack.Block{
		subject(c),
		slack.NewInputBlock(blockShorter, blocks.Plain("Approve for", blocks.MaxHint), nil, durationMenu(choices)),
	}
	if c.Role.Assurance == catalog.Confirm && !c.Request.NeedsStepUp(c.Role) {
		body = append(body, typedInput(cards.App(c), "approve"))
	}
	v := blocks.Modal(shorterTitle, "Approve", "Cancel", body...)
	v.CallbackID, v.PrivateMetadata = callbackShorter, t.String()
	return v
}

// submitted commits a yes for less time than was asked for.
func (m shorterApproval) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	v := in.View.State.Values
	less, err := catalog.ParseDuration(v.Choice(blockShorter, actionDuration))
	if err != nil {
		return payload.FieldError(blockShorter, "Please choose for how long.")
	}
	if needed, err := m.signIn.needed(ctx, cards.TargetOf(in.View.Metadata).Request); needed || err != nil {
		return m.signIn.instead(ctx, in, less)
	}
	field := blockShorter
	if v[blockTyped] != nil {
		field = blockTyped
	}
	return payload.Finished(m.submit(ctx, in, field, requests.Decision{Yes: true, Wanted: less, Typed: typedIn(in)}))
}
