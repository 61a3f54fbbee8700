package bot

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/webapi"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

// Names of what comes back from Slack, for those who decide. They stand in
// messages that outlive a release, so they are never changed.
const (
	callbackDeny    = "deny"
	callbackConfirm = "confirm"
	callbackShorter = "approve_shorter"

	actionTyped = "typed"

	blockTyped   = "typed"
	blockShorter = "shorter"
)

// openDenial asks for the reason of a no.
func (b *Bot) openDenial(_ context.Context, in payload.Interaction, t cards.Target) error {
	v := blocks.Modal("Deny request", "Deny", "Cancel", wordsInput("Why not?", "The person who asked reads this.", "What should they do instead?"))
	v.CallbackID, v.PrivateMetadata = callbackDeny, t.String()
	b.later("open the denial form", func(ctx context.Context) error { return b.open(ctx, in, v) })
	return nil
}

// wordsInput asks for a person's own words.
func wordsInput(label, hint, placeholder string) *slack.InputBlock {
	ask := slack.NewPlainTextInputBlockElement(blocks.Plain(placeholder, blocks.MaxPlaceholder), actionReason)
	ask.Multiline, ask.MaxLength, ask.FocusOnLoad = true, access.MaxReason, true
	return slack.NewInputBlock(blockReason, blocks.Plain(label, blocks.MaxHint), blocks.Plain(hint, blocks.MaxHint), ask)
}

// openConfirm asks to type the app's name, for roles that can do harm.
func (b *Bot) openConfirm(_ context.Context, in payload.Interaction, t cards.Target) error {
	b.openFor(in, t, "open the confirmation", func(c access.Case) slack.ModalViewRequest { return confirmView(c, t) })
	return nil
}

// openFor opens a view that shows something of the request.
func (b *Bot) openFor(in payload.Interaction, t cards.Target, what string, draw func(access.Case) slack.ModalViewRequest) {
	b.later(what, func(ctx context.Context) error {
		c, err := b.cfg.Query.Case(ctx, t.Request)
		if err != nil {
			return b.settle(in, err)
		}
		return b.open(ctx, in, draw(c))
	})
}

func confirmView(c access.Case, t cards.Target) slack.ModalViewRequest {
	v := blocks.Modal("Approve request", "Approve", "Cancel",
		blocks.Section("*"+blocks.Escape(cards.What(c), 600)+"* for "+blocks.Escape(cards.Beneficiary(c), 2*blocks.MaxName)+", "+blocks.ForHow(c.Request.Allowed)+". This role can do harm."),
		typedInput(cards.App(c), "approve"))
	v.CallbackID, v.PrivateMetadata = callbackConfirm, t.String()
	return v
}

// typedInput asks for the app's name as a confirmation.
func typedInput(app, to string) *slack.InputBlock {
	ask := slack.NewPlainTextInputBlockElement(nil, actionTyped)
	return slack.NewInputBlock(blockTyped, blocks.Plain("Type "+blocks.Clip(app, 500)+" to "+to, blocks.MaxHint), nil, ask)
}

// openShorter offers the durations below what was asked for.
func (b *Bot) openShorter(_ context.Context, in payload.Interaction, t cards.Target) error {
	b.openFor(in, t, "open the choice of a shorter time", func(c access.Case) slack.ModalViewRequest { return shorterView(c, t) })
	return nil
}

func shorterView(c access.Case, t cards.Target) slack.ModalViewRequest {
	choices := c.Request.Shorter(c.Role)
	if len(choices) == 0 {
		return blocks.Notice("Approve for less", "There is no shorter time to choose: this role is not given for less.")
	}
	body := []slack.Block{
		blocks.Section("*" + blocks.Escape(cards.What(c), 600) + "* for " + blocks.Escape(cards.Beneficiary(c), 2*blocks.MaxName) + ", asked " + blocks.ForHow(c.Request.Wanted) + "."),
		slack.NewInputBlock(blockShorter, blocks.Plain("Approve for", blocks.MaxHint), nil, durationMenu(choices)),
	}
	if c.Role.Assurance == catalog.Confirm {
		body = append(body, typedInput(cards.App(c), "approve"))
	}
	v := blocks.Modal("Approve for less", "Approve", "Cancel", body...)
	v.CallbackID, v.PrivateMetadata = callbackShorter, t.String()
	return v
}

// open opens a view for a click. The second delivery of a click finds its
// trigger used up, and the view open.
func (b *Bot) open(ctx context.Context, in payload.Interaction, v slack.ModalViewRequest) error {
	_, err := b.cfg.API.OpenViewContext(ctx, in.Trigger, v)
	if err = webapi.ViewShown(err); err == nil || webapi.Code(err) == "exchanged_trigger_id" {
		return nil
	}
	b.tell(in, unopened)
	return err
}

// submitDenial commits a no.
func (b *Bot) submitDenial(ctx context.Context, in payload.Interaction) ([]byte, error) {
	reason := in.View.State.Values.Text(blockReason, actionReason)
	return b.submitAnswer(ctx, in, blockReason, requests.Decision{Reason: reason})
}

// submitConfirmed commits a yes that was typed out.
func (b *Bot) submitConfirmed(ctx context.Context, in payload.Interaction) ([]byte, error) {
	typed := in.View.State.Values.Text(blockTyped, actionTyped)
	return b.submitAnswer(ctx, in, blockTyped, requests.Decision{Yes: true, Typed: typed})
}

// submitShorter commits a yes for less time than was asked for.
func (b *Bot) submitShorter(ctx context.Context, in payload.Interaction) ([]byte, error) {
	v := in.View.State.Values
	less, err := catalog.ParseDuration(v.Choice(blockShorter, actionDuration))
	if err != nil {
		return payload.FieldError(blockShorter, "Please choose for how long.")
	}
	field := blockShorter
	if v[blockTyped] != nil {
		field = blockTyped
	}
	return b.submitAnswer(ctx, in, field, requests.Decision{Yes: true, Wanted: less, Typed: v.Text(blockTyped, actionTyped)})
}

// submitAnswer commits an answer given in a modal. What can be put right is
// shown under the field; any other refusal takes the modal's place.
func (b *Bot) submitAnswer(ctx context.Context, in payload.Interaction, field string, d requests.Decision) ([]byte, error) {
	t := cards.TargetOf(in.View.Metadata)
	d.Request, d.Seen = t.Request, t.Seen
	by, err := b.actor(ctx, in, t.Request, "answer")
	if err == nil {
		d.By = by
		_, err = b.cfg.Requests.Decide(ctx, d)
	}
	if b.counted(ctx, d.Request, by, d.Yes, err) {
		return payload.ReplaceView(blocks.Notice("Latchkey", alreadyText(d.Yes)))
	}
	return b.answered(ctx, t.Request, field, err)
}

// answered closes a modal whose answer was committed, or says what is wrong:
// under the field what can be put right there, in the modal's place all else.
func (b *Bot) answered(ctx context.Context, request, field string, err error) ([]byte, error) {
	if err == nil {
		return nil, nil
	}
	refusal, ok := access.AsRefusal(err)
	switch {
	case !ok:
		b.log.ErrorContext(ctx, "An answer couldn't be committed", "request", request, "error", err)
		return payload.FieldError(field, unsavedForm)
	case refusal.Reason == access.Invalid:
		return payload.FieldError(field, refusal.Sentence)
	}
	return payload.ReplaceView(blocks.Notice("Latchkey", refusal.Sentence))
}
