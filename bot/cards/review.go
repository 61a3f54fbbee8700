package cards

import (
	"slices"

	"latchkey/bot/blocks"
)

// reviewCard asks somebody who was skipped whether an emergency was one. Once
// somebody answered, every copy says what.
type reviewCard struct{ builder }

func (b reviewCard) message() blocks.Message {
	var m blocks.MessageBuilder
	open := b.Request.UnderReview()
	m.Title(b.title(open))
	emergency{b.builder}.facts(&m)
	switch {
	case open && Kept(b.Request, b.reader.ID) != "":
		m.Say(Kept(b.Request, b.reader.ID))
	case open && slices.Contains(b.Request.Review.Asked, b.reader.ID):
		m.Buttons(blocks.Spoken(b.about(), ReviewButtons(b.Request.ID)...)...)
	}
	return m.Message()
}

func (b reviewCard) title(open bool) string {
	if !open {
		return blocks.News("%s took %s in an emergency%s", b.name(b.Request.Beneficiary), b.brief(), b.verdict())
	}
	return blocks.News("%s took %s in an emergency: was it right?", b.name(b.Request.Beneficiary), b.brief())
}

// verdict is what came of asking.
func (b reviewCard) verdict() string {
	switch r := b.Request.Review; {
	case r == nil || r.Answer == nil:
		return ""
	case r.Answer.Yes:
		return ": justified"
	}
	return ": not justified"
}
