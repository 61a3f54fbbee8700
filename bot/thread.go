package bot

import (
	"context"
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
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

// wordsOf are what a message says, and which files are in it: those stay in Slack.
func wordsOf(m payload.Event) string {
	text := strings.TrimSpace(payload.Unescape(m.Event.Text))
	var names []string
	for _, f := range m.Event.Files {
		names = append(names, blocks.Or(blocks.OneLine(blocks.Clip(f.Name, blocks.MaxName)), "a file"))
	}
	if len(names) == 0 {
		return text
	}
	return strings.TrimSpace(text + "\n(In Slack, with " + blocks.List(names, 5) + ")")
}

// message takes a message and reports whether it stands in the thread of a card. What
// somebody may not say is answered in the thread. A second delivery can come while the
// first is at work, and its ack would count for both: so each is taken to the end, and
// where the message stands keeps it from being said twice.
func (t threads) message(ctx context.Context, m payload.Event) (ours bool, err error) {
	e := m.Event
	words := wordsOf(m)
	if e.Thread == "" || words == "" || e.Thread == e.TS {
		return false, nil
	}
	in := payload.Interaction{User: payload.Ref{ID: m.Person()}, Channel: payload.Ref{ID: e.Channel}}
	if known, err := t.requests.Concerns(ctx, e.Channel, e.Thread); err != nil || !known {
		return false, err
	}
	by, err := t.respond.Actor(ctx, in, "", "say something")
	if err == nil {
		_, err = t.requests.Hear(ctx, e.Channel, e.Thread, requests.Message{By: by, Text: words, Origin: e.Channel + "/" + e.TS})
	}
	if _, refused := access.AsRefusal(err); refused && !t.seen.first(m.ID) {
		return true, nil // it was answered already
	}
	return true, t.respond.Explain(in, err)
}
