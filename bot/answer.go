package bot

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/workflow"
)

// The block of the confirmation's only input.
const blockTyped = "typed"

// openDenial asks for the reason of a no.
func (b *Bot) openDenial(in interaction, request string) {
	ask := slack.NewPlainTextInputBlockElement(plain("What should they do instead?", maxPlaceholder), actionReason)
	ask.Multiline, ask.MaxLength, ask.FocusOnLoad = true, access.MaxReason, true
	v := modal("Deny request", "Deny", "Cancel",
		slack.NewInputBlock(blockReason, plain("Why not?", maxHint), plain("The person who asked reads this.", maxHint), ask))
	v.CallbackID, v.PrivateMetadata = callbackDeny, request
	b.later("open the denial form", func(ctx context.Context) error { return b.open(ctx, in, v) })
}

// openConfirm asks to type the app's name, for roles that can do harm.
func (b *Bot) openConfirm(in interaction, request string) {
	b.later("open the confirmation", func(ctx context.Context) error {
		c, err := b.cfg.Desk.Case(ctx, request)
		if err != nil {
			return b.settle(in, err)
		}
		return b.open(ctx, in, confirmView(scene{Case: c}))
	})
}

func confirmView(s scene) slack.ModalViewRequest {
	ask := slack.NewPlainTextInputBlockElement(nil, actionTyped)
	ask.FocusOnLoad = true
	v := modal("Approve request", "Approve", "Cancel",
		section("*"+esc(s.what(), 600)+"* for "+esc(s.name(s.receiver()), 2*longest)+", "+forHow(s.Request.Allowed)+". This role can do harm."),
		slack.NewInputBlock(blockTyped, plain("Type "+clip(s.appName(), 500)+" to approve", maxHint), nil, ask))
	v.CallbackID, v.PrivateMetadata = callbackConfirm, s.Request.ID
	return v
}

// open opens a view for a click. The second delivery of a click finds its
// trigger used up, and the view open.
func (b *Bot) open(ctx context.Context, in interaction, v slack.ModalViewRequest) error {
	_, err := b.cfg.API.OpenViewContext(ctx, in.Trigger, v)
	if err = viewShown(err); err == nil || code(err) == "exchanged_trigger_id" {
		return nil
	}
	b.tell(in, unopened)
	return err
}

// submitDenial commits a no.
func (b *Bot) submitDenial(ctx context.Context, in interaction) ([]byte, error) {
	reason := in.View.State.Values.text(blockReason, actionReason)
	return b.submitAnswer(ctx, in, blockReason, workflow.Decision{Reason: reason})
}

// submitConfirmed commits a yes that was typed out.
func (b *Bot) submitConfirmed(ctx context.Context, in interaction) ([]byte, error) {
	typed := in.View.State.Values.text(blockTyped, actionTyped)
	return b.submitAnswer(ctx, in, blockTyped, workflow.Decision{Yes: true, Typed: typed})
}

// submitAnswer commits an answer given in a modal. What can be put right is
// shown under the field; any other refusal takes the modal's place.
func (b *Bot) submitAnswer(ctx context.Context, in interaction, field string, d workflow.Decision) ([]byte, error) {
	by, err := b.actor(ctx, in.User.ID)
	if err == nil {
		d.Request, d.By = in.View.Metadata, by
		_, err = b.cfg.Desk.Decide(ctx, d)
	}
	if err == nil {
		return nil, nil
	}
	refusal, ok := access.AsRefusal(err)
	switch {
	case !ok:
		b.log.ErrorContext(ctx, "An answer couldn't be committed", "request", d.Request, "error", err)
		return fieldError(field, unsavedForm)
	case b.counted(ctx, d.Request, by, d.Yes, err):
		return turnInto(notice("Latchkey", alreadyText(d.Yes)))
	case refusal.Reason == access.Invalid:
		return fieldError(field, refusal.Sentence)
	}
	return turnInto(notice("Latchkey", refusal.Sentence))
}

func fieldError(block, sentence string) ([]byte, error) {
	return reply(slack.NewErrorsViewSubmissionResponse(map[string]string{block: clip(sentence, maxErrorText)}))
}

func turnInto(v slack.ModalViewRequest) ([]byte, error) {
	return reply(slack.NewUpdateViewSubmissionResponse(&v))
}
