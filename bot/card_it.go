package bot

import (
	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// itCard tells IT what needs a human: what, why, and what will happen.
func (s scene) itCard() blocks.Message {
	var b blocks.MessageBuilder
	p := s.trouble()
	b.Title(p.title + ": " + s.what())
	b.Facts(
		blocks.Labelled("Who", blocks.Escape(s.name(s.receiver()), 2*blocks.MaxName)+"\n"+blocks.Escape(string(s.receiver()), 2*blocks.MaxName)),
		blocks.Labelled("What", blocks.Escape(s.what(), blocks.MaxField-100)),
		blocks.Labelled("How long", blocks.Escape(s.howLong(), blocks.MaxName)),
	)
	b.Say(p.why)
	b.Say(p.next)
	if p.open {
		b.Buttons(blocks.Button(actionRetry, s.Request.ID, "Retry", slack.StylePrimary))
	}
	b.Note(s.ticket())
	return b.Message()
}

// trouble is what IT hears of. The texts but the title are escaped.
type trouble struct {
	open             bool // a human still has to act
	title, why, next string
}

func (s scene) trouble() trouble {
	if e, ok := s.unroutable(); ok {
		return trouble{true, "Nobody can decide", blocks.Sentence(blocks.Escape(blocks.Or(e.Note, "No approver could be found for the current stage."), 1500)),
			"The request waits. Once there is somebody who may decide, press *Retry*."}
	}
	if s.Phase() == access.PhaseStuck {
		return s.stuckTrouble()
	}
	if e, ok := s.blocked(); ok {
		return trouble{true, "Not told everywhere", blocks.Sentence(blocks.Escape(e.Note, 1500)),
			blocks.Lines(s.progress(), "Whatever can go on without it goes on. Put the cause right, then press *Retry*.")}
	}
	if s.Request.Emergency {
		return trouble{false, "Emergency, nobody was asked", s.decisions(), blocks.Lines(s.progress(), s.verdict())}
	}
	return trouble{false, "Sorted out", s.retriedLine(), blocks.Lines(s.standing(), s.progress())}
}

func (s scene) stuckTrouble() trouble {
	t := trouble{open: true, title: "Stuck while setting up", why: blocks.Sentence(blocks.Escape(s.Grant.Problem, 1500)),
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
	return "Tried again by " + blocks.Escape(s.actor(e.Actor), 2*blocks.MaxName) + ", " + blocks.When(e.At) + "."
}

// standing is who was or is to be asked.
func (s scene) standing() string {
	if s.Phase() == access.PhaseDeciding {
		return "Waiting for " + blocks.Escape(blocks.Or(s.names(s.waitingFor()), "the next approvers"), blocks.MaxField) + "."
	}
	return s.decisions()
}
