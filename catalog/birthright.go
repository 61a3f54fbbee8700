package catalog

import (
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
