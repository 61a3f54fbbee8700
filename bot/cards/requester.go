package cards

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// requesterCard follows a request through its whole life, for who asked or gets it.
type requesterCard struct{ builder }

func (b requesterCard) message() blocks.Message {
	var m blocks.MessageBuilder
	b.headed(&m)
	m.Gist(blocks.Or(b.denial(), b.takenWhy()))
	m.Say(b.next())
	m.Note(b.status())
	m.Note(b.pauseLine())
	m.Note(b.reviewOutcome())
	dialogue{b.builder}.conversation(&m)
	buttons := b.buttons()
	if b.Phase() == access.PhaseActive { // what to do first stands before what can be done
		m.Note(append([]string{b.firstSteps()}, b.note()...)...)
	}
	if len(buttons) > 0 {
		m.Buttons(buttons...)
	}
	if b.Phase() != access.PhaseActive {
		m.Note(b.note()...)
	}
	return m.Message()
}

// headed begins the card with the news. A no leaves the room for its reason: the news is as
// small as that then.
func (b requesterCard) headed(m *blocks.MessageBuilder) {
	said := headline{b.builder}.title()
	if b.Phase() == access.PhaseDenied {
		m.TitleOf(said, "*"+blocks.Escape(said, blocks.MaxHeader)+"*")
		return
	}
	m.Title(said)
}

// note is the small print: how long, the ticket, how to ask again, and where to choose how
// much one is told.
func (b requesterCard) note() []string {
	said, again := "", ""
	switch b.Phase() {
	case access.PhasePending, access.PhaseApproved, access.PhaseManual, access.PhaseEnded, access.PhaseReview:
		said = blocks.Escape(b.howLong(), blocks.MaxName)
	case access.PhaseActive:
		said = blocks.Dotted(b.shortened(), b.reused())
	case access.PhaseCancelled:
		again = "Ask again with " + blocks.Escape(b.Command, blocks.MaxName)
	}
	return []string{said, b.customerTicket(), again, b.noticesLink()}
}

// shortened says that it is less than was asked for.
func (b requesterCard) shortened() string {
	if b.Request.Allowed == b.Request.Wanted {
		return ""
	}
	return blocks.Escape(b.howLong(), blocks.MaxName)
}

// noticesLink leads to where the reader chooses how much they are told.
func (b requesterCard) noticesLink() string {
	if b.Home == "" {
		return ""
	}
	return blocks.Link(b.Home, "Fewer messages")
}

// takenWhy is the reason of whoever took the access away, or can't give it.
func (b requesterCard) takenWhy() string {
	if e, ok := cantBeDone(b.Case); ok && !b.Grant.Revoking {
		return e.Reason
	}
	if b.Grant == nil || b.Grant.End != access.EndRevoked && b.Grant.End != access.EndRuledOut {
		return ""
	}
	e, _ := b.Last(access.EventEnding)
	return e.Reason
}

// status is what has happened while the reader waits, as far as the headline doesn't say it.
func (b requesterCard) status() string {
	if b.Phase() != access.PhasePending {
		return ""
	}
	return blocks.Lines(b.startLine(), b.decisions(), b.keptLines(), lacksLine(b.builder), b.waitingLine())
}

// waitingLine is who is waited for, where the headline has no room for it.
func (b requesterCard) waitingLine() string {
	names := b.waitingFor()
	if _, nobody := b.unroutable(); nobody {
		return "Nobody could be found who may approve this. IT has been told and will sort it out; you needn't do anything."
	}
	more := strings.TrimSpace(b.standInLine() + b.escalatedLine() + b.nudgedLine())
	switch {
	case len(names) == 0:
		return strings.TrimSpace("Looking for who may approve this. " + more)
	case len(names) == 1:
		return more
	case b.stage().Need.All:
		return strings.TrimSpace(b.theRest(names) + "Everybody who was asked has to say yes. " + more)
	}
	return strings.TrimSpace(b.theRest(names) + enough(b.stage().Need) + ". " + more)
}

// standInLine says that others are asked than usually are.
func (b requesterCard) standInLine() string {
	if b.stage().Why == "" {
		return ""
	}
	return "Whoever usually decides this can't at the moment, so somebody else is asked in their place. "
}

// theRest names those who are waited for, where the headline only counts some.
func (b requesterCard) theRest(names []access.PersonID) string {
	if len(names) <= headlineNames {
		return ""
	}
	return "Waiting for " + escapedNames(b.builder, names) + ". "
}

// next says what happens next and what the reader can do.
func (b requesterCard) next() string {
	switch b.Phase() {
	case access.PhasePending:
		if b.Request.Issue.Gone {
			return "The ticket was deleted in Jira, or is hidden, and nothing is given without one. IT has been told. You can cancel this and ask again."
		}
		return ""
	case access.PhaseDenied, access.PhaseCancelled, access.PhaseLapsed:
		return ""
	case access.PhaseStuck:
		return strings.TrimSpace(partsLine(*b.Grant) + " IT has been told and can try again. You needn't do anything.")
	case access.PhaseActive:
		return b.grantedNext()
	case access.PhaseExtended:
		return "Your access goes on without a gap. The message about it shows until when."
	case access.PhaseEnded, access.PhaseReview:
		return b.closing()
	}
	return b.progress()
}

// firstSteps is how somebody who got in begins.
func (b requesterCard) firstSteps() string {
	if b.Phase() != access.PhaseActive || !b.reads(b.Request.Beneficiary) {
		return ""
	}
	return blocks.Sentence(blocks.Escape(b.App.Opening(b.Role).How, 2*blocks.MaxGist))
}

// grantedNext is what has to be known of access that is there; that a time ends by itself
// goes without saying.
func (b requesterCard) grantedNext() string {
	if b.Grant.Ends.IsZero() {
		return "It has no end of its own. Give it back when you are done."
	}
	return ""
}

func (b requesterCard) buttons() []slack.BlockElement {
	var out []slack.BlockElement
	if (dialogue{b.builder}).openQuestion() {
		out = append(out, AnswerButton(b.Request))
	}
	switch b.Phase() {
	case access.PhasePending:
		if b.nudge {
			out = append(out, blocks.Button(ActionNudge, b.Request.ID, "Nudge", ""))
		}
		out = append(out, CancelButton(b.Request.ID))
	case access.PhaseApproved:
		if b.Grant != nil && b.Grant.Planned() {
			out = append(out, CancelButton(b.Request.ID))
		}
	case access.PhaseActive:
		if b.reads(b.Request.Beneficiary) {
			out = append(out, b.openButton()...)
			out = append(out, holderButtons(b.builder)...)
		}
	case access.PhaseDenied, access.PhaseLapsed, access.PhaseEnded, access.PhaseReview:
		out = append(out, AskAgainButton(b.Request.ID))
	}
	return blocks.Spoken(b.about(), out...)
}

// escalatedLine says that nobody has answered, and what was done about it.
func (b requesterCard) escalatedLine() string {
	if b.stage().Escalated == 0 {
		return ""
	}
	why := "Nobody answered in time"
	if e, ok := b.Last(access.EventEscalated); ok && e.Note != "" {
		why = blocks.Told(e.Note, blocks.MaxField)
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
	last := b.Request.Nudged.Last
	here := func(who access.PersonID) bool { return !b.Person(who).AwayUntil.After(last) }
	if all := b.Request.Awaited(); len(all) > 0 && !slices.ContainsFunc(all, here) {
		return " You nudged them " + blocks.When(last) + "; they are on leave, and read it when they are back."
	}
	return " You nudged them " + blocks.When(last) + "; they read it in their working hours."
}
