package bot

import (
	"context"

	"latchkey/bot/blocks"
	"latchkey/workflow/notify"
)

// How much of a notice is shown, in lines and in all: a channel is no place for
// long lists, and Slack bounds the text of a message's blocks together.
const (
	noticeLines = 40
	noticeRoom  = 2 * blocks.MaxSection
)

// Announce posts a message that belongs to no request, to a person or the IT
// channel. Errors are *access.Failure; after Unclear the next try should be made
// with Again, which looks for the message before it posts.
func (m *Messenger) Announce(ctx context.Context, n notify.Announcement) error {
	u := notify.CardUpdate{Audience: notify.ToIT, Reader: n.To, Marker: n.Marker}
	if n.To.ID != "" {
		u.Audience = notify.ToRequester
	}
	channel, err := m.channel(ctx, u)
	if err != nil {
		return err
	}
	if n.Again {
		found, err := m.find(ctx, channel, n.Marker)
		if err != nil || found.TS != "" {
			return err
		}
	}
	_, err = m.post(ctx, channel, n.Marker, noticeCard(n))
	return err
}

// noticeCard is the notice as a message. Lines that don't fit are counted.
func noticeCard(n notify.Announcement) blocks.Message {
	var b blocks.MessageBuilder
	b.Title(n.Title)
	part, left := "", noticeRoom
	for i, line := range n.Lines {
		text := blocks.Escape(line, blocks.MaxSection/6) + "\n"
		if left -= blocks.Units(text); i == noticeLines || left < 0 {
			part += "… and " + blocks.Count(len(n.Lines)-i, "more line")
			break
		}
		if blocks.Units(part)+blocks.Units(text) > blocks.MaxSection-100 {
			b.Say(part)
			part = ""
		}
		part += text
	}
	b.Say(part)
	return b.Message()
}
