package wording

import (
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/jira/adf"
)

// WaitsFor says in a line whom a case waits for, as a field of its issue shows it; "" for
// nobody.
func WaitsFor(c access.Case) string {
	switch phase := c.Phase(); {
	case phase == access.PhasePending:
		return line(answering(c))
	case phase == access.PhaseManual, phase == access.PhaseEnding && c.Grant != nil && c.Grant.State == access.GrantManual:
		return line(byHand(c))
	case phase == access.PhaseStuck:
		return "IT"
	case c.Grant != nil && c.Grant.Planned():
		return "Its start: " + Moment(c.Grant.Starts)
	case c.Request.UnderReview():
		return line(people(c, c.Request.Review.Asked, "or") + ", to say whether it was an emergency")
	}
	return ""
}

// byHand is who makes a change that Latchkey can't make.
func byHand(c access.Case) string {
	if g := c.Grant; g != nil && g.State == access.GrantManual && g.TakenBy != "" {
		return PersonName(c, g.TakenBy)
	}
	if hands := c.App.Fulfillers(); len(hands) > 0 {
		return adf.List(hands, "or")
	}
	return "IT"
}

// answering is whom a request waits for that nobody has decided.
func answering(c access.Case) string {
	r := c.Request
	if r.Stage >= len(r.Stages) {
		return ""
	}
	stage, prefix := r.Stages[r.Stage], ""
	asked := access.Principals(stage.Asked, stage.Delegates)
	if len(r.Stages) > 1 {
		prefix = fmt.Sprintf("Stage %d of %d: ", r.Stage+1, len(r.Stages))
	}
	switch {
	case r.Questioned:
		return prefix + PersonName(c, r.Requester) + ", to answer a question"
	case len(stage.Asked) == 0:
		return prefix + "IT, to find who may decide"
	case len(asked) > 1 && stage.Need.All:
		return prefix + people(c, asked, "and") + " (all of them)" + delegates(c, stage)
	case stage.Need.Several():
		return prefix + people(c, asked, "or") + fmt.Sprintf(" (%d of them)", stage.Need.Count()) + delegates(c, stage)
	}
	return prefix + people(c, asked, "or") + delegates(c, stage)
}

// delegates are those who may answer in somebody's place: "; Omar Diaz for Noor Haddad".
func delegates(c access.Case, stage access.Stage) string {
	text := ""
	for _, d := range stage.Delegates[:min(len(stage.Delegates), maxNames)] {
		text += "; " + PersonName(c, d.Who) + " for " + PersonName(c, d.For)
	}
	return text
}

// DecidedBy says in a line who decided a case, as a field of its issue shows it; "" where
// nobody has said anything yet.
func DecidedBy(c access.Case) string {
	var said []string
	for _, e := range c.Story {
		switch {
		case e.Kind == access.EventDenied && e.Actor.Person == "":
			said = append(said, "a rule")
		case e.Kind == access.EventBreakGlass:
			said = append(said, actorName(c, e)+", in an emergency")
		case e.Kind == access.EventApproved && !e.Reused, e.Kind == access.EventDenied:
			said = append(said, actorName(c, e))
		}
	}
	if len(said) == 0 && c.Request.State == access.RequestApproved {
		return "nobody: the rules ask nobody"
	}
	return line(strings.Join(said, "; "))
}

// line is a text as a field of one line can hold it.
func line(text string) string { return adf.Clip(adf.OneLine(text), adf.LineLimit) }
