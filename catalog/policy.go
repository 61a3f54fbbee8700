package catalog

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Policy is what holds beside what each role says of itself. The zero value says nothing.
type Policy struct {
	Rules       []Rule
	Max         map[Risk]time.Duration // how long roles of a risk can be held at most, whatever a rule or role says
	Contractors Contractors
	Conflicts   []Conflict // what nobody has together
	Privileged  []GroupRef // groups whose roles are never given without a human's yes
	Carrying    []GroupRef `json:"-"` // groups that were seen to make administrators of the directory: as if they were privileged
}

// Contractors are those whose access always ends.
type Contractors struct {
	Types []string // as the directory names their kind of employment; none: nobody is one
	Max   time.Duration
	Line  int `json:"-"`
}

// Rule is one rule of the policy.
type Rule struct {
	ID   string
	Line int `json:"-"` // of the configuration; 0 if it has none
	If   Condition
	Then Consequence
}

// Consequence is what follows where a rule holds. Denying and hiding go by themselves.
type Consequence struct {
	Deny    string // the sentence for whoever asks; empty: it isn't denied
	Hide    bool   // it isn't shown, and can't be asked for
	Approve bool   // nobody is asked
	Route   string // the route's name, in place of the role's
	Stages  []Stage
	Max     time.Duration
}

// ByPolicy is the name of the route of what a rule approves.
const ByPolicy = "policy"

// Refuses reports whether nothing can be asked for where the rule holds.
func (t Consequence) Refuses() bool { return t.Deny != "" || t.Hide }

// Outcome is how a judgement comes out.
type Outcome string

// The outcomes.
const (
	Asked         Outcome = "asked"        // somebody has to agree
	ApprovedAlone Outcome = "approved"     // nobody is asked
	Denied        Outcome = "denied"       // with a sentence
	Hidden        Outcome = "hidden"       // it isn't offered to the person
	Conflicting   Outcome = "conflicting"  // it can't go with what they have: see Judgement.Violations
	Undetermined  Outcome = "undetermined" // refused, because it isn't known whether a rule that refuses holds
)

// Judgement is what the policy says of one ask.
type Judgement struct {
	Outcome   Outcome
	Sentence  string   // of what is denied: for whoever asks
	Missing   []string // of what is undetermined: what would have to be known of the person
	Route     Route    // how a yes is reached
	Durations Durations
	Clauses   []Clause // what decided; the first one decided the outcome. Empty: the role alone
	Bounding  []Clause // those of them that bound the time

	Violations []Violation // of what is conflicting: why; else what is asked for as an exception, or taken in spite of it
}

// Refused reports whether it can't be asked for.
func (j Judgement) Refused() bool {
	return j.Outcome == Denied || j.Outcome == Hidden || j.Outcome == Undetermined || j.Outcome == Conflicting
}

// Clause is one rule's part in a judgement. It names nobody.
type Clause struct {
	Rule    string
	Line    int      `json:",omitempty"`
	Effect  string   // what follows of it, in words
	Missing []string `json:",omitempty"` // why it isn't known whether the rule holds; empty: it holds
}

// String says which rule it was, as part of a record.
func (c Clause) String() string {
	s := c.Effect + " (rule " + c.Rule
	if c.Line > 0 {
		s += fmt.Sprintf(", line %d", c.Line)
	}
	if len(c.Missing) > 0 {
		s += "; it isn't known whether it holds, for want of: " + strings.Join(c.Missing, ", ")
	}
	return s + ")"
}

// Plainly says which rule it was to whoever asks: a line of a file says nothing to them.
func (c Clause) Plainly() string {
	c.Line = 0
	return c.String()
}

// Says are the clauses in words, one after the other.
func Says(clauses []Clause) string {
	var out []string
	for _, c := range clauses {
		out = append(out, c.String())
	}
	return strings.Join(out, "; ")
}

// rules are the rules with those that the house's own keys stand for, which come first.
func (p Policy) rules() []Rule {
	if len(p.Contractors.Types) == 0 {
		return p.Rules
	}
	own := Rule{ID: "contractors", Line: p.Contractors.Line, If: Condition{Types: p.Contractors.Types}, Then: Consequence{Max: p.Contractors.Max}}
	return append([]Rule{own}, p.Rules...)
}

// PrivilegedRole tells whether a role opens a privileged group.
func (p Policy) PrivilegedRole(r Role) bool {
	return slices.ContainsFunc(r.Groups, p.privileged)
}

func (p Policy) privileged(g GroupRef) bool {
	return slices.ContainsFunc(p.Privileged, g.Confusable) || slices.ContainsFunc(p.Carrying, g.Confusable)
}

// limited is how long a role can be held by the limits that no rule exceeds: the longest time of its
// risk; and of high risk an end there has to be.
func (p Policy) limited(r Role) Durations {
	d := r.Durations.Within(p.Max[r.Risk])
	if r.Risk == High && r.Accepted == "" && d.Max == Forever {
		d.Required = true
		d.Choices = slices.DeleteFunc(slices.Clone(d.Choices), func(one time.Duration) bool { return one == Forever })
		if !slices.Contains(d.Choices, d.Default) && len(d.Choices) > 0 {
			d.Default = d.Choices[0]
		}
	}
	return d
}

// needsSomebody tells whether a role is never given without a human's yes, whatever a rule says.
func (p Policy) needsSomebody(r Role) bool {
	guarded := r.Risk == High || r.Kind == Production || r.Kind == Finance || r.Kind == Admin
	return guarded && r.Accepted == "" || p.PrivilegedRole(r) || r.NeedsStepUp()
}
