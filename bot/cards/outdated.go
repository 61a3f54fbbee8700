package cards

import (
	"latchkey/bot/blocks"
	"latchkey/workflow/notify"
)

// outdatedCard is what is left of a card that was posted anew: what it was about,
// and that there is nothing more to do here.
type outdatedCard struct {
	builder
	audience notify.Audience
}

func (b outdatedCard) message() blocks.Message {
	var m blocks.MessageBuilder
	m.Title(b.what() + " for " + b.name(b.Request.Beneficiary))
	switch b.audience {
	case notify.ToApprover, notify.ToChannel:
		m.Say("This goes on in a newer message.")
		m.Say(b.decisions())
	default:
		m.Say("This goes on in a newer message.")
	}
	m.Note(b.ticket())
	return m.Message()
}
