package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

// Names of what comes back from Slack, for those who hold access. Never changed.
const (
	callbackExtend = "extend"
	blockMore      = "more"
)

// openExtension offers more time.
func (b *Bot) openExtension(ctx context.Context, in payload.Interaction, t cards.Target) error {
	by, err := b.actor(ctx, in, t.Request, "extend")
	if err != nil {
		return b.settle(in, err)
	}
	choices, anew, err := b.cfg.Requests.Extensions(ctx, t.Request, by)
	if err != nil {
		return b.settle(in, b.cfg.Refusals.LogRefusal(ctx, t.Request, by, "extend", err))
	}
	b.openFor(in, t, "open the extension form", func(c access.Case) slack.ModalViewRequest { return extendView(c, t, choices, anew) })
	return nil
}

func extendView(c access.Case, t cards.Target, choices []time.Duration, anew string) slack.ModalViewRequest {
	how := "The earlier approval carries it: it counts at once."
	words := wordsInput("Reason", "It is kept on the ticket.", "What do you still need it for?")
	if anew != "" {
		how = "It has to be approved again, because " + anew + ". Your access goes on while you wait, until it ends."
	}
	until := ""
	if c.Grant != nil {
		until = " It ends " + blocks.When(c.Grant.Ends) + "."
	}
	v := blocks.Modal("Extend access", "Extend", "Cancel",
		blocks.Section("*"+blocks.Escape(cards.What(c), 600)+"*"+until+"\n"+blocks.Escape(how, 600)),
		slack.NewInputBlock(blockMore, blocks.Plain("How much longer", blocks.MaxHint), nil, durationMenu(choices)),
		words)
	v.CallbackID, v.PrivateMetadata = callbackExtend, t.String()
	return v
}

// durationMenu is a menu of durations, the first one chosen.
func durationMenu(choices []time.Duration) *slack.SelectBlockElement {
	menu := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionDuration, Placeholder: blocks.Plain("Choose", blocks.MaxPlaceholder)}
	for _, d := range choices[:min(len(choices), blocks.MaxOptions)] {
		menu.Options = append(menu.Options, blocks.Option(catalog.ShortDuration(d), blocks.Length(d), ""))
	}
	menu.InitialOption = menu.Options[0]
	return menu
}

// submitExtension commits a wish for more time, and says what came of it.
func (b *Bot) submitExtension(ctx context.Context, in payload.Interaction) ([]byte, error) {
	t, v := cards.TargetOf(in.View.Metadata), in.View.State.Values
	more, err := catalog.ParseDuration(v.Choice(blockMore, actionDuration))
	if err != nil || more <= 0 {
		return payload.FieldError(blockMore, "Please choose how much longer.")
	}
	p, err := b.person(ctx, in, t.Request, "extend")
	if err != nil {
		return b.answered(ctx, t.Request, blockReason, err)
	}
	got, err := b.cfg.Requests.Extend(ctx, requests.MoreTime{
		Request: t.Request, By: p, Account: in.User.ID, More: more, Reason: v.Text(blockReason, actionReason), Origin: in.View.ID,
	})
	if err != nil {
		return b.answered(ctx, t.Request, blockMore, err)
	}
	return payload.ReplaceView(extensionResult(got, more))
}

func extensionResult(got requests.Extended, more time.Duration) slack.ModalViewRequest {
	text := "Extended by " + catalog.FormatDuration(more) + ". It now ends " + blocks.When(got.Until) + "."
	if got.Asked != nil {
		text = "I'm asking those who may approve it. Your access goes on meanwhile, until it ends; with a yes it goes on without a gap."
	}
	return blocks.Modal("Extend access", "", "Close", blocks.Section(text))
}
