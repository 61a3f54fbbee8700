package cards

import (
	"latchkey/access"
	"latchkey/bot/blocks"
)

// This file holds the news for whoever asked or gets it: who, what and what is new, in a
// sentence that fits where a phone shows it.

// headline is the first block of a card, and its text.
type headline struct{ builder }

func (b headline) title() string {
	if (dialogue{b.builder}).openQuestion() {
		e, _ := b.Last(access.EventQuestioned)
		return blocks.News("%s asks %s about %s: %s", dialogue{b.builder}.speaker(e), b.you(b.Request.Requester), b.brief(), e.Reason)
	}
	switch b.Phase() {
	case access.PhasePending:
		return b.waiting()
	case access.PhaseDenied:
		return b.denied()
	case access.PhaseCancelled:
		e, _ := b.Last(access.EventCancelled)
		return blocks.News("%s cancelled %s for %s", blocks.Capital(b.actor(e.Actor)), b.ask(), b.brief())
	case access.PhaseLapsed:
		return blocks.News("Nobody answered %s for %s", b.ask(), b.brief())
	case access.PhaseActive:
		if b.newlyExtended() {
			return b.extended()
		}
		return b.in()
	case access.PhaseEnding:
		return b.ends()
	case access.PhaseStuck:
		return b.stuck()
	case access.PhaseEnded, access.PhaseReview:
		return b.ended()
	case access.PhaseExtended:
		return blocks.News("More time: %s for %s", b.brief(), b.whom())
	}
	return b.approved()
}

// whom is whose access it is.
func (b builder) whom() string { return b.you(b.Request.Beneficiary) }

// ask is whose request it is.
func (b headline) ask() string {
	if b.reads(b.Request.Requester) {
		return "your request"
	}
	return "the request of " + b.name(b.Request.Requester)
}

// How much of the names of an app and of a role the news shows where both are long.
const (
	briefApp  = 28
	briefRole = 18
)

// brief is app and role, of which neither takes the other's room.
func (b builder) brief() string {
	if what := b.what(); blocks.Units(what) <= briefApp+briefRole {
		return what
	}
	return blocks.Clip(b.appName(), briefApp) + " · " + blocks.Clip(blocks.Or(b.Role.Name, b.Request.Role), briefRole)
}

// headlineNames is how many of those who are asked the news names.
const headlineNames = 2

func (b headline) waiting() string {
	who, what := blocks.Capital(b.you(b.Request.Requester)), b.brief()
	if b.Request.Extends != "" {
		what = "more time for " + what
	}
	if b.proxied() {
		what += " for " + b.whom()
	}
	var asked []string
	for _, one := range b.waitingFor() {
		asked = append(asked, b.you(one))
	}
	if b.stage().Escalated > 0 {
		return b.unanswered(what)
	}
	if len(asked) == 0 {
		return blocks.News("%s asked for %s", who, what)
	}
	return blocks.News("%s asked for %s. %s "+blocks.Agree(len(asked), "is", "are")+" asked", who, what, blocks.Capital(blocks.List(asked, headlineNames)))
}

// unanswered is that nobody has answered so far, and what is done about it.
func (b headline) unanswered(what string) string {
	also := b.stage().Also
	if len(also) == 0 {
		return blocks.News("Nobody has answered %s for %s. IT was told", b.ask(), what)
	}
	var names []string
	for _, one := range also {
		names = append(names, b.you(one))
	}
	return blocks.News("Nobody has answered %s for %s. %s "+blocks.Agree(len(also), "is", "are")+" asked as well", b.ask(), what, blocks.Capital(blocks.List(names, 2)))
}

func (b headline) denied() string {
	switch a, ok := b.Request.Decider(); {
	case ok && a.By.Via == access.ViaSystem: // it was looked at again, and by the rules it may not be given
		return b.newsFor("It can't be given as it was asked: %s", b.brief())
	case ok:
		return b.newsFor("%s said no: %s", blocks.Capital(b.answerer(a)), b.brief())
	}
	return b.newsFor("Denied: %s", b.brief())
}

// newsFor is news that ends with who was to have it, for everybody but them: they know.
func (b headline) newsFor(sentence string, words ...string) string {
	if !b.reads(b.Request.Beneficiary) {
		sentence, words = sentence+" for %s", append(words, b.name(b.Request.Beneficiary))
	}
	return blocks.News(sentence, words...)
}

// approved is that there is a yes, and that something is still to happen.
func (b headline) approved() string {
	a, asked := b.Request.Decider()
	switch byHand := b.Phase() == access.PhaseManual; {
	case b.Request.BreakGlass:
		return blocks.News("Emergency: %s for %s", b.brief(), b.whom())
	case byHand && asked:
		return blocks.News("Approved by %s: %s for %s. %s sets it up", b.answerer(a), b.brief(), b.whom(), b.hands())
	case byHand:
		return blocks.News("Approved: %s for %s. %s sets it up", b.brief(), b.whom(), b.hands())
	case asked:
		return blocks.News("Approved by %s: %s for %s", b.answerer(a), b.brief(), b.whom())
	}
	return blocks.News("Approved: %s for %s", b.brief(), b.whom())
}

