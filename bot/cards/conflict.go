package cards

import (
	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
)

// mostConflicts is how many of them a card or a form names.
const mostConflicts = 3

// ConflictLines warn of what a role can't go with, and say that it is asked for all the same, as an exception.
func ConflictLines(list []catalog.Exception, whose string) string {
	var lines []string
	for _, e := range list[:min(len(list), mostConflicts)] {
		lines = append(lines, conflictLine(e, blocks.Escape(whose, blocks.MaxName)))
	}
	if more := len(list) - mostConflicts; more > 0 {
		lines = append(lines, "And "+blocks.Count(more, "more conflict")+".")
	}
	return blocks.Lines(lines...)
}

func conflictLine(e catalog.Exception, whose string) string {
	line := ":warning: *It can't go with " + blocks.Escape(e.With, 2*blocks.MaxName) + "*, "
	if e.Unsure {
		line += "and it couldn't be found out whether " + whose + " that"
	} else {
		line += "which " + whose
	}
	line = blocks.Sentence(line + ": " + blocks.Escape(e.Why, blocks.MaxField))
	if e.Max > 0 {
		line += " *It would be an exception*, for " + catalog.FormatDuration(e.Max) + " at most."
	}
	return line
}

// conflicts says to whoever decides what the access can't go with.
func (b builder) conflicts() string {
	return ConflictLines(b.Request.Exceptions, b.name(b.Request.Beneficiary)+" has")
}

// meanwhile says what speaks against a yes at this moment, as far as Latchkey's own records tell.
func (b approverCard) meanwhile() string {
	if b.Request.State != access.RequestPending {
		return ""
	}
	var lines []string
	for _, v := range b.background.Conflicts[:min(len(b.background.Conflicts), mostConflicts)] {
		other := blocks.Escape(v.Other, 2*blocks.MaxName)
		if v.Asked {
			lines = append(lines, ":warning: *"+other+"* is asked for as well, and can't go with it: only one of them can be given.")
			continue
		}
		lines = append(lines, ":warning: *It can't go with "+other+"*, which "+blocks.Escape(b.name(b.Request.Beneficiary), blocks.MaxName)+" has by now. A yes can't count.")
	}
	return blocks.Lines(lines...)
}
