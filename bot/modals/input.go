package modals

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/catalog"
	"latchkey/workflow/people"
)

// Inputs that several modals have. Their names stand in open views, which outlive a
// release, so they are never changed.
const (
	blockReason = "reason"
	blockTyped  = "typed"

	actionReason   = "reason"
	actionTyped    = "typed"
	actionDuration = "duration"
)

// appGone is said where the catalogue changed while a view was open.
const appGone = "This app isn't in the catalogue any more. Please choose another one."

// reasonInput asks for a reason in a person's own words.
func reasonInput(label, hint, placeholder string) *slack.InputBlock {
	return slack.NewInputBlock(blockReason, blocks.Plain(label, blocks.MaxHint), blocks.Plain(hint, blocks.MaxHint), reasonElement(placeholder))
}

// focusedReasonInput is a reasonInput that has the cursor when the modal opens.
func focusedReasonInput(label, hint, placeholder string) *slack.InputBlock {
	ask := reasonElement(placeholder)
	ask.FocusOnLoad = true
	return slack.NewInputBlock(blockReason, blocks.Plain(label, blocks.MaxHint), blocks.Plain(hint, blocks.MaxHint), ask)
}

func reasonElement(placeholder string) *slack.PlainTextInputBlockElement {
	ask := slack.NewPlainTextInputBlockElement(blocks.Plain(placeholder, blocks.MaxPlaceholder), actionReason)
	ask.Multiline, ask.MaxLength = true, access.MaxReason
	return ask
}

// reasonIn is what was written there.
func reasonIn(in payload.Interaction) string {
	return in.View.State.Values.Text(blockReason, actionReason)
}

// typedInput asks for the app's name as a confirmation.
func typedInput(app, to string) *slack.InputBlock {
	ask := slack.NewPlainTextInputBlockElement(nil, actionTyped)
	return slack.NewInputBlock(blockTyped, blocks.Plain("Type "+blocks.Clip(app, 500)+" to "+to, blocks.MaxHint), nil, ask)
}

// typedIn is what was typed there.
func typedIn(in payload.Interaction) string {
	return in.View.State.Values.Text(blockTyped, actionTyped)
}

// durationMenu is a menu of durations, the first one chosen.
func durationMenu(choices []time.Duration) *slack.SelectBlockElement {
	menu := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: actionDuration, Placeholder: blocks.Plain("Choose", blocks.MaxPlaceholder)}
	var options []*slack.OptionBlockObject
	for _, d := range choices {
		options = append(options, blocks.Option(catalog.ShortDuration(d), blocks.Length(d), ""))
	}
	blocks.Offer(menu, options)
	menu.InitialOption = options[0]
	return menu
}

// subject is the first line of a form about a request: what it is and for whom.
func subject(c access.Case) *slack.SectionBlock {
	text := "*" + blocks.Escape(cards.What(c), 2*blocks.MaxName) + "* for *" + blocks.Escape(cards.Beneficiary(c), 2*blocks.MaxName) + "*"
	if c.Request.Unlisted == "" {
		text += ", " + blocks.ForHow(c.Request.Allowed)
	}
	return blocks.Section(text + ".")
}

// opener opens views that show something of a request.
type opener struct {
	respond *respond.Responder
	cases   Cases
}

// routes are those of a modal that one button opens, wherever it stands.
func (o opener) routes(action, title, callback string, draw func(access.Case, cards.Target) slack.ModalViewRequest, submitted route.Submission) route.Table {
	return route.Table{
		Clicks:      map[route.Key]route.Click{route.Anywhere(action): o.click(title, draw)},
		Submissions: map[string]route.Submission{callback: submitted},
	}
}

// click opens a view under a title, reads the request that the button is about and
// shows what is drawn of it.
func (o opener) click(title string, draw func(access.Case, cards.Target) slack.ModalViewRequest) route.Click {
	return func(_ context.Context, in payload.Interaction, a payload.Action) error {
		t := targetOf(in, a)
		o.respond.Fill(in, "open "+title, title, func(ctx context.Context) (slack.ModalViewRequest, error) {
			c, err := o.cases.Remembered(ctx, t.Request)
			if err != nil {
				return slack.ModalViewRequest{}, err
			}
			return draw(c, t), nil
		})
		return nil
	}
}

// actor is the person behind a click or a submission, as somebody who acts from where the modal
// was opened.
func actor(ctx context.Context, r *respond.Responder, in payload.Interaction, t cards.Target, what string) (access.Actor, error) {
	by, err := r.Actor(people.Alone(ctx), in, t.Request, what)
	by.On = t.On
	return by, err
}

// targetOf is what a button is about that opens a modal, and where it stands.
func targetOf(in payload.Interaction, a payload.Action) cards.Target {
	t := cards.TargetOf(a.Value)
	if t.On = respond.Clicker(in).On; t.On == "" { // it stands in a modal, which knows from where it was opened
		t.On = cards.TargetOf(in.View.Metadata).On
	}
	return t
}
