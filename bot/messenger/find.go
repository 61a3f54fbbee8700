package messenger

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/bot/webapi"
	"latchkey/workflow/notify"
)

// How far back a lost message is looked for: 2,000 messages. The look follows
// soon upon the attempt, and no clock has to agree with Slack's.
const (
	historyPage  = 200
	historyPages = 10
)

// find looks in the channel for the message that carries the marker. It returns
// the zero reference when there is none, and when the bot may write to the channel
// but not read it: a card that is shown twice is better than one that never is.
func (m *Messenger) find(ctx context.Context, channel, marker string) (notify.MessageRef, error) {
	asked := slack.GetConversationHistoryParameters{ChannelID: channel, Limit: historyPage, IncludeAllMetadata: true}
	for range historyPages {
		page, err := m.api.GetConversationHistoryContext(ctx, &asked)
		if webapi.Code(err) == "not_in_channel" {
			return notify.MessageRef{}, nil
		}
		if err != nil {
			return notify.MessageRef{}, webapi.Failure(err, webapi.Call{What: "look for the card in Slack", Scope: "im:history"})
		}
		for _, msg := range page.Messages {
			if msg.Metadata.EventType == cardEvent && msg.Metadata.EventPayload["marker"] == marker {
				return notify.MessageRef{Channel: channel, TS: msg.Timestamp}, nil
			}
		}
		if asked.Cursor = page.ResponseMetaData.NextCursor; asked.Cursor == "" {
			break
		}
	}
	return notify.MessageRef{}, nil
}
