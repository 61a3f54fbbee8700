package bot

import (
	"latchkey/access"
)

// handsCard asks for a change that a person has to make, and later for taking
// it back.
func (s scene) handsCard() card {
	var b sheet
	b.title(s.handsTitle())
	b.facts(
		fact{"For whom", s.handsWhom()},
		fact{"How long", esc(s.howLong(), longest)},
	)
	b.words("Reason", s.Request.Reason)
	if s.Role.Description != "" {
		b.say(stop(esc(s.Role.Description, 600)))
	}
	b.say(s.decisions())
	b.say(s.handsTask())
	if s.awaitsHands() && !s.reads(s.receiver()) {
		b.buttons(sure(button(actionDone, s.Request.ID, "It's done", "primary"),
			"Is it done?", s.handsSure(), "It's done"))
	}
	b.note(s.ticket())
	return b.card()
}

func (s scene) awaitsHands() bool { return s.Grant != nil && s.Grant.State == access.ByHand }

func (s scene) handsTitle() string {
	switch {
	case s.awaitsHands() && s.Grant.Taking:
		return "Please remove " + s.name(s.receiver()) + " from " + s.what()
	case s.awaitsHands():
		return "Please give " + s.name(s.receiver()) + " access to " + s.what()
	}
	return "By hand: " + s.what() + " for " + s.name(s.receiver())
}

func (s scene) handsWhom() string {
	return esc(s.name(s.receiver()), 2*longest) + "\n" + esc(string(s.receiver()), 2*longest)
}

func (s scene) handsTask() string {
	switch {
	case s.awaitsHands() && s.Grant.Taking:
		return s.ending() + " Take the role away in " + esc(s.appName(), longest) + ", then press *It's done*. Until then it counts as still there."
	case s.awaitsHands():
		return "Set the role up in " + esc(s.appName(), longest) + ", then press *It's done*. The time runs from that moment."
	}
	if e, ok := s.Last(access.ByHandDone); ok {
		return "Done by " + esc(s.actor(e.Actor), 2*longest) + ", " + when(e.At) + ".\n" + s.progress()
	}
	return joined("Nothing to do any more.", s.progress())
}

func (s scene) handsSure() string {
	if s.Grant.Taking {
		return "This records that you removed the access."
	}
	return "This records that you gave the access, and its time begins."
}
