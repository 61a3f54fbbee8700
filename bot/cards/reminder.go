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
	case ok && extended.N > e.N:
		m.Outcome(headline{b.builder}.extended(), b.ticket())
		return m.Message()
	case !latest:
		m.Outcome(b.soon(), "This goes on in a newer message", b.ticket())
		return m.Message()
	}
	m.Title(b.soon())
	m.Buttons(holderButtons(b.builder)...)
	m.Note(b.ticket())
	return m.Message()
}

// soon is that the end is near.
func (b reminderCard) soon() string {
	return blocks.News("Your %s ends soon: "+blocks.Moment(b.Grant.Ends, b.reader.TimeZone), b.brief())
}
