package bot

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

// Names of what comes back from Slack, for those who decide. They stand in
// messages that outlive a release, so they are never changed.
const (
	callbackDeny    = "deny"
	callbackConfirm = "confirm"
	callbackShorter = "approve_shorter"

	actionApprove = "approve"
	actionConfirm = "approve_typed"
	actionShorter = "approve_shorter"
	actionDeny    = "deny"
	actionTyped   = "typed"

	blockTyped   = "typed"
	blockShorter = "shorter"
)

// openDenial asks for the reason of a no.
func (b *Bot) openDenial(_ context.Context, in interaction, t target) error {
	v := modal("Deny request", "Deny", "Cancel", wordsInput("Why not?", "The person who asked reads this.", "What should they do instead?"))
	v.CallbackID, v.PrivateMetadata = callbackDeny, t.String()
	b.later("open the denial form", func(ctx context.Context) error { return b.open(ctx, in, v) })
	return nil
}

// wordsInput asks for a person's own words.
func wordsInput(label, hint, placeholder string) *slack.InputBlock {
	ask := slack.NewPlainTextInputBlockElement(plain(placeholder, maxPlaceholder), actionReason)
	ask.Multiline, ask.MaxLength, ask.FocusOnLoad = true, access.MaxReason, true
	return slack.NewInputBlock(blockReason, plain(label, maxHint), plain(hint, maxHint), ask)
}

// openConfirm asks to type the app's name, for roles that can do harm.
func (b *Bot) openConfirm(_ context.Context, in interaction, t target) error {
	b.openFor(in, t, "open the confirmation", func(s scene) slack.ModalViewRequest { return s.confirmView(t) })
	return nil
}

// openFor opens a view that shows something of the request.
func (b *Bot) openFor(in interaction, t target, what string, draw func(scene) slack.ModalViewRequest) {
	b.later(what, func(ctx context.Context) error {
		c, err := b.cfg.Query.Case(ctx, t.request)
		if err != nil {
			return b.settle(in, err)
		}
		return b.open(ctx, in, draw(scene{Case: c}))
	})
}

func (s scene) confirmView(t target) slack.ModalViewRequest {
	v := modal("Approve request", "Approve", "Cancel",
		section("*"+esc(s.what(), 600)+"* for "+esc(s.name(s.receiver()), 2*longest)+", "+forHow(s.Request.Allowed)+". This role can do harm."),
		typedInput(s.appName(), "approve"))
	v.CallbackID, v.PrivateMetadata = callbackConfirm, t.String()
	return v
}

// typedInput asks for the app's name as a confirmation.
func typedInput(app, to string) *slack.InputBlock {
	ask := slack.NewPlainTextInputBlockElement(nil, actionTyped)
	return slack.NewInputBlock(blockTyped, plain("Type "+clip(app, 500)+" to "+to, maxHint), nil, ask)
}

// openShorter offers the durations below what was asked for.
func (b *Bot) openShorter(_ context.Context, in interaction, t target) error {
	b.openFor(in, t, "open the choice of a shorter time", func(s scene) slack.ModalViewRequest { return s.shorterView(t) })
	return nil
}

func (s scene) shorterView(t target) slack.ModalViewRequest {
	choices := s.Request.Shorter(s.Role)
	if len(choices) == 0 {
		return notice("Approve for less", "There is no shorter time to choose: this role is not given for less.")
	}
	blocks := []slack.Block{
		section("*" + esc(s.what(), 600) + "* for " + esc(s.name(s.receiver()), 2*longest) + ", asked " + forHow(s.Request.Wanted) + "."),
		slack.NewInputBlock(blockShorter, plain("Approve for", maxHint), nil, durationMenu(choices)),
	}
	if s.Role.Assurance == catalog.Confirm {
		blocks = append(blocks, typedInput(s.appName(), "approve"))
	}
	v := modal("Approve for less", "Approve", "Cancel", blocks...)
	v.CallbackID, v.PrivateMetadata = callbackShorter, t.String()
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
	return b.submitAnswer(ctx, in, blockReason, requests.Decision{Reason: reason})
}

// submitConfirmed commits a yes that was typed out.
func (b *Bot) submitConfirmed(ctx context.Context, in interaction) ([]byte, error) {
	typed := in.View.State.Values.text(blockTyped, actionTyped)
	return b.submitAnswer(ctx, in, blockTyped, requests.Decision{Yes: true, Typed: typed})
}

// submitShorter commits a yes for less time than was asked for.
func (b *Bot) submitShorter(ctx context.Context, in interaction) ([]byte, error) {
	v := in.View.State.Values
	less, err := catalog.ParseDuration(v.choice(blockShorter, actionDuration))
	if err != nil {
		return fieldError(blockShorter, "Please choose for how long.")
	}
	field := blockShorter
	if v[blockTyped] != nil {
		field = blockTyped
	}
	return b.submitAnswer(ctx, in, field, requests.Decision{Yes: true, Wanted: less, Typed: v.text(blockTyped, actionTyped)})
}

// submitAnswer commits an answer given in a modal. What can be put right is
// shown under the field; any other refusal takes the modal's place.
func (b *Bot) submitAnswer(ctx context.Context, in interaction, field string, d requests.Decision) ([]byte, error) {
	t := targetOf(in.View.Metadata)
	d.Request, d.Seen = t.request, t.seen
	by, err := b.actor(ctx, in, t.request, "answer")
	if err == nil {
		d.By = by
		_, err = b.cfg.Requests.Decide(ctx, d)
	}
	if b.counted(ctx, d.Request, by, d.Yes, err) {
		return turnInto(notice("Latchkey", alreadyText(d.Yes)))
	}
	return b.answered(ctx, t.request, field, err)
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
		return fieldError(field, unsavedForm)
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
