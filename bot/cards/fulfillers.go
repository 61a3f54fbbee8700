package cards

import (
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// fulfillersCard asks for a change that a person has to make, and later for taking
// it back.
type fulfillersCard struct{ builder }

func (b fulfillersCard) message() blocks.Message {
	var m blocks.MessageBuilder
	if !b.waiting() {
		m.Outcome(b.title(), b.standing(), b.ticket())
		return m.Message()
	}
	m.Title(b.title())
	m.Gist(b.Request.Reason)
	m.Note(b.address(), blocks.Escape(b.howLong(), blocks.MaxName), b.ticket())
	m.Note(strings.Join(blocks.NonBlank(b.background(), hands{b.builder}.taken()), " "))
	if !b.reads(b.Request.Beneficiary) {
		m.Buttons(blocks.Spoken(b.about(), HandButtons(b.Request.ID, *b.Grant, b.reader.ID)...)...)
	}
	return m.Message()
}

func (b fulfillersCard) waiting() bool { return b.Grant != nil && b.Grant.State == access.GrantManual }

func (b fulfillersCard) title() string {
	who, please := b.name(b.Request.Beneficiary), "Please "
	if b.waiting() && b.Grant.FollowUp.Told > 0 {
		please = "Still to be done: please "
	}
	switch {
	case b.waiting() && b.Grant.Revoking:
		return blocks.News(please+"remove %s from %s", who, b.brief())
	case b.waiting():
		return blocks.News(please+"give %s access to %s", who, b.brief())
	}
	if e, ok := cantBeDone(b.Case); ok {
		return blocks.News("Can't be done, said by %s: %s for %s", b.actor(e.Actor), b.brief(), who)
	}
	if e, ok := b.Last(access.EventFulfilled); ok {
		return blocks.News("Done by %s: %s for %s", b.actor(e.Actor), b.brief(), who)
	}
	return blocks.News("Nothing to do any more: %s for %s", b.brief(), who)
}

// address is by what a person is found in other systems; escaped.
func (b builder) address() string {
	return blocks.Escape(b.Case.Person(b.Request.Beneficiary).Contact(), 2*blocks.MaxName)
}

// background is why the change is asked for.
func (b fulfillersCard) background() string {
	if b.Grant.Revoking {
		return b.ending() + " Until it's done the access counts as still there."
	}
	return strings.Join(blocks.NonBlank(blocks.Sentence(blocks.Escape(b.Role.Description, blocks.MaxGist)), b.decisions()), " ")
}
