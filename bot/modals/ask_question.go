package modals

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/route"
	"latchkey/workflow/requests"
)

const (
	callbackAsk = "ask" // never changed
	askTitle    = "Ask a question"
)

// Converser commits what people say about a request.
type Converser interface {
	Ask(ctx context.Context, m requests.Message) error
	Comment(ctx context.Context, m requests.Message) error
}

// question asks an approver for their question.
type question struct {
	opener   opener
	converse Converser
}

func (m question) routes() route.Table {
	return m.opener.routes(cards.ActionAsk, askTitle, callbackAsk, questionView, m.submitted)
}

func questionView(c access.Case, t cards.Target) slack.ModalViewRequest {
	v := blocks.Modal(askTitle, "Ask", "Cancel", subject(c),
		focusedReasonInput("What do you want to know?", "Who asked for the access gets it at once. It is kept on the ticket.", "What do you need the admin rights for?"))
	v.CallbackID, v.PrivateMetadata = callbackAsk, t.String()
	return v
}

func (m question) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	return payload.Finished(say(ctx, m.opener, in, "ask", m.converse.Ask))
}

// say commits what somebody says about a request; what names it in the log of
// refusals. The view's id keys it, so a second delivery says nothing twice.
func say(ctx context.Context, o opener, in payload.Interaction, what string, do func(context.Context, requests.Message) error) ([]byte, error) {
	t := cards.TargetOf(in.View.Metadata)
	by, err := actor(ctx, o.respond, in, t, what)
	if err == nil {
		err = do(ctx, requests.Message{Request: t.Request, By: by, Text: reasonIn(in), Origin: in.View.ID})
	}
	return o.respond.Committed(ctx, t.Request, blockReason, cards.Overtaken(ctx, o.cases, t.Request, by.Person, err))
}
