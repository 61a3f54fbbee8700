package catalog

import (
	"slices"
	"strings"
)

// Audience says who may ask for a role. An empty one is everybody.
type Audience struct {
	Departments []string // as the directory names them; case doesn't matter
	People      []string // e-mail addresses, as they were written down
}

// Everybody reports whether nobody is left out.
func (a Audience) Everybody() bool { return len(a.Departments) == 0 && len(a.People) == 0 }

// Admits tells whether somebody of a department may ask. Whether one of several
// addresses is theirs is for named to tell: what names whom is not known here.
func (a Audience) Admits(department string, named func(addresses []string) bool) bool {
	return a.Everybody() || len(a.People) > 0 && named(a.People) ||
		slices.ContainsFunc(a.Departments, func(d string) bool { return Same(d, department) })
}

// String says who is meant, as part of a sentence.
func (a Audience) String() string {
	who := slices.Clone(a.Departments)
	if len(a.People) > 0 {
		who = append(who, "a few named people")
	}
	if len(who) < 2 {
		return strings.Join(who, "")
	}
	return strings.Join(who[:len(who)-1], ", ") + " and " + who[len(who)-1]
}
