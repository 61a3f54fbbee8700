package catalog

import (
	"fmt"
	"slices"
)

// Judge says how an ask comes out: what the role says of itself, and what every rule of the policy
// adds to that. What is stricter wins: a rule that refuses over all others, more people who are asked
// over fewer, the shorter time over the longer one. A rule of which it isn't known whether it holds
// counts where it is the stricter way, and never where it is the easier one.
func (c *Catalog) Judge(a Attributes) Judgement {
	j := judging{c: c, a: a, durations: c.policy.limited(a.Role)}
	if d := j.durations; d.Max != a.Role.Durations.Max {
		j.shortens = []Clause{{Rule: "limit", Effect: FormatDuration(d.Max) + " at most, as for any role of " + string(a.Role.Risk) + " risk"}}
	}
	for _, r := range c.policy.rules() {
		truth, missing := r.If.Holds(a)
		if truth == No {
			continue
		}
		if truth == Yes {
			missing = nil
		} else if missing == nil {
			missing = []string{"what its expression comes to"}
		}
		j.rule(r, missing)
	}
	j.conflicts()
	return j.judgement()
}

// judging is a judgement in the making.
type judging struct {
	c *Catalog
	a Attributes

	refusal   *refusal
	base      *Route // what takes the place of the role's own route
	chosen    Clause // which rule did that
	added     []Stage
	adds      []Clause
	distinct  bool
	durations Durations
	shortens  []Clause
	passed    []Clause // rules that would have made it easier, if it were known that they hold
	violated  []Violation
}

type refusal struct {
	outcome  Outcome
	sentence string
	clause   Clause
}

// rule adds what follows of a rule that holds, or of which that isn't known: then missing says why.
func (j *judging) rule(r Rule, missing []string) {
	clause := func(effect string) Clause { return Clause{r.ID, r.Line, effect, missing} }
	sure := len(missing) == 0
	switch {
	case r.Then.Hide:
		j.refuse(refusal{Hidden, "", clause("isn't offered")}, sure)
		return
	case r.Then.Deny != "":
		j.refuse(refusal{Denied, r.Then.Deny, clause("denied")}, sure)
		return
	}
	if r.Then.Max > 0 && r.Then.Max != j.durations.Max {
		if shorter := j.durations.Within(r.Then.Max); shorter.Max != j.durations.Max {
			j.durations = shorter
			j.shortens = append(j.shortens, clause(FormatDuration(r.Then.Max)+" at most"))
		}
	}
	j.ways(r.Then, clause, sure)
}

// ways adds who is asked by a rule.
func (j *judging) ways(t Consequence, clause func(string) Clause, sure bool) {
	if t.Approve || t.Route != "" {
		route, effect := Route{Name: ByPolicy}, "approved without asking anybody"
		if t.Route != "" {
			route, effect = j.c.way(t.Route), "route "+t.Route
		}
		switch {
		case j.base != nil: // an earlier rule decided
		case sure:
			j.base, j.chosen = &route, clause(effect)
		case len(route.Stages) > 0:
			j.add(route.Stages, route.Distinct, clause("route "+t.Route+" as well"))
		default:
			j.passed = append(j.passed, clause("not "+effect))
		}
	}
	if len(t.Stages) > 0 {
		j.add(t.Stages, false, clause("more approvers"))
	}
}

func (j *judging) add(stages []Stage, distinct bool, because Clause) {
	j.added, j.distinct, j.adds = append(j.added, stages...), j.distinct || distinct, append(j.adds, because)
}

// refuse notes that a rule refuses. One that holds for certain goes before others; of those, one that
// hides goes before one that says why.
func (j *judging) refuse(r refusal, sure bool) {
	if !sure {
		r.outcome = Undetermined
	}
	rank := func(o Outcome) int { return slices.Index([]Outcome{Undetermined, Conflicting, Denied, Hidden}, o) }
	if j.refusal == nil || rank(r.outcome) > rank(j.refusal.outcome) {
		j.refusal = &r
	}
}

func (j *judging) judgement() Judgement {
	route, clauses := j.route()
	out := Judgement{Outcome: Asked, Route: route, Durations: j.durations, Clauses: append(append(clauses, j.shortens...), j.passed...), Bounding: j.shortens, Violations: j.violated}
	if route.Automatic() {
		out.Outcome = ApprovedAlone
	}
	if r := j.refusal; r != nil {
		out.Outcome, out.Sentence, out.Clauses = r.outcome, r.sentence, append([]Clause{r.clause}, out.Clauses...)
		if r.outcome == Undetermined {
			out.Sentence, out.Missing = "", r.clause.Missing
		}
	}
	return out
}

// route is how a yes is reached: the role's own way or the one that a rule put in its place, then
// whom rules add.
func (j *judging) route() (Route, []Clause) {
	route, clauses := j.c.way(j.a.Role.Route), []Clause(nil)
	if j.base != nil {
		route, clauses = *j.base, []Clause{j.chosen}
	}
	route.Stages = slices.Clone(route.Stages)
	for _, s := range j.added {
		if !slices.ContainsFunc(route.Stages, s.same) {
			route.Stages = append(route.Stages, s)
		}
	}
	route.Distinct = route.Distinct || j.distinct
	clauses = append(clauses, j.adds...)
	route, left := j.applying(route)
	clauses = append(clauses, left...)
	if route.Automatic() && j.c.policy.needsSomebody(j.a.Role) {
		return j.guarded(route, clauses)
	}
	return route, clauses
}

// applying is a route without those stages whose conditions don't hold. Where that isn't known
// of one, it stays, and it is said.
func (j *judging) applying(route Route) (Route, []Clause) {
	var stages []Stage
	var clauses []Clause
	for i, s := range route.Stages {
		if !s.Conditional() {
			stages = append(stages, s)
			continue
		}
		truth, missing := s.If.Holds(j.a)
		clause := Clause{Rule: "approvals." + route.Name, Line: s.Line, Effect: fmt.Sprintf("stage %d of its route is asked", i+1)}
		switch truth {
		case No:
			clause.Effect = fmt.Sprintf("stage %d of its route isn't asked, as its condition doesn't hold", i+1)
			clauses = append(clauses, clause)
			continue
		case Unknown:
			if clause.Missing = missing; missing == nil {
				clause.Missing = []string{"what its expression comes to"}
			}
		}
		stages, clauses = append(stages, s), append(clauses, clause)
	}
	route.Stages = stages
	return route, clauses
}

// guarded asks somebody where nobody would be for a role that isn't given without a human's yes.
func (j *judging) guarded(route Route, clauses []Clause) (Route, []Clause) {
	own := j.c.way(j.a.Role.Route)
	if own.Automatic() {
		own = askingIT(route.Name)
	}
	return own, append([]Clause{{Rule: "limit", Effect: "somebody is asked all the same: nobody gets such a role without a yes"}}, clauses...)
}

// way is a route by its name. One that isn't there lets nobody through.
func (c *Catalog) way(name string) Route {
	if r, ok := c.routes[name]; ok {
		return r
	}
	return askingIT(name)
}

func askingIT(name string) Route {
	return Route{Name: name, Stages: []Stage{{Approvers: []Approver{{Kind: Security}}}}}
}

func (s Stage) same(o Stage) bool {
	return s.Need == o.Need && slices.Equal(s.Approvers, o.Approvers) && slices.Equal(s.Backups, o.Backups) && !s.Conditional() && !o.Conditional()
}
