package cards

import (
	"latchkey/access"
	"latchkey/bot/blocks"
)

// emergency is a role that was taken without asking anybody.
type emergency struct{ builder }

// message tells a channel of an emergency, and how it goes on.
func (b emergency) message() blocks.Message {
	var m blocks.MessageBuilder
	m.Title(blocks.News("Emergency: %s took %s", b.name(b.Request.Beneficiary), b.brief()))
	b.facts(&m)
	return m.Message()
}

// facts puts on a card what was taken, why, and what became of it.
func (b emergency) facts(m *blocks.MessageBuilder) {
	m.Gist(b.Request.Reason)
	m.Note(blocks.Escape(b.Beneficiary.Contact(), 2*blocks.MaxName), b.incident(), b.ticket())
	m.Note(blocks.Lines(b.progress(), b.reviewOutcome()))
	if r := b.Request.Review; r != nil && r.Answer != nil && !r.Answer.Yes {
		m.Gist(r.Answer.Reason)
	}
}

// incident is why it couldn't wait, and for how long unless it is said until when; escaped.
func (b emergency) incident() string {
	incident, long := b.Request.Incident, ""
	if incident != "" {
		incident = "Incident " + blocks.Escape(incident, blocks.MaxName)
	}
	if b.Phase() != access.PhaseActive {
		long = blocks.Escape(b.howLong(), blocks.MaxName)
	}
	return blocks.Dotted(incident, long)
}

// reviewOutcome says what those who were skipped say about an emergency.
func (b builder) reviewOutcome() string {
	r := b.Request.Review
	switch {
	case !b.Request.BreakGlass:
		return ""
	case r == nil:
		return "Those who would have been asked are being told."
	case r.Answer != nil && r.Answer.Yes:
		return "Found justified by " + blocks.Escape(b.actor(r.Answer.By), 2*blocks.MaxName) + ", " + blocks.When(r.Answer.At) + "."
	case r.Answer != nil:
		return "Found not justified by " + blocks.Escape(b.actor(r.Answer.By), 2*blocks.MaxName) + ", " + blocks.When(r.Answer.At) + "."
	case len(r.Asked) == 0:
		return "Nobody could be found who may say whether it was right. IT has been told."
	}
	return "Was it right? Waiting for " + blocks.Escape(b.names(r.Asked), blocks.MaxField) + "."
}
