package bot

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

const blockUnlisted = "unlisted"

// unlistedView asks for something that isn't in the catalogue.
func unlistedView() slack.ModalViewRequest {
	name := slack.NewPlainTextInputBlockElement(plain("The app, the folder, the mailbox…", maxPlaceholder), actionUnlistedName)
	name.MaxLength = access.MaxUnlisted
	v := modal("It isn't listed", "Ask IT", "Back",
		small("IT gets a ticket, decides, and goes on from there. Nothing is set up by itself."),
		slack.NewInputBlock(blockUnlisted, plain("What do you need?", maxHint), nil, name), reasonInput())
	v.CallbackID = callbackUnlisted
	return v
}

// submitUnlisted commits a request for something that isn't in the catalogue.
func (b *Bot) submitUnlisted(ctx context.Context, in interaction) ([]byte, error) {
	values := in.View.State.Values
	by, err := b.person(ctx, in, "", "ask for access")
	var made []access.Request
	if err == nil {
		made, err = b.cfg.Requests.SubmitAll(ctx, []requests.Submission{{
			ID: in.View.ID, By: by, Unlisted: values.text(blockUnlisted, actionUnlistedName), Wanted: catalog.Forever,
			Reason: values.text(blockReason, actionReason), Via: access.ViaSlack,
		}})
	}
	if refusal, ok := access.AsRefusal(err); ok {
		field := blockUnlisted
		if refusal.Field == "reason" {
			field = blockReason
		}
		return fieldError(field, refusal.Sentence)
	}
	if err != nil {
		b.log.ErrorContext(ctx, "A request couldn't be committed", "error", err)
		return fieldError(blockReason, unsavedForm)
	}
	what := esc(made[0].Unlisted, longest)
	return turnInto(modal("Asked", "", "Close",
		section("*"+what+"* isn't in the catalogue, so I'm asking IT. The direct message I send you shows the ticket and what they say.")))
}
