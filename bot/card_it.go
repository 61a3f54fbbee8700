package bot

import (
	"latchkey/access"
)

// itCard tells IT what needs a human: what, why, and what will happen.
func (s scene) itCard() card {
	var b sheet
	b.title(s.itTitle())
	b.facts(
		fact{"Who", esc(s.name(s.receiver()), 2*longest) + "\n" + esc(string(s.receiver()), 2*longest)},
		fact{"What", esc(s.what(), maxField-100)},
		fact{"How long", esc(s.howLong(), longest)},
	)
	b.say(s.itWhy())
	b.say(s.itNext())
	if s.needsIT() {
		b.buttons(button(actionRetry, s.Request.ID, "Retry", "primary"))
	}
	b.note(s.ticket())
	return b.card()
}

func (s scene) needsIT() bool {
	_, nobody := s.unroutable()
	return nobody || s.Phase() == access.NeedsHelp
}

func (s scene) itTitle() string {
	if _, nobody := s.unroutable(); nobody {
		return "Nobody can decide: " + s.what()
	}
	if s.Phase() != access.NeedsHelp {
		return "Sorted out: " + s.what()
	}
	if s.Grant.Taking {
		return "Stuck while removing: " + s.what()
	}
	return "Stuck while setting up: " + s.what()
}

// itWhy is cause and remedy, as the workflow found them.
func (s scene) itWhy() string {
	if e, nobody := s.unroutable(); nobody {
		return stop(esc(or(e.Note, "No approver could be found for the current stage."), 1500))
	}
	if s.Phase() == access.NeedsHelp {
		return stop(esc(s.Grant.Problem, 1500))
	}
	if e, ok := s.Last(access.Retried); ok {
		return "Tried again by " + esc(s.actor(e.Actor), 2*longest) + ", " + when(e.At) + "."
	}
	return ""
}

func (s scene) itNext() string {
	if _, nobody := s.unroutable(); nobody {
		return "The request waits. Name an approver in the configuration or set the person's manager in the directory, then press *Retry*."
	}
	if s.Phase() != access.NeedsHelp {
		return joined(s.itDecided(), s.progress())
	}
	if s.Grant.Taking {
		return "Nothing more is tried by itself, and the access may still be there. Put the cause right, then press *Retry*."
	}
	return "Nothing more is tried by itself, and the person has no access yet. Put the cause right, then press *Retry*."
}

func (s scene) itDecided() string {
	if s.Phase() == access.Deciding {
		return "Waiting for " + esc(or(s.names(s.waitingFor()), "the next approvers"), maxField) + "."
	}
	return s.decisions()
}
