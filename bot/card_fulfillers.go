package bot

import (
	"latchkey/access"
)

// fulfillersCard asks for a change that a person has to make, and later for taking
// it back.
func (s scene) fulfillersCard() card {
	var b sheet
	b.title(s.fulfillersTitle())
	b.facts(
		fact{"For whom", s.fulfillersWhom()},
		fact{"How long", esc(s.howLong(), longest)},
	)
	b.words("Reason", s.Request.Reason)
	if s.Role.Description != "" {
		b.say(stop(esc(s.Role.Description, 600)))
	}
	b.say(s.decisions())
	b.say(s.fulfillersTask())
	if s.awaitsFulfillers() && !s.reads(s.receiver()) {
		b.buttons(sure(button(actionDone, s.Request.ID, "It's done", "primary"),
			"Is it done?", s.fulfillersSure(), "It's done"))
	}
	b.note(s.ticket())
	return b.card()
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
	return esc(s.name(s.receiver()), 2*longest) + "\n" + esc(s.Case.Person(s.receiver()).Contact(), 2*longest)
}

func (s scene) fulfillersTask() string {
	switch {
	case s.awaitsFulfillers() && s.Grant.Revoking:
		return s.ending() + " Take the role away in " + esc(s.appName(), longest) + ", then press *It's done*. Until then it counts as still there."
	case s.awaitsFulfillers():
		return "Set the role up in " + esc(s.appName(), longest) + ", then press *It's done*. The time runs from that moment."
	}
	if e, ok := s.Last(access.EventFulfilled); ok {
		return "Done by " + esc(s.actor(e.Actor), 2*longest) + ", " + when(e.At) + ".\n" + s.progress()
	}
	return joined("Nothing to do any more.", s.progress())
}

func (s scene) fulfillersSure() string {
	if s.Grant.Revoking {
		return "This records that you removed the access."
	}
	return "This records that you gave the access, and its time begins."
}
