package messenger

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/bot/webapi"
	"latchkey/workflow/notify"
)

// Ready looks whether the IT channel can be written to. Errors are *access.Failure.
func (m *Messenger) Ready(ctx context.Context) error {
	id, err := m.channels.itChannel(ctx)
	if err != nil {
		return err
	}
	ch, err := m.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
	if err == nil && !ch.IsArchived {
		if !ch.IsMember {
			m.channels.join(ctx, id)
		}
		return nil
	}
	m.channels.forget(id)
	if err == nil {
		err = slack.SlackErrorResponse{Err: "is_archived"}
	}
	return webapi.Failure(err, webapi.Call{What: "write to " + m.channels.it, Scope: "channels:read"})
}

// Announce posts a message that belongs to no request, to a person or the IT
// channel. Errors are *access.Failure; after Unclear the next try should be made
// with Again, which looks for the message before it posts.
func (m *Messenger) Announce(ctx context.Context, n notify.Announcement) error {
	u := notify.CardUpdate{Audience: notify.ToIT, Reader: n.To, Marker: n.Marker}
	if n.To.ID != "" {
		u.Audience = notify.ToRequester
	}
	channel, err := m.channelOf(ctx, u, n.Again)
	if err != nil {
		return err
	}
	if n.Again {
		found, err := m.find(ctx, channel, n.Marker, n.Since)
		if err != nil || found.TS != "" {
			return err
		}
	}
	_, err = m.post(ctx, channel, n.Marker, m.drawing(ctx, n.Urgent && n.To.ID == "").Announcement(n))
	return err
}
