package cards

import (
	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// fulfillersCard asks for a change that a person has to make, and later for taking
// it back.
type fulfillersCard struct{ builder }

func (b fulfillersCard) message() blocks.Message {
	var m blocks.MessageBuilder
	m.Title(b.title())
	m.Facts(
		blocks.Labelled("For whom", b.beneficiaryAndID()),
		blocks.Labelled("How long", blocks.Escape(b.howLong(), blocks.MaxName)),
	)
	m.Quote("Reason", b.Request.Reason)
	if b.Role.Description != "" {
		m.Say(blocks.Sentence(blocks.Escape(b.Role.Description, 600)))
	}
	m.Say(b.decisions())
	m.Say(b.task())
	if b.waiting() && !b.reads(b.Request.Beneficiary) {
		m.Buttons(b.doneButton())
	}
	m.Note(b.ticket())
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
	if e, ok := b.Last(access.EventFulfilled); ok {
		return blocks.News("Done by %s: %s for %s", b.actor(e.Actor), b.brief(), who)
	}
	return blocks.News("Nothing to do any more: %s for %s", b.brief(), who)
}

func (b fulfillersCard) beneficiaryAndID() string {
	return blocks.Escape(b.name(b.Request.Beneficiary), 2*blocks.MaxName) + "\n" + blocks.Escape(b.Case.Person(b.Request.Beneficiary).Contact(), 2*blocks.MaxName)
}

func (b fulfillersCard) task() string {
	switch {
	case b.waiting() && b.Grant.Revoking:
		return b.ending() + " Take the role away in " + blocks.Escape(b.appName(), blocks.MaxName) + ", then press *It's done*. Until then it counts as still there."
	case b.waiting():
		return "Set the role up in " + blocks.Escape(b.appName(), blocks.MaxName) + ", then press *It's done*. The time runs from that moment."
	}
	if e, ok := b.Last(access.EventFulfilled); ok {
		return "Done by " + blocks.Escape(b.actor(e.Actor), 2*blocks.MaxName) + ", " + blocks.When(e.At) + ".\n" + b.progress()
	}
	return blocks.Lines("Nothing to do any more.", b.progress())
}

// doneButton confirms the change that is asked for now, and no other: the card may
// be looked at when the opposite is asked for.
func (b builder) doneButton() slack.BlockElement {
	return blocks.Confirmed(blocks.Button(ActionDone, Target{Request: b.Request.ID, Direction: b.Grant.Direction()}.String(), "It's done", slack.StylePrimary),
		"Is it done?", b.confirmation(), "It's done")
}

func (b builder) confirmation() string {
	if b.Grant.Revoking {
		return "This records that you removed the access."
	}
	return "This records that you gave the access, and its time begins."
}
