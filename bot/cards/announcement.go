package cards

import (
	"slices"

	"github.com/slack-go/slack"

	"latchkey/access"
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
func (cfg Config) Announcement(n notify.Announcement) blocks.Message {
	var m blocks.MessageBuilder
	if told := blocks.Told(n.Title, blocks.MaxHeader); told != blocks.Escape(n.Title, blocks.MaxHeader) {
		m.TitleOf(n.Title, "*"+told+"*")
	} else {
		m.Title(n.Title)
	}
	if n.Urgent && n.To.ID == "" {
		m.Say(cfg.ITGroup.Loud())
	}
	part, left := "", announcedRoom
	for i, line := range n.Lines {
		text := blocks.Told(line, blocks.MaxSection/6) + "\n"
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
	waiting(&m, n.Waiting, cfg.Home)
	if n.Question != nil {
		m.Buttons(questionButtons(*n.Question)...)
	}
	return m.Message()
}

// WithPicture is a message that shows a file of Slack's below what it says.
func WithPicture(m blocks.Message, file, alt string) blocks.Message {
	image := slack.NewImageBlockSlackFile(&slack.SlackFileObject{ID: file}, alt, "", nil)
	m.Blocks = append(slices.Clone(m.Blocks), image)
	return m
}

// shownWaiting is how much of what waits for somebody is named.
const shownWaiting = 5

// waiting names what waits for the reader, the oldest first.
func waiting(m *blocks.MessageBuilder, all []notify.Waiting, home string) {
	if len(all) == 0 {
		return
	}
	text := ""
	for _, w := range all[:min(len(all), shownWaiting)] {
		text += blocks.Told(w.Text, 2*blocks.MaxName) + "  ·  since " + blocks.When(w.Since)
		if w.Issue.Key != "" {
			text += "  ·  " + shortLink(w.Issue)
		}
		text += "\n"
	}
	if more := len(all) - shownWaiting; more > 0 {
		text += "… and " + blocks.Count(more, "more", "more") + "\n"
	}
	m.Say(text)
	if list := append(reviewButtons(all), seatButtons(all)...); len(list) > 0 {
		m.Buttons(list...)
	}
	see := ""
	if home != "" {
		see = blocks.Link(home, "See all")
	}
	m.Note(see, "The Home tab shows all of them, with their buttons.")
}

// ActionReview opens the rows of an access review that wait for whoever presses it; its value is the campaign's id.
const ActionReview = "access_review" // never changed

// ReviewRowsButton opens the rows of a campaign.
func ReviewRowsButton(campaign, name string) *slack.ButtonBlockElement {
	b := blocks.Button(ActionReview, campaign, "Review", slack.StylePrimary)
	blocks.Spoken(name, b)
	return b
}

// reviewButtons open the rows of the reviews among what waits: one stands out, the others don't.
func reviewButtons(all []notify.Waiting) (out []slack.BlockElement) {
	for _, w := range all[:min(len(all), shownWaiting)] {
		if w.Campaign == "" {
			continue
		}
		b := ReviewRowsButton(w.Campaign, w.Text)
		if len(out) > 0 {
			b.Style = ""
		}
		out = append(out, b)
	}
	return out
}

// seatButtons say of the seats among what waits that they are still needed; what else there is to answer stands on their cards.
func seatButtons(all []notify.Waiting) (out []slack.BlockElement) {
	for _, w := range all[:min(len(all), shownWaiting)] {
		if w.Seat == "" {
			continue
		}
		b := blocks.Button(ActionSeatNeeded, w.Seat, "Still need it…", "")
		blocks.Spoken(w.Text, b)
		out = append(out, b)
	}
	return out
}

// linkRoom is how long an issue's link may be where several have to fit into one paragraph.
const linkRoom = 250

// shortLink links an issue, unless its address takes too much room.
func shortLink(is access.Issue) string {
	if link := blocks.Link(is.URL, is.Key); blocks.Units(link) <= linkRoom {
		return link
	}
	return blocks.Escape(is.Key, blocks.MaxName)
}
