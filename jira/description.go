package jira

import (
	"fmt"

	"latchkey/access"
	"latchkey/catalog"
)

// description tells what is asked for and why. alone says that the issue is
// raised in Latchkey's own name.
func description(c access.Case, alone bool) doc {
	r := c.Request
	asks := fmt.Sprintf("%s asks for ", named(c, r.Requester, r.Created))
	tail := wantedFor(r) + "."
	if r.Beneficiary != r.Requester {
		tail = fmt.Sprintf(" for %s%s.", named(c, r.Beneficiary, r.Created), wantedFor(r))
	}
	blocks := []node{
		paragraph(plain(asks), strong(thing(c)), plain(tail)),
		quote(r.Reason),
		bullets(facts(c)...),
	}
	if alone {
		blocks = append(blocks, paragraph(plain(fmt.Sprintf(
			"Latchkey raised this in its own name, because it could not raise it for %s: Jira shows no single active account for that address, or did not accept it as a customer.", oneLine(c.Person(r.Beneficiary).Contact())))))
	}
	return newDoc(blocks...)
}

func wantedFor(r access.Request) string {
	if r.Wanted == catalog.Forever {
		return " with no end"
	}
	return ", to be held for " + catalog.FormatDuration(r.Wanted)
}

func facts(c access.Case) []string {
	lines := []string{"Request " + c.Request.ID + ", recorded by Latchkey"}
	if e, ok := c.Last(access.EventSubmitted); ok {
		lines[0] = "Request " + c.Request.ID + ", made" + door(e.Actor.Via) + " at " + moment(e.At) + ", recorded by Latchkey"
		lines = append(lines, oneLine(e.Note))
	}
	if c.Role.Risk != "" {
		lines = append(lines, "Risk: "+string(c.Role.Risk))
	}
	return lines
}