// hands are those who make a change by hand, not escaped.
func (b headline) hands() string {
	if b.Grant != nil && b.Grant.TakenBy != "" {
		return b.name(b.Grant.TakenBy)
	}
	return blocks.Or(b.names(b.Fulfillers), "IT")
}

// in is that the access is there.
func (b headline) in() string {
	if b.reads(b.Request.Beneficiary) {
		return blocks.News("You're in: %s"+b.untilWhen(), b.brief())
	}
	return blocks.News("%s is in: %s"+b.untilWhen(), b.name(b.Request.Beneficiary), b.brief())
}

func (b headline) extended() string {
	if b.reads(b.Request.Beneficiary) {
		return blocks.News("Extended: you have %s"+b.untilWhen(), b.brief())
	}
	return blocks.News("Extended: %s has %s"+b.untilWhen(), b.name(b.Request.Beneficiary), b.brief())
}

// newlyExtended tells whether more time is the latest that happened to access that is there.
func (b headline) newlyExtended() bool {
	later, ok := b.Last(access.EventExtended)
	added, _ := b.Last(access.EventMemberAdded)
	done, _ := b.Last(access.EventFulfilled)
	return ok && later.N > max(added.N, done.N)
}

func (b headline) untilWhen() string {
	if b.Grant == nil || b.Grant.Ends.IsZero() {
		return ""
	}
	return " until " + blocks.Moment(b.Grant.Ends, b.reader.TimeZone)
}

// ends is that access is being taken away, and why.
func (b headline) ends() string {
	switch by := b.actor(b.Grant.EndedBy); b.Grant.End {
	case access.EndExpired:
		return blocks.News("The time is up: %s for %s is being removed", b.brief(), b.whom())
	case access.EndReturned:
		return blocks.News("Given back by %s: %s for %s", by, b.brief(), b.whom())
	case access.EndRevoked:
		return blocks.News("Revoked by %s: %s for %s", by, b.brief(), b.whom())
	}
	return blocks.News("Being removed: %s for %s", b.brief(), b.whom())
}

func (b headline) stuck() string {
	parts := partsLine(*b.Grant) != ""
	switch {
	case b.Grant.Revoking && parts:
		return blocks.News("Partly removed: %s for %s. IT has been told", b.brief(), b.whom())
	case b.Grant.Revoking:
		return blocks.News("Not removed yet: %s for %s. IT has been told", b.brief(), b.whom())
	case parts:
		return blocks.News("Partly there: %s for %s. IT has been told; nothing to do", b.brief(), b.whom())
	}
	return blocks.News("Not there yet: %s for %s. IT has been told; nothing to do", b.brief(), b.whom())
}

// over is that access ends or has ended, as far as was seen.
func (b headline) over() string {
	switch b.Phase() {
	case access.PhaseEnding:
		return b.ends()
	case access.PhaseStuck:
		return b.stuck()
	}
	return b.ended()
}

// ended is that access is gone, or never came.
func (b headline) ended() string {
	switch mine := b.reads(b.Request.Beneficiary); {
	case b.Grant != nil && b.Grant.End == access.EndUnfulfilled:
		e, _ := cantBeDone(b.Case)
		return blocks.News("%s can't set it up: %s for %s", blocks.Capital(b.actor(e.Actor)), b.brief(), b.whom())
	case b.Grant == nil || b.Grant.Started.IsZero() || b.Grant.End == access.EndPartial:
		return blocks.News("Not given: %s for %s", b.brief(), b.whom())
	case mine && b.Grant.End == access.EndRevoked:
		return blocks.News("Revoked by %s: your access to %s has ended", b.actor(b.Grant.EndedBy), b.brief())
	case mine:
		return blocks.News("Your access to %s has ended", b.brief())
	}
	return blocks.News("The access of %s to %s has ended", b.name(b.Request.Beneficiary), b.brief())
}

// outcome is how a request came out, and for whom.
func (b headline) outcome() string {
	what, whom := b.brief(), b.name(b.Request.Beneficiary)
	if b.Request.Extends != "" {
		what = "more time for " + what
	}
	decider, decided := b.Request.Decider()
	switch s := b.Request.State; {
	case s == access.RequestDenied && decided:
		return blocks.News("Denied by %s: %s for %s", b.answerer(decider), what, whom)
	case s == access.RequestApproved && b.Request.BreakGlass:
		return blocks.News("Taken in an emergency by %s: %s", whom, what)
	case s == access.RequestApproved && decided:
		return blocks.News("Approved by %s: %s for %s", b.answerer(decider), what, whom)
	case s == access.RequestApproved:
		return blocks.News("Approved at once: %s for %s", what, whom)
	case s == access.RequestCancelled:
		return blocks.News("Cancelled: %s for %s", what, whom)
	case s == access.RequestLapsed:
		return blocks.News("Nobody answered: %s for %s", what, whom)
	}
	return blocks.News("%s for %s", what, whom)
}
