package bot

import (
	"slices"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// reviewCard asks somebody who was skipped whether an emergency was one. Once
// somebody answered, every copy says what.
func (s scene) reviewCard(edition int) blocks.Message {
	var b blocks.MessageBuilder
	_, latest := s.nth(access.EventReviewAsked, edition)
	open := s.Request.UnderReview() && latest
	b.Title(s.reviewTitle(edition, open))
	s.emergency(&b)
	switch {
	case open && slices.Contains(s.Request.Review.Asked, s.reader.ID):
		b.Say("You would have been asked. Please say what you think of it.")
		b.Buttons(
			blocks.Button(actionJustified, s.Request.ID, "Justified", slack.StylePrimary),
			blocks.Button(actionUnjustified, s.Request.ID, "Not justified", slack.StyleDanger))
	case s.Request.UnderReview() && !latest:
		b.Say("You were asked again below.")
	}
	b.Note(s.ticket())
	return b.Message()
}

func (s scene) reviewTitle(edition int, open bool) string {
	switch {
	case !open:
		return "Emergency: " + s.what()
	case edition > 1:
		return "Still open: " + s.name(s.receiver()) + " took " + s.what()
	}
	return s.name(s.receiver()) + " took " + s.what() + " in an emergency"
}

// alarmCard tells a channel of an emergency, and how it goes on.
func (s scene) alarmCard() blocks.Message {
	var b blocks.MessageBuilder
	b.Title("Emergency: " + s.name(s.receiver()) + " took " + s.what())
	s.emergency(&b)
	b.Note(s.ticket())
	return b.Message()
}

// emergency puts on a card what was taken, why, and what became of it.
func (s scene) emergency(b *blocks.MessageBuilder) {
	b.Facts(
		blocks.Labelled("Who", s.portrait(s.Beneficiary)),
		blocks.Labelled("How long", blocks.Escape(s.howLong(), blocks.MaxName)),
		blocks.Labelled("Risk", riskWord(s.Role.Risk)),
		blocks.Labelled("Incident", blocks.Escape(s.Request.Incident, blocks.MaxName)),
	)
	b.Quote("Reason", s.Request.Reason)
	b.Say(s.progress())
	b.Say(s.verdict())
	if r := s.Request.Review; r != nil && r.Answer != nil && !r.Answer.Yes {
		b.Quote("Why not", r.Answer.Reason)
	}
}

// verdict says what those who were skipped say about an emergency.
func (s scene) verdict() string {
	r := s.Request.Review
	switch {
	case !s.Request.Emergency:
		return ""
	case r == nil:
		return "Those who would have been asked are being told."
	case r.Answer != nil && r.Answer.Yes:
		return "Found justified by " + blocks.Escape(s.actor(r.Answer.By), 2*blocks.MaxName) + ", " + blocks.When(r.Answer.At) + "."
	case r.Answer != nil:
		return "Found not justified by " + blocks.Escape(s.actor(r.Answer.By), 2*blocks.MaxName) + ", " + blocks.When(r.Answer.At) + "."
	case len(r.Asked) == 0:
		return "Nobody could be found who may say whether it was right. IT has been told."
	}
	return "Was it right? Waiting for " + blocks.Escape(s.names(r.Asked), blocks.MaxField) + "."
}
