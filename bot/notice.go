package bot

import (
	"context"

	"latchkey/workflow/notify"
)

// How much of a notice is shown, in lines and in all: a channel is no place for
// long lists, and Slack bounds the text of a message's blocks together.
const (
	noticeLines = 40
	noticeRoom  = 2 * maxSection
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
func noticeCard(n notify.Announcement) card {
	var b sheet
	b.title(n.Title)
	part, left := "", noticeRoom
	for i, line := range n.Lines {
		text := esc(line, maxSection/6) + "\n"
		if left -= units(text); i == noticeLines || left < 0 {
			part += "… and " + plural(len(n.Lines)-i, "more line")
			break
		}
		if units(part)+units(text) > maxSection-100 {
			b.say(part)
			part = ""
		}
		part += text
	}
	b.say(part)
	return b.card()
}
