package bot

import (
	"slices"

	"github.com/slack-go/slack"

	"latchkey/access"
)

// reviewCard asks somebody who was skipped whether an emergency was one. Once
// somebody answered, every copy says what.
func (s scene) reviewCard(edition int) card {
	var b sheet
	_, latest := s.nth(access.EventReviewAsked, edition)
	open := s.Request.UnderReview() && latest
	b.title(s.reviewTitle(edition, open))
	s.emergency(&b)
	switch {
	case open && slices.Contains(s.Request.Review.Asked, s.reader.ID):
		b.say("You would have been asked. Please say what you think of it.")
		b.buttons(
			button(actionJustified, s.Request.ID, "Justified", slack.StylePrimary),
			button(actionUnjustified, s.Request.ID, "Not justified", slack.StyleDanger))
	case s.Request.UnderReview() && !latest:
		b.say("You were asked again below.")
	}
	b.note(s.ticket())
	return b.card()
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
func (s scene) alarmCard() card {
	var b sheet
	b.title("Emergency: " + s.name(s.receiver()) + " took " + s.what())
	s.emergency(&b)
	b.note(s.ticket())
	return b.card()
}

// emergency puts on a card what was taken, why, and what became of it.
func (s scene) emergency(b *sheet) {
	b.facts(
		fact{"Who", s.portrait(s.Beneficiary)},
		fact{"How long", esc(s.howLong(), longest)},
		fact{"Risk", riskWord(s.Role.Risk)},
		fact{"Incident", esc(s.Request.Incident, longest)},
	)
	b.words("Reason", s.Request.Reason)
	b.say(s.progress())
	b.say(s.verdict())
	if r := s.Request.Review; r != nil && r.Answer != nil && !r.Answer.Yes {
		b.words("Why not", r.Answer.Reason)
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
		return "Found justified by " + esc(s.actor(r.Answer.By), 2*longest) + ", " + when(r.Answer.At) + "."
	case r.Answer != nil:
		return "Found not justified by " + esc(s.actor(r.Answer.By), 2*longest) + ", " + when(r.Answer.At) + "."
	case len(r.Asked) == 0:
		return "Nobody could be found who may say whether it was right. IT has been told."
	}
	return "Was it right? Waiting for " + esc(s.names(r.Asked), maxField) + "."
}
