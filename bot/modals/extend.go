package modals

import (
	"context"
	"time"

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
	callbackExtend = "extend"
	blockMore      = "more"
)

const extendTitle = "Extend access"

// Extender gives more time.
type Extender interface {
	Extensions(ctx context.Context, request string, by access.Actor) (choices []time.Duration, anew string, err error)
	Extend(ctx context.Context, m requests.MoreTime) (requests.Extended, error)
}

// extension offers more time to those who hold access.
type extension struct {
	opener opener
	extend Extender
}

func (m extension) routes() route.Table {
	return route.Table{
		Clicks:      map[route.Key]route.Click{route.Anywhere(cards.ActionExtend): m.open},
		Submissions: map[string]route.Submission{callbackExtend: m.submitted},
	}
}

func (m extension) open(_ context.Context, in payload.Interaction, a payload.Action) error {
	m.opener.respond.Fill(in, "open the extension form", extendTitle, func(ctx context.Context) (slack.ModalViewRequest, error) {
		return m.offer(ctx, in, targetOf(in, a))
	})
	return nil
}

// offer finds out what more somebody can have.
func (m extension) offer(ctx context.Context, in payload.Interaction, t cards.Target) (none slack.ModalViewRequest, err error) {
	r := m.opener.respond
	by, err := actor(ctx, r, in, t, "extend")
	if err != nil {
		return none, err
	}
	choices, anew, err := m.extend.Extensions(ctx, t.Request, by)
	if err != nil {
		return none, r.LogRefusal(ctx, t.Request, by, "extend", err)
	}
	c, err := m.opener.cases.Remembered(ctx, t.Request)
	if err != nil {
		return none, err
	}
	return extensionView(c, t, choices, anew), nil
}

// extensionView asks how much longer; anew says why it has to be approved again, if it has.
func extensionView(c access.Case, t cards.Target, choices []time.Duration, anew string) slack.ModalViewRequest {
	how := "The earlier approval carries it: it counts at once."
	if anew != "" {
		how = "It has to be approved again, because " + anew + ". Your access goes on while you wait, until it ends."
	}
	until := ""
	if c.Grant != nil {
		until = " It ends " + blocks.When(c.Grant.Ends) + "."
	}
	v := blocks.Modal(extendTitle, "Extend", "Cancel",
		blocks.Section("*"+blocks.Escape(cards.What(c), 2*blocks.MaxName)+"* for *"+blocks.Escape(cards.Beneficiary(c), 2*blocks.MaxName)+"*."+until+"\n"+blocks.Escape(how, 600)),
		slack.NewInputBlock(blockMore, blocks.Plain("How much longer", blocks.MaxHint), nil, durationMenu(choices)),
		focusedReasonInput("Reason", "It is kept on the ticket.", "What do you still need it for?"))
	v.CallbackID, v.PrivateMetadata = callbackExtend, t.String()
	return v
}

// submitted commits the extension, and says what came of it.
func (m extension) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	t, r := cards.TargetOf(in.View.Metadata), m.opener.respond
	more, err := catalog.ParseDuration(in.View.State.Values.Choice(blockMore, actionDuration))
	if err != nil || more <= 0 {
		return payload.FieldError(blockMore, "Please choose how much longer.")
	}
	p, err := r.Person(ctx, in, t.Request, "extend")
	if err != nil {
		return r.Committed(ctx, t.Request, blockReason, err)
	}
	got, err := m.extend.Extend(ctx, requests.MoreTime{
		Request: t.Request, By: p, Account: in.User.ID, More: more, Reason: reasonIn(in), Origin: in.View.ID,
	})
	if err != nil {
		return r.Committed(ctx, t.Request, blockMore, err)
	}
	return payload.ReplaceView(extensionResult(got, more))
}

func extensionResult(got requests.Extended, more time.Duration) slack.ModalViewRequest {
	text := "Extended by " + catalog.FormatDuration(more) + ". It now ends " + blocks.When(got.Until) + "."
	if got.Asked != nil {
		text = "I'm asking those who may approve it. Your access goes on meanwhile, until it ends; with a yes before then it goes on without a gap."
	}
	return blocks.Modal(extendTitle, "", "Close", blocks.Section(text))
}
