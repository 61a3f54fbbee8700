package modals

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/route"
)

const (
	callbackAnswer = "answer" // never changed
	answerTitle    = "Answer"
)

// answer asks for the answer to a question.
type answer struct {
	opener   opener
	converse Converser
}

func (m answer) routes() route.Table {
	return m.opener.routes(cards.ActionAnswer, answerTitle, callbackAnswer, answerView, m.submitted)
}

func answerView(c access.Case, t cards.Target) slack.ModalViewRequest {
	body := append([]slack.Block{subject(c)}, cards.Conversation(c)...)
	body = append(body, focusedReasonInput("Your answer", "Those who decide read it. It is kept on the ticket.", "Say what they need to know."))
	v := blocks.Modal(answerTitle, "Send", "Cancel", body...)
	v.CallbackID, v.PrivateMetadata = callbackAnswer, t.String()
	return v
}

func (m answer) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	return say(ctx, m.opener, in, "say something", m.converse.Comment)
}
