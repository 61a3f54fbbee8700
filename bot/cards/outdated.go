package cards

import (
	"latchkey/access"
	"latchkey/bot/blocks"
)

// outdatedCard is what is left of a card that was posted anew: one line with how it came
// out, and that there is nothing more to do here.
type outdatedCard struct{ builder }

func (b outdatedCard) message() blocks.Message {
	var m blocks.MessageBuilder
	m.Line(b.line())
	m.Note("This goes on in a newer message.", b.ticket())
	return m.Message()
}

// line is the outcome as far as it doesn't change any more, so that what is over is
// edited as seldom as can be.
func (b outdatedCard) line() string {
	if b.Request.State != access.RequestPending {
		return b.outcomeLine()
	}
	return blocks.News("%s for %s%s", b.brief(), b.name(b.Request.Beneficiary), b.ownAnswer())
}

// outcomeLine is how a request came out, and for whom.
func (b builder) outcomeLine() string {
	what, whom := b.brief(), b.name(b.Request.Beneficiary)
	if b.Request.Extends != "" {
		what = "more time for " + what
	}
	decider, decided := b.Request.Decider()
	switch s := b.Request.State; {
	case s == access.RequestDenied && decided:
		return blocks.News("Denied by %s: %s for %s", b.actor(decider.By), what, whom)
	case s == access.RequestApproved && b.Request.BreakGlass:
		return blocks.News("Taken in an emergency by %s: %s", whom, what)
	case s == access.RequestApproved && decided:
		return blocks.News("Approved by %s: %s for %s", b.actor(decider.By), what, whom)
	case s == access.RequestApproved:
		return blocks.News("Approved at once: %s for %s", what, whom)
	case s == access.RequestCancelled:
		return blocks.News("Cancelled: %s for %s", what, whom)
	case s == access.RequestLapsed:
		return blocks.News("Nobody answered: %s for %s", what, whom)
	}
	return blocks.News("%s for %s", what, whom)
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
