package messenger

import (
	"context"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/cards"
	"latchkey/bot/webapi"
	"latchkey/workflow/notify"
)

// threadMargin is by how much Slack's clock may differ from this machine's where a
// lost message is looked for.
const threadMargin = 5 * time.Minute

// Say writes what somebody said into the thread of a card. Errors are
// *access.Failure; after Unclear the next try should be made with Again.
func (m *Messenger) Say(ctx context.Context, r notify.ThreadReply) error {
	if r.Again {
		there, err := m.alreadySaid(ctx, r)
		if err != nil || there {
			return err
		}
	}
	_, _, err := m.api.PostMessageContext(ctx, r.At.Channel, append(content(cards.ThreadReply(r)), slack.MsgOptionTS(r.At.TS),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: cardEvent, EventPayload: map[string]any{"marker": r.Marker}}))...)
	switch webapi.Code(err) {
	case "thread_not_found", "message_not_found", "cannot_reply_to_message":
		return nil // the card is gone; its next version is posted anew
	}
	return webapi.Failure(err, webapi.Call{What: "pass a message on in Slack", Scope: "chat:write", Posted: true})
}

// alreadySaid looks for the message in the thread, from when it may have been said to
// the end.
func (m *Messenger) alreadySaid(ctx context.Context, r notify.ThreadReply) (bool, error) {
	asked := slack.GetConversationRepliesParameters{ChannelID: r.At.Channel, Timestamp: r.At.TS, Limit: historyPage, IncludeAllMetadata: true}
	if !r.Event.At.IsZero() {
		asked.Oldest = strconv.FormatInt(r.Event.At.Add(-threadMargin).Unix(), 10) + ".000000"
	}
	cursors := map[string]bool{}
	for {
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
			return false, nil
		}
		if cursors[next] {
			return false, &access.Failure{Class: access.Unclear, Sentence: "Slack's list of a thread goes round in circles, so it isn't certain whether I said something there already"}
		}
		cursors[next] = true
	}
}
