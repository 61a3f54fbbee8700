package cards

import (
	"slices"

	"github.com/slack-go/slack"

	"latchkey/bot/blocks"
)

// reviewCard asks somebody who was skipped whether an emergency was one. Once
// somebody answered, every copy says what.
type reviewCard struct{ builder }

func (b reviewCard) message() blocks.Message {
	var m blocks.MessageBuilder
	open := b.Request.UnderReview()
	m.Title(b.title(open))
	b.breakGlassFacts(&m)
	switch {
	case open && Kept(b.Request, b.reader.ID) != "":
		m.Say(Kept(b.Request, b.reader.ID))
	case open && slices.Contains(b.Request.Review.Asked, b.reader.ID):
		m.Say("You would have been asked. Please say what you think of it.")
		m.Buttons(
			blocks.Button(ActionJustified, b.Request.ID, "Justified", slack.StylePrimary),
			blocks.Button(ActionUnjustified, b.Request.ID, "Not justified", slack.StyleDanger))
	}
	m.Note(b.ticket())
	return m.Message()
}

func (b reviewCard) title(open bool) string {
	if !open {
		return "Emergency: " + b.what()
	}
	return b.name(b.Request.Beneficiary) + " took " + b.what() + " in an emergency"
}
