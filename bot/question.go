package bot

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/workflow/requests"
)

// Names of what comes back from Slack, for those who talk. Never changed.
const (
	callbackAsk    = "ask"
	callbackAnswer = "answer"
)

// openAsk asks an approver for their question.
func (b *Bot) openAsk(_ context.Context, in payload.Interaction, t cards.Target) error {
	v := blocks.Modal("Ask a question", "Ask", "Cancel",
		wordsInput("What do you want to know?", "Who asked for the access gets it at once. It is kept on the ticket.", "What do you need the admin rights for?"))
	v.CallbackID, v.PrivateMetadata = callbackAsk, t.String()
	b.later("open the question form", func(ctx context.Context) error { return b.open(ctx, in, v) })
	return nil
}

// openReply asks for the answer to a question.
func (b *Bot) openReply(_ context.Context, in payload.Interaction, t cards.Target) error {
	b.openFor(in, t, "open the answer form", func(c access.Case) slack.ModalViewRequest {
		body := append(cards.Conversation(c), wordsInput("Your answer", "Those who decide read it. It is kept on the ticket.", "Say what they need to know."))
		v := blocks.Modal("Answer", "Send", "Cancel", body...)
		v.CallbackID, v.PrivateMetadata = callbackAnswer, t.String()
		return v
	})
	return nil
}

func (b *Bot) submitAsk(ctx context.Context, in payload.Interaction) ([]byte, error) {
	return b.submitWord(ctx, in, "ask", b.cfg.Requests.Ask)
}

func (b *Bot) submitReply(ctx context.Context, in payload.Interaction) ([]byte, error) {
	return b.submitWord(ctx, in, "say something", b.cfg.Requests.Comment)
}

// submitWord commits what somebody says. The view's id keys it, so a second
// delivery says nothing twice.
func (b *Bot) submitWord(ctx context.Context, in payload.Interaction, what string, say func(context.Context, requests.Message) error) ([]byte, error) {
	t := cards.TargetOf(in.View.Metadata)
	by, err := b.actor(ctx, in, t.Request, what)
	if err == nil {
		err = say(ctx, requests.Message{Request: t.Request, By: by, Text: in.View.State.Values.Text(blockReason, actionReason), Origin: in.View.ID})
	}
	return b.answered(ctx, t.Request, blockReason, err)
}

// onThread takes a message from a thread and reports whether the thread is a
// card's. What somebody may not say is answered in the thread.
func (b *Bot) onThread(ctx context.Context, c payload.Event) (ours bool, err error) {
	e := c.Event
	if e.Thread == "" || strings.TrimSpace(e.Text) == "" || e.Thread == e.TS {
		return false, nil
	}
	in := payload.Interaction{User: payload.Ref{ID: c.Person()}, Channel: payload.Ref{ID: e.Channel}}
	if known, err := b.cfg.Requests.Concerns(ctx, e.Channel, e.Thread); err != nil || !known {
		return false, err
	}
	by, err := b.actor(ctx, in, "", "say something")
	if err == nil {
		_, err = b.cfg.Requests.Hear(ctx, e.Channel, e.Thread, requests.Message{By: by, Text: unescape(e.Text), Origin: e.Channel + "/" + e.TS})
	}
	return true, b.settle(in, err)
}

// unescape undoes what Slack does to the three characters of its markup.
func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}
