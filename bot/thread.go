package bot

import (
	"context"
	"strings"

	"latchkey/access"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/workflow/requests"
)

// conversation is who takes what is said in the threads of cards.
type conversation interface {
	// Concerns tells whether a thread is a card's.
	Concerns(ctx context.Context, channel, ts string) (bool, error)
	Hear(ctx context.Context, channel, ts string, m requests.Message) (ours bool, err error)
}

// threads takes messages from the threads of cards into the conversation.
type threads struct {
	respond  *respond.Responder
	requests conversation
	seen     *seenEvents // whose refusal was told
}

// message takes a message and reports whether it stands in the thread of a card. What
// somebody may not say is answered in the thread. A second delivery can come while the
// first is at work, and its ack would count for both: so each is taken to the end, and
// where the message stands keeps it from being said twice.
func (t threads) message(ctx context.Context, m payload.Event) (ours bool, err error) {
	e := m.Event
	if e.Thread == "" || strings.TrimSpace(e.Text) == "" || e.Thread == e.TS {
		return false, nil
	}
	in := payload.Interaction{User: payload.Ref{ID: m.Person()}, Channel: payload.Ref{ID: e.Channel}}
	if known, err := t.requests.Concerns(ctx, e.Channel, e.Thread); err != nil || !known {
		return false, err
	}
	by, err := t.respond.Actor(ctx, in, "", "say something")
	if err == nil {
		_, err = t.requests.Hear(ctx, e.Channel, e.Thread, requests.Message{By: by, Text: payload.Unescape(e.Text), Origin: e.Channel + "/" + e.TS})
	}
	if _, refused := access.AsRefusal(err); refused && !t.seen.first(m.ID) {
		return true, nil // it was answered already
	}
	return true, t.respond.Explain(in, err)
}
