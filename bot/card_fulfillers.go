package bot

import (
	"latchkey/access"
	"latchkey/bot/blocks"
)

// fulfillersCard asks for a change that a person has to make, and later for taking
// it back.
func (s scene) fulfillersCard() blocks.Message {
	var b blocks.MessageBuilder
	b.Title(s.fulfillersTitle())
	b.Facts(
		blocks.Labelled("For whom", s.fulfillersWhom()),
		blocks.Labelled("How long", blocks.Escape(s.howLong(), blocks.MaxName)),
	)
	b.Quote("Reason", s.Request.Reason)
	if s.Role.Description != "" {
		b.Say(blocks.Sentence(blocks.Escape(s.Role.Description, 600)))
	}
	b.Say(s.decisions())
	b.Say(s.fulfillersTask())
	if s.awaitsFulfillers() && !s.reads(s.receiver()) {
		b.Buttons(blocks.Confirmed(blocks.Button(actionDone, s.Request.ID, "It's done", "primary"),
			"Is it done?", s.fulfillersSure(), "It's done"))
	}
	b.Note(s.ticket())
	return b.Message()
}

func (s scene) awaitsFulfillers() bool { return s.Grant != nil && s.Grant.State == access.GrantManual }

func (s scene) fulfillersTitle() string {
	switch {
	case s.awaitsFulfillers() && s.Grant.Revoking:
		return "Please remove " + s.name(s.receiver()) + " from " + s.what()
	case s.awaitsFulfillers():
		return "Please give " + s.name(s.receiver()) + " access to " + s.what()
	}
	return "By hand: " + s.what() + " for " + s.name(s.receiver())
}

func (s scene) fulfillersWhom() string {
	return blocks.Escape(s.name(s.receiver()), 2*blocks.MaxName) + "\n" + blocks.Escape(string(s.receiver()), 2*blocks.MaxName)
}

func (s scene) fulfillersTask() string {
	switch {
	case s.awaitsFulfillers() && s.Grant.Revoking:
		return s.ending() + " Take the role away in " + blocks.Escape(s.appName(), blocks.MaxName) + ", then press *It's done*. Until then it counts as still there."
	case s.awaitsFulfillers():
		return "Set the role up in " + blocks.Escape(s.appName(), blocks.MaxName) + ", then press *It's done*. The time runs from that moment."
	}
	if e, ok := s.Last(access.EventFulfilled); ok {
		return "Done by " + blocks.Escape(s.actor(e.Actor), 2*blocks.MaxName) + ", " + blocks.When(e.At) + ".\n" + s.progress()
	}
	return blocks.Lines("Nothing to do any more.", s.progress())
}

func (s scene) fulfillersSure() string {
	if s.Grant.Revoking {
		return "This records that you removed the access."
	}
	return "This records that you gave the access, and its time begins."
}
