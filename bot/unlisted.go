package bot

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

const blockUnlisted = "unlisted"

// unlistedView asks for something that isn't in the catalogue.
func unlistedView() slack.ModalViewRequest {
	name := slack.NewPlainTextInputBlockElement(blocks.Plain("The app, the folder, the mailbox…", blocks.MaxPlaceholder), actionUnlistedName)
	name.MaxLength = access.MaxUnlisted
	v := blocks.Modal("It isn't listed", "Ask IT", "Back",
		blocks.SmallPrint("IT gets a ticket, decides, and goes on from there. Nothing is set up by itself."),
		slack.NewInputBlock(blockUnlisted, blocks.Plain("What do you need?", blocks.MaxHint), nil, name), reasonInput())
	v.CallbackID = callbackUnlisted
	return v
}

// submitUnlisted commits a request for something that isn't in the catalogue.
func (b *Bot) submitUnlisted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	values := in.View.State.Values
	by, err := b.person(ctx, in, "", "ask for access")
	var made []access.Request
	if err == nil {
		made, err = b.cfg.Requests.SubmitAll(ctx, []requests.Submission{{
			ID: in.View.ID, By: by, Unlisted: values.Text(blockUnlisted, actionUnlistedName), Wanted: catalog.Forever,
			Reason: values.Text(blockReason, actionReason), Via: access.ViaSlack,
		}})
	}
	if refusal, ok := access.AsRefusal(err); ok {
		field := blockUnlisted
		if refusal.Field == "reason" {
			field = blockReason
		}
		return payload.FieldError(field, refusal.Sentence)
	}
	if err != nil {
		b.log.ErrorContext(ctx, "A request couldn't be committed", "error", err)
		return payload.FieldError(blockReason, unsavedForm)
	}
	what := blocks.Escape(made[0].Unlisted, blocks.MaxName)
	return payload.ReplaceView(blocks.Modal("Asked", "", "Close",
		blocks.Section("*"+what+"* isn't in the catalogue, so I'm asking IT. The direct message I send you shows the ticket and what they say.")))
}
