package wording

import (
	"latchkey/access"
	"latchkey/jira/adf"
)

// EndReport is what an issue says about the end of access whose own issue is closed.
func EndReport(c access.Case) access.IssueReport {
	end, _ := c.Last(access.EventEnding)
	lines := []string{why(c, end)}
	if words := adf.OneLine(end.Reason); words != "" {
		lines = append(lines, "In their words: "+words)
	}
	return access.IssueReport{
		ID: "EN-" + c.Request.ID, At: end.At, Title: "End of access: " + accessName(c) + " of " + PersonName(c, c.Request.Beneficiary),
		Lines: append(lines, "Person: "+exactName(c, c.Request.Beneficiary, end.At), "The story, with the evidence: "+c.Request.Issue.Key+", which was closed when the access was given."),
	}
}

// EndIsOver is what such an issue says in the end.
func EndIsOver(c access.Case, e access.Event) access.IssueComment {
	n, _ := ForEvent(c, e)
	text := PersonName(c, c.Request.Beneficiary) + " no longer has " + accessName(c) + "."
	if said := n.Public.Text(); said != "" {
		text = said
	}
	return access.IssueComment{ID: "end-" + e.ID, At: e.At, Title: text, Lines: []string{"The evidence stands in " + c.Request.Issue.Key + "."}}
}

// Moved is what is said where a transition asks for a comment. What there is to say stands on the
// issue by then.
func Moved() adf.Document {
	return adf.New(adf.Paragraph(adf.Text("Latchkey moved this issue, because a transition asks for a comment.")))
}
