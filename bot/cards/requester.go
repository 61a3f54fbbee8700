package cards

import (
	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// requesterCard follows a request through its whole life, for who asked or gets it.
type requesterCard struct{ builder }

func (b requesterCard) message() blocks.Message {
	var m blocks.MessageBuilder
	m.Title(headline{b.builder}.title())
	m.Facts(
		blocks.Labelled("For", b.beneficiaryLine()),
		blocks.Labelled("How long", blocks.Escape(b.howLong(), blocks.MaxName)),
	)
	m.Quote("Reason", b.Request.Reason)
	m.Say(b.status())
	if b.Request.State == access.RequestDenied {
		m.Quote("Why", b.denial())
	}
	m.Quote("Why", b.takenWhy())
	m.Say(b.next())
	m.Say(b.pauseLine())
	m.Say(b.reviewOutcome())
	b.conversation(&m)
	if list := b.buttons(); len(list) > 0 {
		m.Buttons(list...)
	}
	m.Note(b.customerTicket(), "Asked "+blocks.When(b.Request.Created), b.noticesLink())
	return m.Message()
}

// noticesLink leads to where the reader chooses how much they are told.
func (b requesterCard) noticesLink() string {
	if b.Home == "" {
		return ""
	}
	return blocks.Link(b.Home, "Fewer messages")
}

// takenWhy is the reason of whoever took the access away.
func (b requesterCard) takenWhy() string {
	if b.Grant == nil || b.Grant.End != access.EndRevoked {
		return ""
	}
	e, _ := b.Last(access.EventEnding)
	return e.Reason
}

func (b requesterCard) beneficiaryLine() string {
	if !b.proxied() && b.reads(b.Request.Beneficiary) {
		return ""
	}
	return blocks.Escape(b.you(b.Request.Beneficiary), 2*blocks.MaxName)
}

// status says what has happened so far.
func (b requesterCard) status() string {
	said := b.decisions()
	if b.Phase() != access.PhasePending {
		return said
	}
	said = blocks.Lines(said, b.keptLines(), lacksLine(b.builder))
	waiting := "Looking for who may approve this."
	if names := b.waitingFor(); len(names) > 0 {
		waiting = "Waiting for " + blocks.Escape(b.names(names), blocks.MaxField) + "."
	}
	if _, nobody := b.unroutable(); nobody {
		waiting = "Nobody could be found who may approve this."
	}
	waiting += b.escalatedLine() + b.nudgedLine()
	if said == "" {
		return waiting
	}
	return said + "\n" + waiting
}

// next says what happens next and what the reader can do.
func (b requesterCard) next() string {
	switch b.Phase() {
	case access.PhasePending:
		if b.Request.Issue.Gone {
			return "The ticket was deleted in Jira, or is hidden, and nothing is given without one. IT has been told. You can cancel this and ask again."
		}
		if _, nobody := b.unroutable(); nobody {
			return "IT has been told and will sort out who decides. You needn't do anything."
		}
		if len(b.waitingFor()) > 1 && !b.stage().Need.All {
			return enough(b.stage().Need) + ". This message changes as soon as there is an answer."
		}
		return "This message changes as soon as there is an answer."
	case access.PhaseDenied:
		return "You can talk to whoever decided, or ask again with " + blocks.Escape(b.Command, blocks.MaxName) + " and say more about why you need it."
	case access.PhaseCancelled, access.PhaseLapsed:
		return "You can ask again at any time with " + blocks.Escape(b.Command, blocks.MaxName) + "."
	case access.PhaseStuck:
		return stuckLine(*b.Grant) + " IT has been told and can try again. You needn't do anything."
	case access.PhaseActive:
		return b.grantedNext()
	case access.PhaseExtended:
		return "Your access goes on without a gap. The message about it shows until when."
	case access.PhaseEnded, access.PhaseReview:
		return b.closing() + " You can ask again at any time with " + blocks.Escape(b.Command, blocks.MaxName) + "."
	}
	return b.progress()
}

func (b requesterCard) grantedNext() string {
	if b.Grant.Ends.IsZero() {
		return "It is active and has no end of its own. Give it back when you are done."
	}
	if b.Grant.Manual {
		return "It is active until " + blocks.When(b.Grant.Ends) + ". Then " + b.fulfillers() + " will be asked to remove it."
	}
	return "It is active until " + blocks.When(b.Grant.Ends) + " and ends by itself then."
}

func (b requesterCard) buttons() []slack.BlockElement {
	var out []slack.BlockElement
	if b.openQuestion() {
		out = append(out, blocks.Button(ActionAnswer, here(b.Request), "Answer", slack.StylePrimary))
	}
	switch b.Phase() {
	case access.PhasePending:
		if b.Request.Nudgeable() {
			out = append(out, blocks.Button(ActionNudge, b.Request.ID, "Nudge", ""))
		}
		return append(out, blocks.Confirmed(blocks.Button(ActionCancel, b.Request.ID, "Cancel request", ""),
			"Cancel this request?", "Those who were asked won't have to answer any more.", "Cancel request"))
	case access.PhaseActive:
		if b.reads(b.Request.Beneficiary) {
			out = append(out, holderButtons(b.Case)...)
		}
	}
	return out
}

// escalatedLine says that nobody has answered, and what was done about it.
func (b requesterCard) escalatedLine() string {
	if b.stage().Escalated == 0 {
		return ""
	}
	why := "Nobody answered in time"
	if e, ok := b.Last(access.EventEscalated); ok && e.Note != "" {
		why = blocks.Escape(e.Note, blocks.MaxField)
	}
	if also := b.stage().Also; len(also) > 0 {
		return " " + why + ", so " + blocks.Escape(b.names(also), blocks.MaxField) + " " + blocks.Agree(len(also), "was", "were") + " asked as well, and IT was told."
	}
	return " " + why + ", and IT was told."
}

// nudgedLine says that somebody was nudged, and when.
func (b requesterCard) nudgedLine() string {
	if b.Request.Nudged.Times == 0 || b.Request.Questioned {
		return ""
	}
	return " You nudged them " + blocks.When(b.Request.Nudged.Last) + "; they read it in their working hours."
}
