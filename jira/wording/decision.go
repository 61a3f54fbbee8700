package wording

import (
	"cmp"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/jira/adf"
)

func approversAsked(c access.Case, e access.Event) Note {
	word, tail := "or", " to decide."
	if e.Stage < len(c.Request.Stages) && len(e.Approvers) > 1 {
		switch need := c.Request.Stages[e.Stage].Need; {
		case need.All:
			word, tail = "and", " to decide. All of them have to agree."
		case need.Several():
			tail = fmt.Sprintf(" to decide. %d of them have to agree.", need.Count())
		}
	}
	if e.Note != "" {
		tail += " They are asked because those whom the route names can't be."
	}
	if len(e.Lacks) > 0 {
		tail += " " + adf.OneLine(strings.Join(e.Lacks, " and ")) + " shows no account of " + PersonName(c, e.Person) + ", without which nothing can be set up. IT has been told."
	}
	n := publicNote(stagePrefix(c, e)+"Waiting for "+people(c, e.Approvers, word)+tail, "")
	if e.Note != "" || len(e.Unfound) > 0 {
		n.Internal = evidence(e, "Who is asked", "Asked: "+exactNames(c, e.Approvers, e.At), e.Note, cannotBeAsked(e))
	}
	return n
}

// cannotBeAsked names those whom the route names and who can't be asked.
func cannotBeAsked(e access.Event) string {
	if len(e.Unfound) == 0 {
		return ""
	}
	return "Can't be asked: " + strings.Join(e.Unfound[:min(len(e.Unfound), maxNames)], "; ")
}

func approved(c access.Case, e access.Event) Note {
	sentence := recordedBy(c, "Approved", e)
	if e.Reused {
		sentence = stagePrefix(c, e) + actor(c, e) + " is the same person who has said yes before, so that yes counts here, too. Recorded by Latchkey."
	} else if c.Request.State != access.RequestApproved || !last(c, e, access.EventApproved) {
		sentence = stagePrefix(c, e) + recordedBy(c, "Agreed to", e) + " More answers are needed."
	}
	if e.Wanted > 0 && e.Wanted != c.Request.Wanted {
		sentence += " Access may be held for " + catalog.FormatDuration(e.Wanted) + "."
	}
	n := publicNote(sentence, e.Reason)
	n.Internal = decisionEvidence(c, e, "Evidence for the approval")
	return n
}

func denied(c access.Case, e access.Event) Note {
	n := publicNote(stagePrefix(c, e)+recordedBy(c, "Denied", e), e.Reason)
	n.Internal = decisionEvidence(c, e, "Evidence for the refusal")
	if e.Actor.Person == "" { // a rule refused it, after somebody said yes
		n.Internal = evidence(e, "Refused by a rule", actorLine(c, e), e.Note)
	}
	return n
}

// answerKept says that somebody answered, and not yet what: it may not count.
func answerKept(c access.Case, e access.Event) Note {
	n := publicNote(stagePrefix(c, e)+actor(c, e)+" has answered"+via(e.Actor.Via)+". The answer counts as soon as it is known that they may give it.", "")
	n.Internal = evidence(e, "An answer is kept, because a directory does not answer", actorLine(c, e), "It counts for nothing until it is found out whether they may give it.")
	return n
}

func answerDropped(c access.Case, e access.Event) Note {
	n := publicNote("The answer of "+actor(c, e)+" doesn't count.", "")
	n.Internal = evidence(e, "A kept answer does not count", actorLine(c, e), "Why: "+cmp.Or(e.Note, "they may not give it"))
	return n
}

// decisionEvidence is the evidence that the right person decided.
func decisionEvidence(c access.Case, e access.Event, title string) adf.Document {
	return evidence(e, title, actorLine(c, e),
		"May decide at that moment: "+cmp.Or(exactNames(c, e.Approvers, e.At), "nobody was named"),
		"Established: "+cmp.Or(e.Checked, "looked up at the moment of the decision"),
		cannotBeAsked(e), e.Note)
}

func cancelled(c access.Case, e access.Event) Note {
	return publicNote(recordedBy(c, "Cancelled", e), cmp.Or(e.Reason, e.Note))
}

func lapsed(access.Case, access.Event) Note {
	return publicNote("Nobody answered in time, so this request has lapsed. It can simply be made again.", "")
}

func unroutable(_ access.Case, e access.Event) Note {
	n := publicNote("Latchkey can't find anybody who may decide on this. IT has been told and will sort it out.", "")
	n.Internal = evidence(e, "Nobody may decide on this: "+cmp.Or(e.Note, "no approver was found")+". Correct the approval route or the people in it.", cannotBeAsked(e))
	return n
}

// escalated says that nobody has answered.
func escalated(c access.Case, e access.Event) Note {
	text := "Nobody has answered, although those who are asked were told several times. IT has been told."
	if c.Request.State != access.RequestPending {
		text = "Nobody has said whether this emergency was one, although those who were skipped were asked several times. IT has been told."
	}
	if e.Note != "" {
		text = "Nobody has answered. " + e.Note + ". IT has been told."
	}
	return Note{Internal: evidence(e, text)}
}
