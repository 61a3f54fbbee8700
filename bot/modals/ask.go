package modals

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/workflow/requests"
)

const callbackAsk = "ask" // never changed

// Converser commits what people say about a request.
type Converser interface {
	Ask(ctx context.Context, m requests.Message) error
	Comment(ctx context.Context, m requests.Message) error
}

// question asks an approver for their question.
type question struct {
	respond  *respond.Responder
	converse Converser
}

func (m question) routes() route.Table {
	return route.Table{
		Clicks:      map[route.Key]route.Click{route.Anywhere(cards.ActionAsk): m.open},
		Submissions: map[string]route.Submission{callbackAsk: m.submitted},
	}
}

func (m question) open(_ context.Context, in payload.Interaction, a payload.Action) error {
	m.respond.Later("open the question form", func(ctx context.Context) error {
		return m.respond.Open(ctx, in, questionView(cards.TargetOf(a.Value)))
	})
	return nil
}

func questionView(t cards.Target) slack.ModalViewRequest {
	v := blocks.Modal("Ask a question", "Ask", "Cancel",
		focusedReasonInput("What do you want to know?", "Who asked for the access gets it at once. It is kept on the ticket.", "What do you need the admin rights for?"))
	v.CallbackID, v.PrivateMetadata = callbackAsk, t.String()
	return v
}

func (m question) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	return say(ctx, m.respond, in, "ask", m.converse.Ask)
}

// say commits what somebody says about a request; what names it in the log of
// refusals. The view's id keys it, so a second delivery says nothing twice.
func say(ctx context.Context, r *respond.Responder, in payload.Interaction, what string, do func(context.Context, requests.Message) error) ([]byte, error) {
	t := cards.TargetOf(in.View.Metadata)
	by, err := r.Actor(ctx, in, t.Request, what)
	if err == nil {
		err = do(ctx, requests.Message{Request: t.Request, By: by, Text: reasonIn(in), Origin: in.View.ID})
	}
	return r.Committed(ctx, t.Request, blockReason, err)
}
