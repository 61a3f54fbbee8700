package wording

import (
	"latchkey/access"
	"latchkey/jira/adf"
)

// breakGlass is evidence. The customer reads that it was an emergency when access is there.
func breakGlass(c access.Case, e access.Event) Note {
	return Note{Internal: quoted(e, recordedBy(c, "Taken in an emergency, without an approval,", e)+incident(c), e.Reason, actorLine(c, e), signedIn(e), e.Note)}
}

// taken says that somebody took access in an emergency.
func taken(c access.Case, e access.Event) string {
	return doneBy(c, "Taken in an emergency, without an approval,", e) + "." + incident(c) + " Those who would have been asked say afterwards whether it was right."
}

func incident(c access.Case) string {
	if c.Request.Incident == "" {
		return ""
	}
	return " Incident: " + adf.OneLine(c.Request.Incident) + "."
}

func reviewAsked(c access.Case, e access.Event) Note {
	return Note{Internal: evidence(e, people(c, e.Approvers, "or")+" are asked whether this emergency was one.", "Asked: "+exactNames(c, e.Approvers, e.At), e.Note, cannotBeAsked(e))}
}

func justified(c access.Case, e access.Event) Note {
	return Note{Internal: decisionEvidence(c, e, recordedBy(c, "Found justified", e))}
}

// unjustified is evidence, too, where the end of the access says it to the customer.
func unjustified(c access.Case, e access.Event) Note {
	n := Note{Internal: decisionEvidence(c, e, recordedBy(c, "Found not justified", e)+" What access is left ends now.")}
	if endBegun(c, e) {
		n.Public = publicNote(doneBy(c, "Found not justified", e)+".", e.Reason).Public
	}
	return n
}
