package cards

import (
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// itCard tells IT what needs a human: what, why, and what will happen.
type itCard struct{ builder }

func (b itCard) message() blocks.Message {
	var m blocks.MessageBuilder
	p := b.problem()
	m.Title(blocks.News(p.title+": %s for %s", b.brief(), b.name(b.Request.Beneficiary)))
	loud, quiet := b.call(p)
	m.Say(loud)
	if b.Request.BreakGlass && p.why == "" {
		emergency{b.builder}.facts(&m)
	} else {
		b.facts(&m, p, quiet)
	}
	if buttons := b.buttons(p); len(buttons) > 0 {
		m.Buttons(blocks.Spoken(b.about(), buttons...)...)
	}
	direct := ""
	if b.reader.ID != "" {
		direct = "You get this because I couldn't write to the IT channel"
	}
	m.Note(direct)
	return m.Message()
}

// facts puts on the card why something waits, what follows, and who is asked to act.
func (b itCard) facts(m *blocks.MessageBuilder, p problem, who string) {
	if b.Request.BreakGlass {
		m.Gist(b.Request.Reason)
		m.Note(emergency{b.builder}.incident())
	}
	m.Note(p.why)
	m.Note(p.next, who, b.addressUnless(p.why), b.ticket())
}

// buttons are what IT can do here.
func (b itCard) buttons(p problem) (out []slack.BlockElement) {
	switch {
	case p.hand:
		out = HandButtons(b.Request.ID, *b.Grant, b.reader.ID)
	case p.open && b.Phase() == access.PhaseStuck && b.Grant.Manual && b.Grant.Revoking:
		out = StuckByHandButtons(b.Request.ID)
	case p.open:
		out = append(out, blocks.Button(ActionRetry, b.Request.ID, "Retry", slack.StylePrimary))
	}
	if p.choose {
		out = append(out, ReassignButton(b.Request))
	}
	if g := b.Grant; g != nil && g.Live() && (b.Request.BreakGlass || g.Disputed) {
		out = append(out, RevokeButton(b.Request.ID))
	}
	return out
}

// call says who of IT is asked to act. What is there and should not be calls them, at
// whatever hour; all else waits until they look.
func (b itCard) call(p problem) (loud, quiet string) {
	gone := b.Grant == nil || b.Grant.State == access.GrantEnded
	removal := b.Grant != nil && b.Grant.Revoking && (p.open || p.hand)
	switch emergency := b.Request.BreakGlass && (!gone || b.Request.UnderReview()); {
	case b.reader.ID != "": // told alone, because the channel can't be
		return "", ""
	case removal, emergency:
		return b.ITGroup.Loud(), ""
	case p.open, p.hand:
		return "", b.ITGroup.Quiet()
	}
	return "", ""
}

// addressUnless is by what the person is found, unless that is said already.
func (b itCard) addressUnless(said string) string {
	if address := b.address(); !strings.Contains(said, address) {
		return address
	}
	return ""
}

// problem is what IT hears of. The texts but the title are escaped.
type problem struct {
	open             bool // a human still has to act
	title, why, next string
	choose           bool // IT can have somebody else decide
	hand             bool // whoever acts by hand hasn't, and IT can
}

func (b itCard) problem() problem {
	if e, ok := b.unroutable(); ok {
		return problem{open: true, choose: !b.Request.UnderReview(), title: "Nobody can decide", why: blocks.Sentence(blocks.Told(blocks.Or(e.Note, "No approver could be found for the current stage."), 1500)),
			next: "Once there is somebody who may decide, press *Retry*."}
	}
	if b.Phase() == access.PhaseStuck {
		return b.stuckProblem()
	}
	if b.Grant != nil && b.Grant.Disputed {
		return b.doubtProblem()
	}
	if p, waits := b.unanswered(); waits {
		return p
	}
	if e, ok := blocked(b.Story); ok {
		return problem{open: true, title: "Not told everywhere", why: blocks.Sentence(blocks.Told(e.Note, 1500)),
			next: "Whatever can go on without it goes on. Put the cause right, then press *Retry*."}
	}
	if b.Request.BreakGlass {
		title := "Emergency"
		if r := b.Request.Review; r != nil && r.Answer != nil && !r.Answer.Yes {
			title = "Emergency not justified"
		}
		return problem{title: title}
	}
	return problem{open: false, title: b.outcomeTitle(), why: b.retriedLine(), next: blocks.Lines(b.asked(), b.progress())}
}

// outcomeTitle is how it came out that IT was told of. It is sorted out only where what was
// wanted happened.
func (b itCard) outcomeTitle() string {
	switch s := b.Request.State; {
	case s == access.RequestLapsed:
		return "Nobody answered"
	case s == access.RequestDenied:
		return "Denied"
	case s == access.RequestCancelled:
		return "Cancelled"
	case b.triedAgain():
		return "Being tried again"
	case b.Phase() == access.PhaseEnded && b.Grant.Started.IsZero():
		return "Not given"
	}
	return "Sorted out"
}

// triedAgain tells whether what was stuck is under way once more, so that nobody knows yet how
// it comes out.
func (b itCard) triedAgain() bool {
	stuck, was := b.Last(access.EventStuck)
	switch b.Phase() {
	case access.PhaseApproved:
		return was
	case access.PhaseEnding:
		ending, _ := b.Last(access.EventEnding)
		return was && stuck.N > ending.N
	}
	return false
}

func (b itCard) stuckProblem() problem {
	t := problem{open: true, title: "Stuck while setting up", why: blocks.Sentence(blocks.Told(b.Grant.Problem, 1500))}
	there := "No access yet."
	if b.Grant.Partly() && !b.Grant.Ends.IsZero() {
		there = "A part of the access is there, and ends " + blocks.When(b.Grant.Ends) + " whatever becomes of the rest."
	}
	if b.Grant.Revoking {
		t.title, there = "Stuck while removing", "The access may still be there."
	}
	if e, ok := cantBeDone(b.Case); ok {
		t.why = blocks.Escape(b.actor(e.Actor), 2*blocks.MaxName) + " says that it can't be removed by hand: " + t.why
		t.next = "It may still be there. Press *It's done* once it's gone; *Retry* asks again."
		return t
	}
	there = strings.TrimSpace(there + " " + partsLine(*b.Grant))
	t.next = there + " Nothing more is tried by itself: put the cause right, then press *Retry*."
	if b.Case.Tried {
		t.next = there + " It is tried again."
	}
	return t
}

func (b itCard) doubtProblem() problem {
	end := "It has no end of its own."
	if !b.Grant.Ends.IsZero() {
		end = "By what is known it ends " + blocks.When(b.Grant.Ends) + "."
	}
	return problem{open: true, title: "In doubt after a recovery", why: blocks.Sentence(blocks.Told(b.Grant.Problem, 1500)),
		next: "The person keeps the access, and it is neither ended nor extended until you have looked at the ticket. " + end + " *Retry* lets it go on like that; if it should be gone, revoke it."}
}

func (b itCard) retriedLine() string {
	e, ok := b.Last(access.EventRetried)
	if resolved, also := b.Last(access.EventDisputeResolved); also && (!ok || resolved.At.After(e.At)) {
		e, ok = resolved, true
	}
	if later, also := b.Last(access.EventTaskResumed); also && (!ok || later.At.After(e.At)) {
		e, ok = later, true
	}
	if !ok {
		return ""
	}
	return "Tried again by " + blocks.Escape(b.actor(e.Actor), 2*blocks.MaxName) + ", " + blocks.When(e.At) + "."
}

// asked is who was or is to be asked.
func (b itCard) asked() string {
	if b.Phase() == access.PhasePending {
		return "Waiting for " + blocks.Escape(blocks.Or(b.names(b.waitingFor()), "the next approvers"), blocks.MaxField) + "."
	}
	return b.decisions()
}
