package bot

import (
	"github.com/slack-go/slack"

	"latchkey/access"
)

// itCard tells IT what needs a human: what, why, and what will happen.
func (s scene) itCard() card {
	var b sheet
	p := s.trouble()
	b.title(p.title + ": " + s.what())
	b.facts(
		fact{"Who", esc(s.name(s.receiver()), 2*longest) + "\n" + esc(s.Case.Person(s.receiver()).Contact(), 2*longest)},
		fact{"What", esc(s.what(), maxField-100)},
		fact{"How long", esc(s.howLong(), longest)},
	)
	b.say(p.why)
	b.say(p.next)
	if p.open {
		b.buttons(button(actionRetry, s.Request.ID, "Retry", slack.StylePrimary))
	}
	b.note(s.ticket())
	return b.card()
}

// trouble is what IT hears of. The texts but the title are escaped.
type trouble struct {
	open             bool // a human still has to act
	title, why, next string
}

func (s scene) trouble() trouble {
	if e, ok := s.unroutable(); ok {
		return trouble{true, "Nobody can decide", stop(esc(or(e.Note, "No approver could be found for the current stage."), 1500)),
			"The request waits. Once there is somebody who may decide, press *Retry*."}
	}
	if s.Phase() == access.PhaseStuck {
		return s.stuckTrouble()
	}
	if e, ok := s.blocked(); ok {
		return trouble{true, "Not told everywhere", stop(esc(e.Note, 1500)),
			joined(s.progress(), "Whatever can go on without it goes on. Put the cause right, then press *Retry*.")}
	}
	if s.Request.Emergency {
		return trouble{false, "Emergency, nobody was asked", s.decisions(), joined(s.progress(), s.verdict())}
	}
	return trouble{false, "Sorted out", s.retriedLine(), joined(s.standing(), s.progress())}
}

func (s scene) stuckTrouble() trouble {
	t := trouble{open: true, title: "Stuck while setting up", why: stop(esc(s.Grant.Problem, 1500)),
		next: "Nothing more is tried by itself, and the person has no access yet. Put the cause right, then press *Retry*."}
	if s.Grant.Revoking {
		t.title = "Stuck while removing"
		t.next = "The access may still be there. It is tried again and again, and done once the cause is put right. *Retry* tries at once."
	}
	return t
}

func (s scene) retriedLine() string {
	e, ok := s.Last(access.EventRetried)
	if later, also := s.Last(access.EventTaskResumed); also && (!ok || later.At.After(e.At)) {
		e, ok = later, true
	}
	if !ok {
		return ""
	}
	return "Tried again by " + esc(s.actor(e.Actor), 2*longest) + ", " + when(e.At) + "."
}

// standing is who was or is to be asked.
func (s scene) standing() string {
	if s.Phase() == access.PhaseDeciding {
		return "Waiting for " + esc(or(s.names(s.waitingFor()), "the next approvers"), maxField) + "."
	}
	return s.decisions()
}
