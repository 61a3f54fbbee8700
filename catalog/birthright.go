package catalog

import (
	"slices"
	"strings"
	"time"
)

// Birthright is a rule by which people have roles without asking: as long as they are whom it is about.
type Birthright struct {
	ID    string
	Line  int       `json:"-"` // of the configuration; 0 if it has none
	If    Condition // whom it is about; Condition.Roles are those that it gives
	Roles []RoleRef
}

// Comes names in words whom the rule is about, as in "comes with Design".
func (b Birthright) Comes() string {
	for _, names := range [][]string{b.If.Departments, b.If.Titles, b.If.Locations, b.If.Types} {
		if len(names) > 0 {
			return strings.Join(names, ", ")
		}
	}
	return "your job"
}

// Birthrights are all these rules, and how carefully they are followed.
type Birthrights struct {
	Rules  []Birthright
	Settle time.Duration // for how long somebody has to be seen otherwise before that counts
	Grace  time.Duration // for how long they keep a role whose rule doesn't hold any more
	Brake  Brake
	DryRun bool // nothing is given or taken away, and IT reads what would be
}

// Brake is how much happens at once without IT having been asked. Zero: there is no bound.
type Brake struct {
	People  int // with changes
	Percent int // of those who have a role by a birthright, who would lose it
}

// fewest is how many people have to lose a role before their share counts: one of two is half of them.
const fewest = 3

// Holds tells whether so many people with changes, or so many who lose a role of all who have it, are more than may be without
// asking.
func (b Brake) Holds(people, lose, have int) bool {
	share := b.Percent > 0 && lose >= fewest && have > 0 && lose*100 > have*b.Percent
	return b.People > 0 && people > b.People || share
}

// WithBirthrights is the catalogue with birthrights. The receiver isn't changed.
func (c *Catalog) WithBirthrights(b Birthrights) *Catalog {
	out := *c
	b.Rules = slices.Clone(b.Rules)
	for i, r := range b.Rules {
		b.Rules[i].If.Roles = r.Roles
	}
	out.birthrights = b
	out.version = versionOf(&out)
	return &out
}

// Birthrights are the rules by which people have roles without asking.
func (c *Catalog) Birthrights() Birthrights { return c.birthrights }

// Birthright finds a rule by its id.
func (c *Catalog) Birthright(id string) (Birthright, bool) {
	i := slices.IndexFunc(c.birthrights.Rules, func(b Birthright) bool { return b.ID == id })
	if i < 0 {
		return Birthright{}, false
	}
	return c.birthrights.Rules[i], true
}

// Entitlement is what a birthright comes to for one person and role.
type Entitlement struct {
	Rule    string
	Role    RoleRef
	Truth   Truth         // whether they are to have it
	For     time.Duration // and for how long; Forever: as long as the rule holds
	Missing []string      // where that isn't known, what would have to be
	Clauses []Clause      // what the policy has its part in
}

// Entitled says of every role that a birthright gives whether somebody is to have it. The policy goes before: what it refuses isn't
// given, and whatever isn't known of somebody is no reason to give them anything or to take it away. named tells whether one of
// several addresses is theirs; around adds to an ask what the rules want to know of the person for that role.
func (c *Catalog) Entitled(named func([]string) bool, around func(RoleRef) Attributes) (out []Entitlement) {
	for _, b := range c.birthrights.Rules {
		for _, ref := range b.Roles {
			app, role, known := c.Role(ref.App, ref.Role)
			if !known {
				continue
			}
			a := around(ref)
			a.App, a.Role, a.Wanted = app, role, Forever
			out = append(out, c.entitled(b, ref, a, named))
		}
	}
	return out
}

func (c *Catalog) entitled(b Birthright, ref RoleRef, a Attributes, named func([]string) bool) Entitlement {
	e := Entitlement{Rule: b.ID, Role: ref}
	e.Truth, e.Missing = b.If.Holds(a)
	if e.Truth == No {
		return e
	}
	judged := c.Judge(a)
	switch {
	case judged.Outcome == Denied || judged.Outcome == Hidden:
		e.Truth, e.Missing, e.Clauses = No, nil, judged.Clauses[:1]
		return e
	case judged.Outcome == Conflicting || len(judged.Violations) > 0: // what somebody has besides isn't looked at here
		e.Truth, e.Missing, e.Clauses = Unknown, append(e.Missing, "what they have besides"), judged.Clauses[:min(1, len(judged.Clauses))]
		return e
	case judged.Outcome == Undetermined:
		e.Truth, e.Missing, e.Clauses = Unknown, append(e.Missing, judged.Missing...), judged.Clauses[:1]
		return e
	case len(judged.Bounding) > 0:
		e.For, e.Clauses = judged.Durations.Max, judged.Bounding
	}
	for _, clause := range judged.Bounding {
		if len(clause.Missing) > 0 { // whether their access has to end isn't known
			e.Truth, e.Missing = Unknown, append(e.Missing, clause.Missing...)
		}
	}
	return e.admitted(a, named)
}

// admitted gives a role to nobody who couldn't ask for it.
func (e Entitlement) admitted(a Attributes, named func([]string) bool) Entitlement {
	switch {
	case a.Role.For.Admits(a.Person.Department, named):
	case a.Person.Department == "" && len(a.Role.For.Departments) > 0:
		e.Truth, e.Missing = Unknown, append(e.Missing, "department")
	default:
		e.Truth, e.Missing = No, nil
	}
	return e
}
