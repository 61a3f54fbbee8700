package bot

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/workflow"
)

// How far back a lost message is looked for: 2,000 messages. The look follows
// soon upon the attempt, and no clock has to agree with Slack's.
const (
	historyPage  = 200
	historyPages = 10
)

// find looks in the channel for the message that carries the marker. It returns
// the zero place when there is none, and when the bot may write to the channel
// but not read it: a card that is shown twice is better than one that never is.
func (m *Messenger) find(ctx context.Context, channel, marker string) (workflow.Place, error) {
	asked := slack.GetConversationHistoryParameters{ChannelID: channel, Limit: historyPage, IncludeAllMetadata: true}
	for range historyPages {
		page, err := m.api.GetConversationHistoryContext(ctx, &asked)
		if code(err) == "not_in_channel" {
			return workflow.Place{}, nil
		}
		if err != nil {
			return workflow.Place{}, failure(err, call{what: "look for the card in Slack", scope: "im:history"})
		}
		for _, msg := range page.Messages {
			if msg.Metadata.EventType == cardEvent && msg.Metadata.EventPayload["marker"] == marker {
				return workflow.Place{Channel: channel, TS: msg.Timestamp}, nil
			}
		}
		if asked.Cursor = page.ResponseMetaData.NextCursor; asked.Cursor == "" {
			break
		}
	}
	return workflow.Place{}, nil
}
