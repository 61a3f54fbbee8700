package wording

import (
	"fmt"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/jira/adf"
)

// Description tells what is asked for and why. alone says that the issue is
// raised in Latchkey's own name.
func Description(c access.Case, alone bool) adf.Document {
	r := c.Request
	asks := fmt.Sprintf("%s asks for ", exactName(c, r.Requester, r.Created))
	tail := wantedFor(r) + "."
	if r.Beneficiary != r.Requester {
		tail = fmt.Sprintf(" for %s%s.", exactName(c, r.Beneficiary, r.Created), wantedFor(r))
	}
	blocks := []adf.Node{
		adf.Paragraph(adf.Text(asks), adf.Strong(accessName(c)), adf.Text(tail)),
		adf.Quote(r.Reason),
		adf.BulletList(facts(c)...),
	}
	if alone {
		blocks = append(blocks, adf.Paragraph(adf.Text(fmt.Sprintf(
			"Latchkey raised this in its own name, because it could not raise it for %s: Jira shows no single active account for that address, or did not accept it as a customer.", adf.OneLine(c.Person(r.Beneficiary).Contact())))))
	}
	return adf.New(blocks...)
}

func wantedFor(r access.Request) string {
	if r.Wanted == catalog.Forever {
		return " with no end" + startOf(r)
	}
	return ", to be held for " + catalog.FormatDuration(r.Wanted) + startOf(r)
}

// startOf says from when on access is asked for, where that is a moment to come.
func startOf(r access.Request) string {
	if r.Starts.IsZero() {
		return ""
	}
	return " from " + Moment(r.Starts) + " on"
}

func facts(c access.Case) []string {
	lines := []string{"Request " + c.Request.ID + ", recorded by Latchkey"}
	if e, ok := c.Last(access.EventSubmitted); ok {
		lines[0] = "Request " + c.Request.ID + ", made" + via(e.Actor.Via) + " at " + Moment(e.At) + ", recorded by Latchkey"
		lines = append(lines, adf.OneLine(e.Note))
	}
	if c.Role.Risk != "" {
		lines = append(lines, "Risk: "+string(c.Role.Risk))
	}
	return lines
}
