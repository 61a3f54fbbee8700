package wording

import (
	"latchkey/access"
)

// questioned and replied keep a conversation with whoever asked in the portal where they
// read it. Everybody else has it in Slack, and agents read it here.
func questioned(c access.Case, e access.Event) Note { return said(c, "Asked", e) }

func replied(c access.Case, e access.Event) Note {
	if e.Actor.Via == access.ViaJira {
		return Note{} // it stands there already
	}
	return said(c, "Said", e)
}

func said(c access.Case, verb string, e access.Event) Note {
	if AskedInJira(c) {
		return publicNote(doneBy(c, verb, e)+".", e.Reason)
	}
	return Note{Internal: quoted(e, recordedBy(c, verb, e), e.Reason)}
}

// AskedInJira tells whether the issue was there before the request.
func AskedInJira(c access.Case) bool {
	e, ok := c.Last(access.EventIssueOpened)
	return ok && e.Note != "" && (e.Issue == nil || e.Issue.Instead == "")
}
