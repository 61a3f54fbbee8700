package csv

import (
	"context"
	"io"
	"strconv"

	"latchkey/evidence/pack"
	"latchkey/evidence/pack/summary"
)

// decision is a row as a line of decisions.csv.
type decision struct {
	pack.Row
	group    pack.Group
	counting []pack.Answer
}

// Decisions writes decisions.csv.
func Decisions(ctx context.Context, p *summary.Review, w io.Writer) error {
	groups := p.ByKey()
	t, err := newTable(w, append(append(asFrozen(), asDecided()...), asProven()...))
	if err != nil {
		return err
	}
	if err := p.Each(ctx, func(r pack.Row) error { return t.put(decision{r, groups[r.Group], r.Counting()}) }); err != nil {
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
		{"name", func(d d) string { return pack.Text(d.Person.Name) }},
		{"title", func(d d) string { return pack.Text(d.Person.Title) }},
		{"department", func(d d) string { return pack.Text(d.Person.Department) }},
		{"manager", func(d d) string { return pack.Text(d.Person.Manager) }},
		{"type", func(d d) string { return pack.Text(d.Person.Type) }},
		{"status", func(d d) string { return pack.Text(d.Person.Status) }},
		{"group_id", func(d d) string { return d.group.ID }},
		{"group", func(d d) string { return d.group.Name }},
		{"app", func(d d) string { return d.group.App }},
		{"role", func(d d) string { return d.group.Role }},
		{"opens", func(d d) string { return d.group.Opens }},
		{"privileged", func(d d) string { return pack.YesNo(d.Privileged) }},
		{"access_came", func(d d) string { return d.Access.How }},
		{"access_since", func(d d) string { return pack.Instant(d.Access.At) }},
		{"access_link", func(d d) string { return d.Access.Link.String() }},
		{"grant", func(d d) string { return d.Access.Grant }},
		{"last_sign_in", func(d d) string { return pack.Instant(d.LastSignIn.At) }},
		{"sign_in_source", func(d d) string { return d.LastSignIn.Source }},
		{"sign_in_reach", func(d d) string { return pack.Instant(d.LastSignIn.Reach) }},
		{"peers", func(d d) string { return pack.Says(d.Peers, pack.Peers.String) }},
		{"earlier_decisions", func(d d) string { return pack.List(d.Earlier, pack.Earlier.String) }},
		{"sod", func(d d) string { return pack.List(d.SoD, pack.Itself) }},
		{"recommendation", func(d d) string { return string(d.Recommended.Value) }},
		{"recommendation_reason", func(d d) string { return d.Recommended.Reason }},
		{"shown", func(d d) string { return d.Shown }},
		{"changed_since", func(d d) string { return pack.List(d.Changes, pack.Change.String) }},
	}
}

// asDecided are the columns of what was decided. Where several answers count, each column
// has them in the same order.
func asDecided() []column[decision] {
	type d = decision
	each := func(write func(pack.Answer) string) func(d) string {
		return func(d d) string { return pack.Joined(d.counting, write) }
	}
	return []column[d]{
		{"asked", func(d d) string { return pack.Joined(d.Asked, askedOf) }},
		{"outcome", func(d d) string { return string(d.Outcome.Verdict) }},
		{"outcome_by", func(d d) string { return string(d.Outcome.How) }},
		{"outcome_rule", func(d d) string { return d.Outcome.Words }},
		{"outcome_at", func(d d) string { return pack.Stamp(d.Outcome.At) }},
		{"decision", each(func(a pack.Answer) string { return string(a.Verdict) })},
		{"stage", each(func(a pack.Answer) string { return strconv.Itoa(a.Stage) })},
		{"reason", each(func(a pack.Answer) string { return a.Reason })},
		{"decided_by", each(func(a pack.Answer) string { return a.By.Title() })},
		{"decided_by_person", each(func(a pack.Answer) string { return a.By.Person })},
		{"decided_by_account", each(func(a pack.Answer) string { return a.By.Account })},
		{"in_place_of", each(func(a pack.Answer) string { return a.For })},
		{"decided_at", each(func(a pack.Answer) string { return pack.Stamp(a.At) })},
		{"surface", each(func(a pack.Answer) string { return a.Surface })},
		{"seconds", each(func(a pack.Answer) string { return pack.Decimal(a.Seconds) })},
		{"bulk", each(func(a pack.Answer) string { return pack.YesNo(a.Bulk) })},
		{"rows_at_once", each(together)},
		{"all_answers", func(d d) string { return pack.Joined(d.Answers, pack.Answer.String) }},
	}
}

// asProven are the columns of what shows that it is so.
func asProven() []column[decision] {
	type d = decision
	return []column[d]{
		{"events", func(d d) string { return pack.Joined(d.Answers, func(a pack.Answer) string { return a.Event.ID }) }},
		{"leaves", func(d d) string { return pack.Joined(d.Answers, func(a pack.Answer) string { return a.Event.Leaf }) }},
		{"removal_issue", func(d d) string { return ofRemoval(d.Row, func(m pack.Removal) string { return m.Issue.String() }) }},
		{"removal_result", func(d d) string { return ofRemoval(d.Row, func(m pack.Removal) string { return string(m.Result) }) }},
	}
}

func askedOf(a pack.Asked) string {
	return "stage " + strconv.Itoa(a.Stage) + ": " + a.Reviewer + ", " + a.How + ", " + pack.When(a.At)
}

func ofRemoval(r pack.Row, write func(pack.Removal) string) string {
	if r.Removal == nil {
		return ""
	}
	return write(*r.Removal)
}

// together is with how many rows an answer was given.
func together(a pack.Answer) string {
	switch {
	case !a.Bulk:
		return "1"
	case a.Together == 0:
		return "[not recorded]"
	}
	return strconv.Itoa(a.Together)
}
