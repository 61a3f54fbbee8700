package cards

import (
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
)

// This file holds the sentences that several audiences share: who decided and when,
// and what became of the access. All of them are escaped.

// decisions tells every answer that was given, one line each.
func (b builder) decisions() string {
	var lines []string
	for _, st := range b.Request.Stages {
		for _, a := range st.Answers {
			lines = append(lines, b.answerLine(a))
		}
	}
	switch e := (access.Event{}); b.Request.State {
	case access.RequestApproved:
		if b.Request.BreakGlass {
			lines = append(lines, "Taken in an emergency by "+blocks.Escape(b.actor(taker(b.Case)), 2*blocks.MaxName)+", "+blocks.When(b.Request.Decided)+". Nobody was asked.")
		}
		if len(lines) == 0 {
			lines = append(lines, "Approved at once, "+blocks.When(b.Request.Decided)+": nobody has to be asked for this role.")
		}
	case access.RequestCancelled:
		e, _ = b.Last(access.EventCancelled)
		lines = append(lines, "Cancelled by "+blocks.Escape(b.actor(e.Actor), blocks.MaxField)+", "+blocks.When(b.Request.Decided)+".")
	case access.RequestLapsed:
		lines = append(lines, "Lapsed "+blocks.When(b.Request.Decided)+": nobody answered in time.")
	}
	if len(lines) > 10 {
		lines = append([]string{"…"}, lines[len(lines)-10:]...)
	}
	return strings.Join(lines, "\n")
}

// taker is who took the role in an emergency.
func taker(c access.Case) access.Actor {
	if e, ok := c.Last(access.EventBreakGlass); ok {
		return e.Actor
	}
	return access.Actor{Person: c.Request.Requester}
}

func (b builder) answerLine(a access.Answer) string {
	word := "Denied"
	if a.Yes {
		word = "Approved"
	}
	switch {
	case a.Reused && b.reads(a.By.Person):
		return "Your yes counts for the next stage, too, which you would have been asked about, " + blocks.When(a.At) + "."
	case a.Reused:
		return "The yes of " + blocks.Escape(b.name(a.By.Person), 2*blocks.MaxName) + " counts for the next stage, too: it is the same person, " + blocks.When(a.At) + "."
	}
	return word + " by " + blocks.Escape(b.answerer(a), 4*blocks.MaxName) + ", " + blocks.When(a.At) + signedIn(a.SignedIn) + "."
}

// signedIn says that somebody signed in for their yes.
func signedIn(s *access.SignedIn) string {
	if s == nil {
		return ""
	}
	return ", signed in with " + blocks.Escape(blocks.Capital(s.Directory), blocks.MaxName) + " " + blocks.When(s.At)
}

// signIns say who signed in for their yes, escaped.
func (b builder) signIns() string {
	var lines []string
	for _, st := range b.Request.Stages {
		for _, a := range st.Answers {
			if a.SignedIn != nil && !a.Reused {
				lines = append(lines, blocks.Escape(blocks.Capital(b.actor(a.By)), 2*blocks.MaxName)+signedIn(a.SignedIn)[1:])
			}
		}
	}
	return strings.Join(lines, ". ")
}

// reused says whose yes counts for more than one stage, escaped.
func (b builder) reused() string {
	var lines []string
	for _, st := range b.Request.Stages {
		for _, a := range st.Answers {
			switch {
			case a.Reused && b.reads(a.By.Person):
				lines = append(lines, "Your yes counts for the next stage, too")
			case a.Reused:
				lines = append(lines, "The yes of "+blocks.Escape(b.name(a.By.Person), 2*blocks.MaxName)+" counts for the next stage, too")
			}
		}
	}
	return strings.Join(lines, ". ")
}

// denial is the reason of whoever said no.
func (b builder) denial() string {
	if a, ok := b.Request.Decider(); ok && !a.Yes {
		return a.Reason
	}
	return ""
}

// progress says where the access stands after a yes, about the person.
func (b builder) progress() string {
	who := blocks.Escape(b.name(b.Request.Beneficiary), 2*blocks.MaxName)
	switch b.Phase() {
	case access.PhaseApproved:
		return b.preparing()
	case access.PhaseManual:
		return blocks.Or(hands{b}.taken(), "Waits for "+b.fulfillers()+" to make the change.")
	case access.PhaseActive:
		return who + " has access " + until(b.Grant) + "."
	case access.PhaseEnding:
		if b.Grant.State == access.GrantManual {
			return b.ending() + " " + blocks.Or(hands{b}.taken(), "Waits for "+b.fulfillers()+" to remove the access.")
		}
		return b.ending() + " The access is being removed."
	case access.PhaseStuck:
		return strings.TrimSpace(stuckLine(*b.Grant) + " " + partsLine(*b.Grant))
	case access.PhaseEnded, access.PhaseReview:
		return b.closing()
	case access.PhaseExtended:
		return "The access goes on without a gap."
	}
	return ""
}

// standing is where access stands after a yes, in a few words; escaped.
func (b builder) standing() string {
	switch b.Phase() {
	case access.PhaseManual:
		return "set up by " + hands{b}.are()
	case access.PhaseActive:
		return until(b.Grant)
	case access.PhaseEnding:
		return "is being removed"
	case access.PhaseStuck:
		if b.Grant.Revoking {
			return "not removed yet"
		}
		return "not there yet"
	case access.PhaseEnded, access.PhaseReview:
		if b.Grant.Started.IsZero() {
			return "not given"
		}
		return "ended " + blocks.When(b.Grant.Finished)
	}
	return ""
}

