package pack

import (
	"context"
	"io"
	"strconv"
)

// decision is a row as a line of decisions.csv.
type decision struct {
	Row
	group    Group
	counting []Answer
}

// decisionsSheet writes decisions.csv.
func decisionsSheet(ctx context.Context, p *Review, w io.Writer) error {
	groups := p.ByKey()
	t, err := newTable(w, append(append(asFrozen(), asDecided()...), asProven()...))
	if err != nil {
		return err
	}
	if err := p.Each(ctx, func(r Row) error { return t.put(decision{r, groups[r.Group], r.counting()}) }); err != nil {
		return err
	}
	return t.end()
}

// asFrozen are the columns of what was frozen.
func asFrozen() []column[decision] {
	type d = decision
	return []column[d]{
		{"row", func(d d) string { return d.ID }},
		{"directory", func(d d) string { return d.Person.Directory }},
		{"account", func(d d) string { return d.Person.Account }},
		{"login", func(d d) string { return d.Person.Login }},
		{"person", func(d d) string { return d.Person.ID }},
		{"name", func(d d) string { return text(d.Person.Name) }},
		{"title", func(d d) string { return text(d.Person.Title) }},
		{"department", func(d d) string { return text(d.Person.Department) }},
		{"manager", func(d d) string { return text(d.Person.Manager) }},
		{"type", func(d d) string { return text(d.Person.Type) }},
		{"status", func(d d) string { return text(d.Person.Status) }},
		{"group_id", func(d d) string { return d.group.ID }},
		{"group", func(d d) string { return d.group.Name }},
		{"app", func(d d) string { return d.group.App }},
		{"role", func(d d) string { return d.group.Role }},
		{"opens", func(d d) string { return d.group.Opens }},
		{"privileged", func(d d) string { return yes(d.Privileged) }},
		{"access_came", func(d d) string { return d.Access.How }},
		{"access_since", func(d d) string { return instant(d.Access.At) }},
		{"access_link", func(d d) string { return d.Access.Link.String() }},
		{"grant", func(d d) string { return d.Access.Grant }},
		{"last_sign_in", func(d d) string { return instant(d.LastSignIn.At) }},
		{"sign_in_source", func(d d) string { return d.LastSignIn.Source }},
		{"sign_in_reach", func(d d) string { return instant(d.LastSignIn.Reach) }},
		{"peers", func(d d) string { return says(d.Peers, Peers.String) }},
		{"earlier_decisions", func(d d) string { return list(d.Earlier, Earlier.String) }},
		{"sod", func(d d) string { return list(d.SoD, itself) }},
		{"recommendation", func(d d) string { return string(d.Recommended.Value) }},
		{"recommendation_reason", func(d d) string { return d.Recommended.Reason }},
		{"shown", func(d d) string { return d.Shown }},
		{"changed_since", func(d d) string { return list(d.Changes, Change.String) }},
	}
}

// asDecided are the columns of what was decided. Where several answers count, each column
// has them in the same order.
func asDecided() []column[decision] {
	type d = decision
	each := func(write func(Answer) string) func(d) string {
		return func(d d) string { return joined(d.counting, write) }
	}
	return []column[d]{
		{"asked", func(d d) string { return joined(d.Asked, askedOf) }},
		{"outcome", func(d d) string { return string(d.Outcome.Verdict) }},
		{"outcome_by", func(d d) string { return string(d.Outcome.How) }},
		{"outcome_rule", func(d d) string { return d.Outcome.Words }},
		{"outcome_at", func(d d) string { return stamp(d.Outcome.At) }},
		{"decision", each(func(a Answer) string { return string(a.Verdict) })},
		{"stage", each(func(a Answer) string { return strconv.Itoa(a.Stage) })},
		{"reason", each(func(a Answer) string { return a.Reason })},
		{"decided_by", each(func(a Answer) string { return a.By.title() })},
		{"decided_by_person", each(func(a Answer) string { return a.By.Person })},
		{"decided_by_account", each(func(a Answer) string { return a.By.Account })},
		{"in_place_of", each(func(a Answer) string { return a.For })},
		{"decided_at", each(func(a Answer) string { return stamp(a.At) })},
		{"surface", each(func(a Answer) string { return a.Surface })},
		{"seconds", each(func(a Answer) string { return decimal(a.Seconds) })},
		{"bulk", each(func(a Answer) string { return yes(a.Bulk) })},
		{"rows_at_once", each(together)},
		{"all_answers", func(d d) string { return joined(d.Answers, Answer.String) }},
	}
}

// asProven are the columns of what shows that it is so.
func asProven() []column[decision] {
	type d = decision
	return []column[d]{
		{"events", func(d d) string { return joined(d.Answers, func(a Answer) string { return a.Event.ID }) }},
		{"leaves", func(d d) string { return joined(d.Answers, func(a Answer) string { return a.Event.Leaf }) }},
		{"removal_issue", func(d d) string { return ofRemoval(d.Row, func(m Removal) string { return m.Issue.String() }) }},
		{"removal_result", func(d d) string { return ofRemoval(d.Row, func(m Removal) string { return string(m.Result) }) }},
	}
}

func askedOf(a Asked) string {
	return "stage " + strconv.Itoa(a.Stage) + ": " + a.Reviewer + ", " + a.How + ", " + when(a.At)
}

func ofRemoval(r Row, write func(Removal) string) string {
	if r.Removal == nil {
		return ""
	}
	return write(*r.Removal)
}

// together is with how many rows an answer was given.
func together(a Answer) string {
	switch {
	case !a.Bulk:
		return "1"
	case a.Together == 0:
		return "[not recorded]"
	}
	return strconv.Itoa(a.Together)
}
