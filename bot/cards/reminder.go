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
		m.Title(headline{b.builder}.over())
		m.Say(b.progress())
	case ok && extended.N > e.N:
		m.Title(headline{b.builder}.extended())
		m.Say("You have access " + until(b.Grant) + ".")
	default:
		m.Title(blocks.News("Your access to %s ends soon: "+blocks.Moment(b.Grant.Ends, b.reader.TimeZone), b.brief()))
		m.Say("Your access ends " + blocks.When(b.Grant.Ends) + ".")
		if !latest {
			break
		}
		m.Say("Still need it? Extend it, and it goes on without a gap. If you don't, give it back now, or leave it: it ends by itself.")
		m.Buttons(holderButtons(b.Case)...)
	}
	m.Note(b.ticket())
	return m.Message()
}
