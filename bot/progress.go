package bot

import (
	"strings"
	"time"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
)

// This file holds the sentences that several faces share: who decided and when,
// and what became of the access. All of them are escaped.

// decisions tells every answer that was given, one line each.
func (s scene) decisions() string {
	var lines []string
	for _, st := range s.Request.Stages {
		for _, a := range st.Answers {
			lines = append(lines, s.answerLine(a))
		}
	}
	switch e := (access.Event{}); s.Request.State {
	case access.RequestApproved:
		if s.Request.Emergency {
			lines = append(lines, "Taken in an emergency by "+blocks.Escape(s.actor(s.taker()), 2*blocks.MaxName)+", "+blocks.When(s.Request.Decided)+". Nobody was asked.")
		}
		if len(lines) == 0 {
			lines = append(lines, "Approved at once, "+blocks.When(s.Request.Decided)+": nobody has to be asked for this role.")
		}
	case access.RequestCancelled:
		e, _ = s.Last(access.EventCancelled)
		lines = append(lines, "Withdrawn by "+blocks.Escape(s.actor(e.Actor), blocks.MaxField)+", "+blocks.When(s.Request.Decided)+".")
	case access.RequestLapsed:
		lines = append(lines, "Lapsed "+blocks.When(s.Request.Decided)+": nobody answered in time.")
	}
	if len(lines) > 10 {
		lines = append([]string{"…"}, lines[len(lines)-10:]...)
	}
	return strings.Join(lines, "\n")
}

// taker is who took the role in an emergency.
func (s scene) taker() access.Actor {
	if e, ok := s.Last(access.EventBreakGlass); ok {
		return e.Actor
	}
	return access.Actor{Person: s.Request.Requester}
}

func (s scene) answerLine(a access.Answer) string {
	word := "Denied"
	if a.Yes {
		word = "Approved"
	}
	return word + " by " + blocks.Escape(s.actor(a.By), 2*blocks.MaxName) + ", " + blocks.When(a.At) + "."
}

// denial is the last word of whoever said no.
func (s scene) denial() string {
	if a, ok := s.Request.Decider(); ok && !a.Yes {
		return a.Reason
	}
	return ""
}

// progress says where the access stands after a yes, about the person.
func (s scene) progress() string {
	who := blocks.Escape(s.name(s.receiver()), 2*blocks.MaxName)
	switch s.Phase() {
	case access.PhasePreparing:
		return s.preparing()
	case access.PhaseManual:
		return "Waits for " + s.fulfillers() + " to make the change by hand."
	case access.PhaseGranted:
		return who + " has access " + s.until() + "."
	case access.PhaseRemoving:
		if s.Grant.State == access.GrantManual {
			return s.ending() + " Waits for " + s.fulfillers() + " to remove the access by hand."
		}
		return s.ending() + " The access is being removed."
	case access.PhaseStuck:
		return s.stuckLine()
	case access.PhaseClosed, access.PhaseReview:
		return s.closing()
	case access.PhaseExtended:
		return "The access goes on without a gap."
	}
	return ""
}

func (s scene) preparing() string {
	if s.Request.Unlisted != "" {
		return "IT said yes and takes it from here, in the ticket."
	}
	if _, blocked := s.blocked(); blocked && s.Request.Issue.Key == "" {
		return "The ticket can't be written at the moment, and nothing is changed without one. IT has been told. It is tried again and again, and the access follows right after it."
	}
	if s.Request.Issue.Key == "" {
		return "The ticket is being written; the access follows right after it."
	}
	return "The access is being set up. That usually takes less than a minute."
}

func (s scene) fulfillers() string {
	var names []string
	for _, who := range s.Fulfillers {
		names = append(names, blocks.Escape(s.you(who), blocks.MaxName))
	}
	if len(names) == 0 {
		return "IT"
	}
	return blocks.List(names, 5)
}

func (s scene) until() string {
	if s.Grant == nil || s.Grant.Ends.IsZero() {
		return "with no end of its own"
	}
	return "until " + blocks.When(s.Grant.Ends)
}

// ending says why access ends.
func (s scene) ending() string {
	by := ""
	if s.Grant.EndedBy.Person != "" {
		by = " by " + blocks.Escape(s.actor(s.Grant.EndedBy), 2*blocks.MaxName)
	}
	switch s.Grant.End {
	case access.EndExpired:
		return "The time is up."
	case access.EndReturned:
		return "Given back" + by + s.saved() + "."
	case access.EndRevoked:
		return "Revoked" + by + "."
	case access.EndReclaimed:
		return "Reclaimed because it wasn't used."
	case access.EndReviewed:
		return "Not confirmed in an access review" + by + "."
	case access.EndLeft:
		return "The account was deactivated."
	}
	return "The access ends."
}

// saved says how much time somebody spared by giving access back.
func (s scene) saved() string {
	e, ok := s.Last(access.EventEnding)
	if left := s.Grant.Ends.Sub(e.At); ok && !s.Grant.Started.IsZero() && left > time.Minute {
		return ", " + catalog.FormatDuration(left.Round(time.Minute)) + " before its time. Thank you: what is not held can't be misused"
	}
	return ""
}

func (s scene) closing() string {
	if s.Grant.Started.IsZero() {
		return s.ending() + " The access was never given."
	}
	return s.ending() + " The access was removed, " + blocks.When(s.Grant.Finished) + "." + s.keptLine()
}

// keptLine explains groups that another grant still needs.
func (s scene) keptLine() string {
	kept := 0
	for _, e := range s.Grant.Entitlements {
		if e.State == access.EntitlementKept {
			kept++
		}
	}
	if kept == 0 {
		return ""
	}
	return " " + blocks.Capital(blocks.Count(kept, "group")) + " stayed, because other access still needs it."
}

func (s scene) stuckLine() string {
	doing := "Setting the access up is stuck: "
	if s.Grant.Revoking {
		doing = "Removing the access is stuck: "
	}
	return doing + blocks.Sentence(blocks.Escape(s.Grant.Problem, 800))
}
