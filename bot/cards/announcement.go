package cards

import (
	"latchkey/bot/blocks"
	"latchkey/workflow/notify"
)

// How much of an announcement is shown, in lines and in all: a channel is no place for
// long lists, and Slack bounds the text of a message's blocks together.
const (
	announcedLines = 40
	announcedRoom  = 2 * blocks.MaxSection
)

// Announcement is a message that belongs to no card. Lines that don't fit are counted.
func Announcement(n notify.Announcement) blocks.Message {
	var m blocks.MessageBuilder
	m.Title(n.Title)
	part, left := "", announcedRoom
	for i, line := range n.Lines {
		text := blocks.Escape(line, blocks.MaxSection/6) + "\n"
		if left -= blocks.Units(text); i == announcedLines || left < 0 {
			part += "… and " + blocks.Count(len(n.Lines)-i, "more line")
			break
		}
		if blocks.Units(part)+blocks.Units(text) > blocks.MaxSection-100 {
			m.Say(part)
			part = ""
		}
		part += text
	}
	m.Say(part)
	return m.Message()
}
