package messenger

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/webapi"
	"latchkey/workflow/notify"
)

const (
	// historyPage is how many messages are read at once, of the 999 that Slack allows.
	historyPage = 500
	// findMargin is by how much Slack's clock may differ from this machine's.
	findMargin = time.Hour
)

// looks are looks for lost messages that were broken off, by marker: the next attempt
// goes on from there. One that began anew each time would never see the end of a busy
// channel.
type looks struct {
	mu      sync.Mutex
	cursors map[string]string
}

func (l *looks) at(marker string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cursors[marker]
}

func (l *looks) note(marker, cursor string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cursors == nil {
		l.cursors = map[string]string{}
	}
	if delete(l.cursors, marker); cursor != "" {
		l.cursors[marker] = cursor
	}
}

// find looks in the channel for the message that carries the marker: through all that
// was posted since the first attempt, or at all where that isn't known. It returns
// the zero reference when there is none, and when the bot may write to the channel
// but not read it: a card that is shown twice is better than one that never is.
func (m *Messenger) find(ctx context.Context, channel, marker string, since time.Time) (notify.MessageRef, error) {
	asked := slack.GetConversationHistoryParameters{ChannelID: channel, Limit: historyPage, IncludeAllMetadata: true, Cursor: m.looks.at(marker)}
	if !since.IsZero() {
		asked.Oldest = strconv.FormatInt(since.Add(-findMargin).Unix(), 10) + ".000000"
	}
	cursors := map[string]bool{}
	for {
		page, err := m.api.GetConversationHistoryContext(ctx, &asked)
		switch webapi.Code(err) {
		case "not_in_channel":
			return notify.MessageRef{}, nil
		case "invalid_cursor": // it was kept for too long
			m.looks.note(marker, "")
		}
		if err != nil {
			return notify.MessageRef{}, webapi.Failure(err, webapi.Call{What: "look for the card in Slack", Scope: "im:history"})
		}
		for _, msg := range page.Messages {
			if msg.Metadata.EventType == cardEvent && msg.Metadata.EventPayload["marker"] == marker {
				m.looks.note(marker, "")
				return notify.MessageRef{Channel: channel, TS: msg.Timestamp}, nil
			}
		}
		asked.Cursor = page.ResponseMetaData.NextCursor
		if m.looks.note(marker, asked.Cursor); asked.Cursor == "" {
			return notify.MessageRef{}, nil
		}
		if cursors[asked.Cursor] {
			m.looks.note(marker, "")
			return notify.MessageRef{}, &access.Failure{Class: access.Unclear, Sentence: "Slack's list of messages goes round in circles, so it isn't certain whether I posted something already"}
		}
		cursors[asked.Cursor] = true
	}
}
