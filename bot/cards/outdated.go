package cards

import (
	"latchkey/access"
	"latchkey/bot/blocks"
)

// outdatedCard is what is left of a card that was posted anew: how it came
// out, and that there is nothing more to do here.
type outdatedCard struct{ builder }

func (b outdatedCard) message() blocks.Message {
	var m blocks.MessageBuilder
	m.Outcome(b.line(), "This goes on in a newer message", b.ticket())
	return m.Message()
}

// line is the outcome as far as it doesn't change any more, so that what is over is
// edited as seldom as can be.
func (b outdatedCard) line() string {
	if b.Request.State != access.RequestPending {
		return headline{b.builder}.outcome()
	}
	return blocks.News("%s for %s%s", b.brief(), b.name(b.Request.Beneficiary), b.ownAnswer())
}

// ownAnswer is what the reader said in a stage that is over.
func (b outdatedCard) ownAnswer() string {
	for _, st := range b.Request.Stages {
		if _, answered := AnswerOf(st, b.reader.ID); answered && b.reader.ID != "" {
			return ", approved by you"
		}
	}
	return ""
}