func (b builder) preparing() string {
	if b.Request.Unlisted != "" {
		return "IT said yes and takes it from here, in the ticket."
	}
	if b.Grant != nil && b.Grant.Planned() {
		return "It begins " + blocks.When(b.Grant.Starts) + ", as was asked for. You get a message once it is there."
	}
	if b.pause.ID != "" {
		return blocks.Paused(b.pause.Until, b.pause.Reason) + " The access follows after that."
	}
	if _, stuck := blocked(b.Story); stuck {
		return "The ticket can't be written at the moment, and nothing is changed without one. IT has been told. It is tried again and again, and the access follows right after it."
	}
	if b.Request.Issue.Key == "" {
		return "The ticket is being written; the access follows right after it."
	}
	return "The access is being set up. That usually takes less than a minute."
}

func (b builder) fulfillers() string {
	var names []string
	for _, who := range b.Fulfillers {
		names = append(names, blocks.Escape(b.you(who), blocks.MaxName))
	}
	if len(names) == 0 {
		return "IT"
	}
	return blocks.List(names, 5)
}

func until(g *access.Grant) string {
	if g == nil || g.Ends.IsZero() {
		return "with no end of its own"
	}
	return "until " + blocks.When(g.Ends)
}

// ending says why access ends.
func (b builder) ending() string {
	by := ""
	if e := b.Grant.EndedBy; e.Person != "" || e.Via == access.ViaCLI {
		by = " by " + blocks.Escape(b.actor(b.Grant.EndedBy), 2*blocks.MaxName)
	}
	switch b.Grant.End {
	case access.EndExpired:
		return "The time is up."
	case access.EndReturned:
		return "Given back" + by + b.saved() + "."
	case access.EndRevoked:
		return "Revoked" + by + "."
	case access.EndReclaimed:
		return "Reclaimed because it wasn't used."
	case access.EndReviewed:
		return "Not confirmed in an access review" + by + "."
	case access.EndOffboarded:
		return "All access of this person was ended" + by + "."
	case access.EndLeft:
		return "The account was deactivated."
	case access.EndNeedsLost:
		e, _ := b.Last(access.EventEnding)
		return blocks.Or(blocks.Escape(e.Note, blocks.MaxField), "What it needs isn't held any more.")
	case access.EndUnfulfilled:
		return "It can't be set up" + hands{b}.say() + "."
	case access.EndPartial:
		return "Only a part of it could be set up, and it is given whole or not at all. You can ask again."
	case access.EndRuledOut:
		return "It was to begin now, and may not be given any more."
	case access.EndUnrecorded:
		return "The ticket was deleted in Jira, or is hidden, and nothing is given without one."
	}
	return "The access ends."
}

// saved says how much time somebody spared by giving access back.
func (b builder) saved() string {
	e, ok := b.Last(access.EventEnding)
	if left := b.Grant.Ends.Sub(e.At); ok && !b.Grant.Started.IsZero() && left > time.Minute {
		return ", " + catalog.FormatDuration(left.Round(time.Minute)) + " before its time. Thank you: what is not held can't be misused"
	}
	return ""
}

func (b builder) closing() string {
	if b.Grant.Started.IsZero() && b.Grant.End == access.EndExpired {
		return b.ending() + " The access was never seen to be there."
	}
	if b.Grant.Started.IsZero() {
		return b.ending() + " The access was never given."
	}
	done := " The access was removed, "
	if b.Grant.NothingLeft() {
		done = " There was nothing left to remove, "
	}
	return b.ending() + done + blocks.When(b.Grant.Finished) + "." + keptLine(*b.Grant)
}

// keptLine explains that what another grant still needs is left alone.
func keptLine(g access.Grant) string {
	if !slices.ContainsFunc(g.Entitlements, func(e access.Entitlement) bool { return e.State == access.EntitlementKept && !e.Untouched() }) {
		return ""
	}
	return " A part of it stayed, because other access still needs it."
}

// stuckLine is what everybody may read of what is stuck. The cause speaks of tokens and
// rights, and is for IT.
func stuckLine(g access.Grant) string {
	if g.Revoking {
		return "Removing the access is stuck. IT has been told, and the access may still be there."
	}
	return "Setting the access up is stuck. IT has been told."
}

// partsLine says of access that is there in part, or gone in part, what was seen of each of its groups; "" where
// there are no two to tell apart. Escaped.
func partsLine(g access.Grant) string {
	named := map[access.EntitlementState][]string{}
	for _, e := range g.Entitlements {
		named[e.State] = append(named[e.State], e.Group.String())
	}
	there, gone, wanted := named[access.EntitlementHeld], named[access.EntitlementRemoved], named[access.EntitlementWanted]
	list := func(all []string) string { return blocks.Escape(blocks.List(all, 3), blocks.MaxField) }
	switch {
	case g.Revoking && len(gone) > 0 && len(there)+len(wanted) > 0:
		return "Gone: " + list(gone) + ". Not seen to be gone yet: " + list(append(there, wanted...)) + "."
	case !g.Revoking && len(there) > 0 && len(wanted) > 0:
		return "There: " + list(there) + ". Not yet: " + list(wanted) + "."
	}
	return ""
}
