package jira

import "latchkey/access"

func breakGlass(c access.Case, e access.Event) note {
	sentence := act(c, "Taken in an emergency, without an approval,", e) + " Those who would have been asked are told, and say afterwards whether it was right."
	if c.Request.Incident != "" {
		sentence += " Incident: " + oneLine(c.Request.Incident) + "."
	}
	n := say(sentence, e.Reason)
	n.internal = evidence(e, "Break-glass", by(c, e), e.Note)
	return n
}

func reviewAsked(c access.Case, e access.Event) note {
	n := say("Waiting for "+people(c, e.Approvers, "or")+" to say whether this emergency was one.", "")
	n.internal = evidence(e, "The review of an emergency was asked for", "Asked: "+allNamed(c, e.Approvers, e.At))
	return n
}

func justified(c access.Case, e access.Event) note {
	n := say(act(c, "Found justified", e), e.Reason)
	n.internal = ballot(c, e, "Evidence for the review")
	return n
}

func unjustified(c access.Case, e access.Event) note {
	n := say(act(c, "Found not justified", e)+" What access is left ends now.", e.Reason)
	n.internal = ballot(c, e, "Evidence for the review")
	return n
}
