package wording

import (
	"latchkey/access"
	"latchkey/jira/adf"
)

func breakGlass(c access.Case, e access.Event) Note {
	sentence := recordedBy(c, "Taken in an emergency, without an approval,", e) + " Those who would have been asked are told, and say afterwards whether it was right."
	if c.Request.Incident != "" {
		sentence += " Incident: " + adf.OneLine(c.Request.Incident) + "."
	}
	n := publicNote(sentence, e.Reason)
	n.Internal = evidence(e, "Break-glass", actorLine(c, e), e.Note)
	return n
}

func reviewAsked(c access.Case, e access.Event) Note {
	n := publicNote("Waiting for "+people(c, e.Approvers, "or")+" to say whether this emergency was one.", "")
	n.Internal = evidence(e, "The review of an emergency was asked for", "Asked: "+exactNames(c, e.Approvers, e.At), e.Note, cannotBeAsked(e))
	return n
}

func justified(c access.Case, e access.Event) Note {
	n := publicNote(recordedBy(c, "Found justified", e), e.Reason)
	n.Internal = decisionEvidence(c, e, "Evidence for the review")
	return n
}

func unjustified(c access.Case, e access.Event) Note {
	n := publicNote(recordedBy(c, "Found not justified", e)+" What access is left ends now.", e.Reason)
	n.Internal = decisionEvidence(c, e, "Evidence for the review")
	return n
}
