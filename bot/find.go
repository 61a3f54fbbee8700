package bot

import (
	"context"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/workflow"
)

// How far back a lost message is looked for.
const (
	historyPage  = 200
	historyPages = 10
)

// find looks in the channel for the message that carries the showing's marker.
// It returns the zero place only when it is certain that there is none.
func (m *Messenger) find(ctx context.Context, channel string, s workflow.Showing) (workflow.Place, error) {
	asked := slack.GetConversationHistoryParameters{
		ChannelID: channel, Limit: historyPage, IncludeAllMetadata: true, Oldest: since(s.Case.Request.Created),
	}
	for range historyPages {
		page, err := m.api.GetConversationHistoryContext(ctx, &asked)
		if err != nil {
			return workflow.Place{}, failure(err, call{what: "look for the card in Slack", scope: "im:history"})
		}
		for _, msg := range page.Messages {
			if msg.Metadata.EventType == cardEvent && msg.Metadata.EventPayload["marker"] == s.Marker {
				return workflow.Place{Channel: channel, TS: msg.Timestamp}, nil
			}
		}
		if asked.Cursor = page.ResponseMetaData.NextCursor; asked.Cursor == "" {
			return workflow.Place{}, nil
		}
	}
	return workflow.Place{}, &access.Failure{Class: access.Unclear,
		Sentence: "The channel has too many messages to tell whether the card was posted. Look there, then retry"}
}

// since is the oldest timestamp at which a card of the request can stand, with
// an hour's grace for clocks that disagree.
func since(created time.Time) string {
	if created.IsZero() {
		return ""
	}
	return strconv.FormatInt(created.Add(-time.Hour).Unix(), 10) + ".000000"
}
