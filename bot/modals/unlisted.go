package modals

import (
	"context"
	"log/slog"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

// Names of what comes back from Slack. Never changed.
const (
	callbackUnlisted   = "unlisted"
	blockUnlisted      = "unlisted"
	actionUnlistedName = "unlisted_name"
)

// unlisted asks for something that isn't in the catalogue.
type unlisted struct {
	respond *respond.Responder
	submit  Submitter
	log     *slog.Logger
}

func (m unlisted) routes() route.Table {
	return route.Table{
		Clicks:      map[route.Key]route.Click{route.Anywhere(ActionUnlisted): m.open},
		Submissions: map[string]route.Submission{callbackUnlisted: m.submitted},
	}
}

func (m unlisted) open(_ context.Context, in payload.Interaction, _ payload.Action) error {
	m.push(in, "", "")
	return nil
}

// push shows the form with a name and a reason filled in.
func (m unlisted) push(in payload.Interaction, name, reason string) {
	v := unlistedView(name, reason)
	m.respond.Later("open the form for what isn't listed", func(ctx context.Context) error { return m.respond.Push(ctx, in, v) })
}

func unlistedView(named, reason string) slack.ModalViewRequest {
	name := slack.NewPlainTextInputBlockElement(blocks.Plain("The app, the folder, the mailbox…", blocks.MaxPlaceholder), actionUnlistedName)
	name.MaxLength, name.InitialValue = access.MaxUnlisted, blocks.Clip(named, access.MaxUnlisted)
	v := blocks.Modal("It isn't listed", "Ask IT", "Back",
		blocks.SmallPrint("IT gets a ticket, decides, and goes on from there. Nothing is set up by itself."),
		slack.NewInputBlock(blockUnlisted, blocks.Plain("What do you need?", blocks.MaxHint), nil, name), whatForInput(blocks.Clip(reason, access.MaxReason)))
	v.CallbackID = callbackUnlisted
	return v
}

// submitted commits the request.
func (m unlisted) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	by, err := m.respond.Person(ctx, in, "", "ask for access")
	var made []access.Request
	if err == nil {
		made, err = m.submit.SubmitAll(ctx, []requests.Submission{{
			ID: in.View.ID, By: by, Unlisted: in.View.State.Values.Text(blockUnlisted, actionUnlistedName), Wanted: catalog.Forever,
			Reason: reasonIn(in), Via: access.ViaSlack,
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
		m.log.ErrorContext(ctx, "A request couldn't be committed", "error", err)
		return payload.FieldError(blockReason, respond.NotSaved(err))
	}
	what := blocks.Escape(made[0].Unlisted, blocks.MaxName)
	return payload.ReplaceView(blocks.Modal("Asked", "", "Close",
		blocks.Section("*"+what+"* isn't in the catalogue, so I'm asking IT. The direct message I send you shows the ticket and what they say.")))
}
