package wording

import (
	"cmp"

	"latchkey/access"
)

// issueOpened says how Latchkey understood what was asked for in the portal. Whoever asked
// hears of it when something comes of it. An issue that Latchkey made says so itself.
func issueOpened(c access.Case, e access.Event) Note {
	switch {
	case e.Note == "":
		return Note{}
	case e.Issue != nil && e.Issue.Instead != "":
		return Note{Internal: evidence(e, e.Note+" What happened before stands in the log and in the pages that this issue carries.")}
	}
	return Note{Internal: evidence(e, PersonName(c, c.Request.Requester)+" asks for "+accessName(c)+forWhom(c)+wantedFor(c.Request)+
		". This is request "+c.Request.ID+"; Latchkey goes on with it here and in Slack.")}
}

// forWhom names who gets the access where somebody else asks for it.
func forWhom(c access.Case) string {
	if c.Request.Beneficiary == c.Request.Requester {
		return ""
	}
	return " for " + PersonName(c, c.Request.Beneficiary)
}

func issueDrift(c access.Case, e access.Event) Note {
	return Note{Internal: evidence(e, "This was changed by hand, and Latchkey does not follow it: "+cmp.Or(e.Note, "something was changed")+" What Latchkey may put back, it puts back.", actorLine(c, e))}
}
