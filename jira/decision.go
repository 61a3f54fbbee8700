package jira

import (
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
)

func asked(c access.Case, e access.Event) note {
	word, tail := "or", " to decide."
	if e.Stage < len(c.Request.Stages) && len(e.Approvers) > 1 {
		switch need := c.Request.Stages[e.Stage].Need; {
		case need.All:
			word, tail = "and", " to decide. All of them have to agree."
		case need.Several():
			tail = fmt.Sprintf(" to decide. %d of them have to agree.", need.Count())
		}
	}
	return say(stageOf(c, e)+"Waiting for "+people(c, e.Approvers, word)+tail, "")
}

func agreed(c access.Case, e access.Event) note {
	sentence := act(c, "Approved", e.Actor)
	if c.Request.State != access.RequestApproved || !last(c, e, access.EventApproved) {
		sentence = stageOf(c, e) + act(c, "Agreed to", e.Actor) + " More answers are needed."
	}
	if e.Wanted > 0 && e.Wanted != c.Request.Wanted {
		sentence += " Access may be held for " + catalog.FormatDuration(e.Wanted) + "."
	}
	n := say(sentence, e.Reason)
	n.internal = ballot(e, "Evidence for the approval")
	return n
}

func refused(c access.Case, e access.Event) note {
	n := say(stageOf(c, e)+act(c, "Declined", e.Actor), e.Reason)
	n.internal = ballot(e, "Evidence for the refusal")
	return n
}

// ballot is the evidence that the right person decided.
func ballot(e access.Event, title string) doc {
	eligible := make([]string, len(e.Approvers))
	for i, a := range e.Approvers {
		eligible[i] = string(a)
	}
	return evidence(e, title, by(e),
		"May decide at that moment: "+orElse(strings.Join(eligible, ", "), "nobody was named"),
		"Established: "+orElse(e.Checked, "looked up at the moment of the decision"),
		e.Note)
}

func cancelled(c access.Case, e access.Event) note {
	return say(act(c, "Withdrawn", e.Actor), orElse(e.Reason, e.Note))
}

func lapsed(access.Case, access.Event) note {
	return say("Nobody answered in time, so this request has lapsed. It can simply be made again.", "")
}

func unroutable(_ access.Case, e access.Event) note {
	n := say("Latchkey can't find anybody who may decide on this. IT has been told and will sort it out.", "")
	n.internal = evidence(e, "Nobody may decide on this: "+orElse(e.Note, "no approver was found")+". Correct the approval route or the people in it.")
	return n
}
