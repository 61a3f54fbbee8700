package messenger

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/cards"
	"latchkey/bot/webapi"
	"latchkey/workflow/notify"
)

// anchorEvent marks messages that say what the log's head is. Their metadata holds
// the signed notes: everybody in the workspace may read them.
const anchorEvent = "latchkey_anchor"

const (
	// newestPages is how many pages of the channel are looked through for the newest
	// anchor, which is a day old at the most, and allPages for all of them.
	newestPages = 2
	allPages    = 20
)

// PostAnchor posts what the log's head is into the IT channel, and tells when Slack
// says that it was posted. again says that an earlier attempt may have got through.
func (m *Messenger) PostAnchor(ctx context.Context, n access.AnchorNote, again bool) (time.Time, error) {
	channel, err := m.channels.itChannel(ctx)
	if err != nil {
		return time.Time{}, err
	}
	if again {
		found, _, err := m.anchorsIn(ctx, channel, newestPages, func(id string) bool { return id == n.ID })
		if err != nil || len(found) > 0 {
			return dated(found), err
		}
	}
	payload := map[string]any{"id": n.ID}
	if err := json.Unmarshal(n.Post, &payload); err != nil {
		return time.Time{}, fmt.Errorf("post an anchor: %w", err)
	}
	at, err := m.postAs(ctx, channel, slack.SlackMetadata{EventType: anchorEvent, EventPayload: payload}, cards.Config{}.Announcement(notify.Announcement{Title: n.Title, Lines: n.Lines}))
	return stampTime(at.TS), err
}

func dated(found []access.AnchorCopy) time.Time {
	if len(found) == 0 {
		return time.Time{}
	}
	return found[0].At
}

// Anchors reads what was anchored in the IT channel: the newest notes, or as far back
// as messages are looked for. Nothing of it is checked. doubts are sentences.
func (m *Messenger) Anchors(ctx context.Context, whole bool) (found []access.AnchorCopy, doubts []string, err error) {
	channel, err := m.channels.itChannel(ctx)
	if err != nil {
		return nil, nil, err
	}
	pages := newestPages
	if whole {
		pages = allPages
	}
	found, more, err := m.anchorsIn(ctx, channel, pages, func(string) bool { return true })
	if more && whole {
		doubts = append(doubts, fmt.Sprintf("Of the channel %s only the newest %d messages were looked through.", m.channels.it, historyPage*allPages))
	}
	return found, doubts, err
}

// anchorsIn looks through the newest messages of a channel. more says that there are
// older ones.
func (m *Messenger) anchorsIn(ctx context.Context, channel string, pages int, wanted func(id string) bool) (found []access.AnchorCopy, more bool, err error) {
	asked := slack.GetConversationHistoryParameters{ChannelID: channel, Limit: historyPage, IncludeAllMetadata: true}
	for range pages {
		page, err := m.api.GetConversationHistoryContext(ctx, &asked)
		if err != nil {
			return nil, false, webapi.Failure(err, webapi.Call{What: "read what was anchored in Slack", Scope: "channels:history"})
		}
		for _, msg := range page.Messages {
			if id, _ := msg.Metadata.EventPayload["id"].(string); msg.Metadata.EventType != anchorEvent || !wanted(id) {
				continue
			}
			post, err := json.Marshal(msg.Metadata.EventPayload)
			if err != nil {
				continue // what came as JSON is JSON
			}
			found = append(found, access.AnchorCopy{Where: "Slack, " + m.channels.it, At: stampTime(msg.Timestamp), Post: post})
		}
		if asked.Cursor = page.ResponseMetaData.NextCursor; asked.Cursor == "" {
			return found, false, nil
		}
	}
	return found, true, nil
}

// stampTime is when a message was posted: its id is the time by Slack's clock.
func stampTime(ts string) time.Time {
	seconds, err := strconv.ParseFloat(ts, 64)
	if err != nil {
		return time.Time{}
	}
	whole, part := math.Modf(seconds)
	return time.Unix(int64(whole), int64(part*1e9)).UTC()
}
