package cards

import (
	"latchkey/access"
	"latchkey/bot/blocks"
)

// reminderCard says that the end is near, and what can be done about it. Once
// something was, or a later reminder came, it says so and has no buttons.
type reminderCard struct {
	builder
	revision int // which reminder it is
}

func (b reminderCard) message() blocks.Message {
	var m blocks.MessageBuilder
	e, latest := nth(b.Story, access.EventReminded, b.revision)
	switch extended, ok := b.Last(access.EventExtended); {
	case b.Phase() != access.PhaseActive:
		m.Outcome(headline{b.builder}.over(), b.standing(), b.ticket())
		return m.Message()
	case ok && extended.N > e.N, !latest:
		m.Outcome(headline{b.builder}.hasStill(ok && extended.N > e.N), b.ticket())
		return m.Message()
	}
	m.Title(blocks.News("Your %s ends soon: "+blocks.Moment(b.Grant.Ends, b.reader.TimeZone), b.brief()))
	m.Buttons(holderButtons(b.builder)...)
	m.Note(b.ticket())
	return m.Message()
}
