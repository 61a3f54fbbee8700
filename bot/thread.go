package bot

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/webapi"
	"latchkey/workflow/notify"
)

// threadPages bounds how much of a thread is read to find a lost message.
const threadPages = 5

// Say writes what somebody said into the thread of a card. Errors are
// *access.Failure; after Unclear the next try should be made with Again.
func (m *Messenger) Say(ctx context.Context, r notify.ThreadReply) error {
	if r.Again {
		there, err := m.said(ctx, r)
		if err != nil || there {
			return err
		}
	}
	s := scene{reader: r.By}
	text := "*" + blocks.Escape(s.speaker(r.Event), 2*blocks.MaxName) + "* " + s.verb(r.Event) + "\n" + blocks.Quote(r.Event.Reason, blocks.MaxQuote)
	_, _, err := m.api.PostMessageContext(ctx, r.At.Channel,
		slack.MsgOptionText(text, false), slack.MsgOptionTS(r.At.TS),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: cardEvent, EventPayload: map[string]any{"marker": r.Marker}}))
	switch webapi.Code(err) {
	case "thread_not_found", "message_not_found", "cannot_reply_to_message":
		return nil // the card is gone; its next version is posted anew
	}
	return webapi.Failure(err, webapi.Call{What: "pass a message on in Slack", Scope: "chat:write", Posted: true})
}

// said looks for the message in the thread.
func (m *Messenger) said(ctx context.Context, r notify.ThreadReply) (bool, error) {
	asked := slack.GetConversationRepliesParameters{ChannelID: r.At.Channel, Timestamp: r.At.TS, Limit: historyPage, IncludeAllMetadata: true}
	for range threadPages {
		page, more, next, err := m.api.GetConversationRepliesContext(ctx, &asked)
		switch webapi.Code(err) {
		case "thread_not_found", "not_in_channel":
			return false, nil
		}
		if err != nil {
			return false, webapi.Failure(err, webapi.Call{What: "read a thread in Slack", Scope: "im:history"})
		}
		for _, msg := range page {
			if msg.Metadata.EventType == cardEvent && msg.Metadata.EventPayload["marker"] == r.Marker {
				return true, nil
			}
		}
		if asked.Cursor = next; !more || next == "" {
			break
		}
	}
	return false, nil
}

// speaker is who said something, not escaped. Somebody whom only Jira knows has
// no address; then the note of the event is their name.
func (s scene) speaker(e access.Event) string {
	if e.Actor.Person == "" {
		return blocks.Or(e.Note, "Somebody in Jira")
	}
	return s.name(e.Actor.Person)
}

func (s scene) verb(e access.Event) string {
	where := ""
	if e.Actor.Via == access.ViaJira {
		where = " in Jira"
	}
	if e.Kind == access.EventQuestioned {
		return "asks" + where + ":"
	}
	return "says" + where + ":"
}

// talk puts the latest words of the conversation on a card.
func (s scene) talk(b *blocks.MessageBuilder) {
	var words []access.Event
	for _, e := range s.Story {
		if e.Kind == access.EventQuestioned || e.Kind == access.EventReplied {
			words = append(words, e)
		}
	}
	if skipped := len(words) - 2; skipped > 0 {
		words = words[skipped:]
	}
	for _, e := range words {
		b.Quote(blocks.Escape(blocks.Capital(s.speaker(e)), blocks.MaxName)+" "+s.verb(e), blocks.Clip(e.Reason, 600))
	}
}

// openQuestion tells whether the last word is a question that waits for the reader.
func (s scene) openQuestion() bool {
	for i := len(s.Story) - 1; i >= 0; i-- {
		switch e := s.Story[i]; e.Kind {
		case access.EventQuestioned:
			return s.Request.State == access.RequestPending
		case access.EventReplied:
			return false
		}
	}
	return false
}
