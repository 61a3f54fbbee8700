package bot

import (
	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
)

// requesterCard follows a request through its whole life, for who asked or gets it.
func (s scene) requesterCard() blocks.Message {
	var b blocks.MessageBuilder
	b.Title(s.requesterTitle())
	b.Facts(
		blocks.Labelled("For", s.requesterFor()),
		blocks.Labelled("How long", blocks.Escape(s.howLong(), blocks.MaxName)),
	)
	b.Quote("Reason", s.Request.Reason)
	b.Say(s.requesterStatus())
	if s.Request.State == access.RequestDenied {
		b.Quote("Why", s.denial())
	}
	b.Say(s.requesterNext())
	b.Say(s.verdict())
	s.talk(&b)
	if list := s.requesterButtons(); len(list) > 0 {
		b.Buttons(list...)
	}
	b.Note(s.ticket(), "Asked "+blocks.When(s.Request.Created))
	return b.Message()
}

func (s scene) requesterTitle() string {
	switch s.Phase() {
	case access.PhaseDeciding:
		if s.Request.Extends != "" {
			return blocks.Capital(s.you(s.Request.Requester)) + " asked for more time for " + s.what()
		}
		return blocks.Capital(s.you(s.Request.Requester)) + " asked for " + s.what()
	case access.PhaseExtended:
		return "More time: " + s.what()
	case access.PhaseDenied:
		return "Denied: " + s.what()
	case access.PhaseWithdrawn:
		if s.Request.State == access.RequestLapsed {
			return "Nobody answered: " + s.what()
		}
		return "Withdrawn: " + s.what()
	case access.PhaseGranted:
		return blocks.Capital(s.you(s.receiver())) + s.has() + s.what()
	case access.PhaseRemoving:
		return "Ending: " + s.what()
	case access.PhaseStuck:
		return "Stuck: " + s.what()
	case access.PhaseClosed, access.PhaseReview:
		return "Ended: " + s.what()
	}
	if s.Request.Emergency {
		return "Emergency: " + s.what()
	}
	return "Approved: " + s.what()
}

func (s scene) has() string {
	if s.reads(s.receiver()) {
		return " have access to "
	}
	return " has access to "
}

func (s scene) requesterFor() string {
	if !s.proxied() && s.reads(s.receiver()) {
		return ""
	}
	return blocks.Escape(s.you(s.receiver()), 2*blocks.MaxName)
}

// requesterStatus says what has happened so far.
func (s scene) requesterStatus() string {
	said := s.decisions()
	if s.Phase() != access.PhaseDeciding {
		return said
	}
	waiting := "Looking for who may approve this."
	if names := s.waitingFor(); len(names) > 0 {
		waiting = "Waiting for " + blocks.Escape(s.names(names), blocks.MaxField) + "."
	}
	if _, nobody := s.unroutable(); nobody {
		waiting = "Nobody could be found who may approve this."
	}
	if said == "" {
		return waiting
	}
	return said + "\n" + waiting
}

// requesterNext says what happens next and what the reader can do.
func (s scene) requesterNext() string {
	switch s.Phase() {
	case access.PhaseDeciding:
		if _, nobody := s.unroutable(); nobody {
			return "IT has been told and will sort out who decides. You needn't do anything."
		}
		if len(s.waitingFor()) > 1 && s.stage().Need != catalog.Everyone {
			return "One yes is enough. This message changes as soon as there is an answer."
		}
		return "This message changes as soon as there is an answer."
	case access.PhaseDenied:
		return "You can talk to whoever decided, or ask again with " + blocks.Escape(s.command, blocks.MaxName) + " and say more about why you need it."
	case access.PhaseWithdrawn:
		return "You can ask again at any time with " + blocks.Escape(s.command, blocks.MaxName) + "."
	case access.PhaseStuck:
		return s.stuckLine() + " IT has been told and can try again. You needn't do anything."
	case access.PhaseGranted:
		return s.grantedNext()
	case access.PhaseExtended:
		return "Your access goes on without a gap. The message about it shows until when."
	case access.PhaseClosed, access.PhaseReview:
		return s.closing() + " You can ask again at any time with " + blocks.Escape(s.command, blocks.MaxName) + "."
	}
	return s.progress()
}

func (s scene) grantedNext() string {
	if s.Grant.Ends.IsZero() {
		return "It is active and has no end of its own. Give it back when you are done."
	}
	if s.Grant.Manual {
		return "It is active until " + blocks.When(s.Grant.Ends) + ". Then " + s.fulfillers() + " will be asked to remove it."
	}
	return "It is active until " + blocks.When(s.Grant.Ends) + " and ends by itself then."
}

func (s scene) requesterButtons() []slack.BlockElement {
	var out []slack.BlockElement
	if s.openQuestion() {
		out = append(out, blocks.Button(actionAnswer, s.here(), "Answer", slack.StylePrimary))
	}
	switch s.Phase() {
	case access.PhaseDeciding:
		return append(out, blocks.Confirmed(blocks.Button(actionWithdraw, s.Request.ID, "Withdraw", ""),
			"Withdraw this request?", "Those who were asked won't have to answer any more.", "Withdraw"))
	case access.PhaseGranted:
		if s.reads(s.receiver()) {
			out = append(out, s.holderButtons()...)
		}
	}
	return out
}
