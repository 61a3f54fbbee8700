package wording

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/jira/adf"
)

// approversAsked is nothing that anybody has to read: whom the request waits for stands
// in a field. Agents read where others are asked than the route names, or not all.
func approversAsked(c access.Case, e access.Event) Note {
	if e.Note == "" && len(e.Unfound)+len(e.Unread)+len(e.Lacks)+len(e.Standby) == 0 {
		return Note{}
	}
	text := stagePrefix(c, e) + people(c, e.Approvers, "or") + " are asked."
	if e.Note != "" {
		text += " Those whom the route names can't be."
	}
	return Note{Internal: evidence(e, text+lacks(c, e), "Asked: "+exactNames(c, e.Approvers, e.At), standby(c, e), e.Note, cannotBeAsked(e), unread(e))}
}

// lacks says that directories show no account of who is to get the access.
func lacks(c access.Case, e access.Event) string {
	if len(e.Lacks) == 0 {
		return ""
	}
	return " " + adf.OneLine(strings.Join(e.Lacks, " and ")) + " shows no account of " + PersonName(c, e.Person) + ", without which nothing can be set up. IT has been told."
}

// standby names those who may answer as well, and who aren't told that it waits.
func standby(c access.Case, e access.Event) string {
	if len(e.Standby) == 0 {
		return ""
	}
	return "May answer as well, as back-ups: " + exactNames(c, e.Standby, e.At)
}

// unread says which sources of approvers could not be read.
func unread(e access.Event) string {
	if len(e.Unread) == 0 {
		return ""
	}
	return "Not known: " + strings.Join(e.Unread, "; ") + ". It is looked again"
}

// cannotBeAsked names those whom the route names and who can't be asked.
func cannotBeAsked(e access.Event) string {
	if len(e.Unfound) == 0 {
		return ""
	}
	return "Can't be asked: " + strings.Join(e.Unfound[:min(len(e.Unfound), maxNames)], "; ")
}

// approved is evidence. The customer hears of it when access is there, if that takes long,
// or where nothing else is to follow on this issue.
func approved(c access.Case, e access.Event) Note {
	n, whole := Note{}, c.Request.State == access.RequestApproved && last(c, e, access.EventApproved)
	sentence := recordedBy(c, "Approved", e)
	switch {
	case e.Reused:
		sentence = stagePrefix(c, e) + actor(c, e) + " is the same person who has said yes before, so that yes counts here, too. Recorded by Latchkey."
	case !whole:
		sentence = stagePrefix(c, e) + recordedBy(c, "Agreed to", e) + " More answers are needed."
	}
	if e.Wanted > 0 && e.Wanted != c.Request.Wanted {
		sentence += " Access may be held for " + catalog.FormatDuration(e.Wanted) + "."
	}
	switch {
	case whole && c.Request.Extends != "":
		n = publicNote(decision(c)+" The story of this access goes on in the issue that gave it.", yesWords(c))
	case whole && c.Request.Unlisted != "":
		n = publicNote(decision(c)+" IT goes on with it here.", yesWords(c))
	}
	n.Internal = decisionEvidence(c, e, sentence)
	return n
}

func denied(c access.Case, e access.Event) Note {
	n := publicNote(stagePrefix(c, e)+doneBy(c, "Denied", e)+"."+mayDecide(c, e), e.Reason)
	n.Internal = decisionEvidence(c, e, recordedBy(c, "Denied", e))
	if e.Actor.Person == "" { // a rule refused it, after somebody said yes
		n.Internal = evidence(e, "Refused by a rule", actorLine(c, e), e.Note)
	}
	return n
}

// answerKept says that somebody answered, and not yet what: it may not count.
func answerKept(c access.Case, e access.Event) Note {
	return Note{Internal: evidence(e, stagePrefix(c, e)+actor(c, e)+" has answered"+via(e.Actor.Via)+". The answer is kept, because it can't be found out at the moment whether they may give it: it counts as soon as that is known.", actorLine(c, e))}
}

func answerDropped(c access.Case, e access.Event) Note {
	return Note{Internal: evidence(e, "The answer of "+actor(c, e)+" doesn't count: "+cmp.Or(e.Note, "they may not give it"), actorLine(c, e))}
}

// decisionEvidence is the evidence that the right person decided.
func decisionEvidence(c access.Case, e access.Event, sentence string) adf.Document {
	return quoted(e, sentence+mayDecide(c, e), e.Reason, actorLine(c, e),
		"May decide at that moment: "+cmp.Or(exactNames(c, e.Approvers, e.At), "nobody was named"),
		"Established: "+cmp.Or(e.Checked, "looked up at the moment of the decision"),
		cannotBeAsked(e), unread(e), e.Note)
}

func cancelled(c access.Case, e access.Event) Note {
	return publicNote(doneBy(c, "Cancelled", e)+".", cmp.Or(e.Reason, e.Note))
}

func lapsed(access.Case, access.Event) Note {
	return publicNote("Nobody answered in time, so this request has lapsed. It can simply be made again.", "")
}

func unroutable(c access.Case, e access.Event) Note {
	return Note{Internal: evidence(e, "Nobody may decide on this: "+cmp.Or(e.Note, "no approver was found")+". Correct the approval route or the people in it."+lacks(c, e), cannotBeAsked(e), unread(e))}
}

// escalated says that nobody has answered.
func escalated(c access.Case, e access.Event) Note {
	text := "Nobody has answered, although those who are asked were told several times. IT has been told."
	if c.Request.State != access.RequestPending {
		text = "Nobody has said whether this emergency was one, although those who were skipped were asked several times. IT has been told."
	}
	if e.Note != "" {
		text = "Nobody has answered. " + e.Note + ". IT has been told."
	}
	return Note{Internal: evidence(e, text)}
}

// decision says who decided that access is given, in whole sentences.
func decision(c access.Case) string {
	if e, ok := c.Last(access.EventBreakGlass); ok {
		return taken(c, e)
	}
	var said []string
	for _, e := range yeses(c) {
		if !e.Reused {
			said = append(said, answered(c, "Approved", e))
		}
	}
	if len(said) == 0 {
		return "Nobody has to approve this."
	}
	if more := len(said) - mostSaid; more > 0 {
		said = append(said[:mostSaid], fmt.Sprintf("%d more said yes.", more))
	}
	return strings.Join(said, " ")
}

// mostSaid is how many answers a comment names one by one.
const mostSaid = 20

// yeses are the answers by which a request was approved.
func yeses(c access.Case) []access.Event {
	var out []access.Event
	for _, e := range c.Story {
		if e.Kind == access.EventApproved {
			out = append(out, e)
		}
	}
	return out
}

// yesWords are what those said who approved.
func yesWords(c access.Case) string {
	var words []string
	for _, e := range yeses(c) {
		if e.Reason != "" && !slices.Contains(words, e.Reason) {
			words = append(words, e.Reason)
		}
	}
	return adf.Clip(strings.Join(words, "\n"), maxNamesText)
}

// Late is what the customer reads about a decision when access isn't there a while later.
func Late(c access.Case) adf.Document {
	next := "It is being set up, and takes longer than usual."
	if e, ok := c.Last(access.EventDeferred); ok {
		next = heldUntil(e)
	} else if c.Phase() == access.PhaseStuck {
		next = "Setting it up needs a hand from IT, who have been told."
	}
	return publicNote(decision(c)+" "+next, yesWords(c)).Public
}
