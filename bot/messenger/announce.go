package messenger

import (
	"context"

	"latchkey/bot/cards"
	"latchkey/workflow/notify"
)

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
		found, err := m.find(ctx, channel, n.Marker)
		if err != nil || found.TS != "" {
			return err
		}
	}
	_, err = m.post(ctx, channel, n.Marker, cards.Announcement(n))
	return err
}
