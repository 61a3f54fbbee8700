package catalog

import (
	"slices"
	"strings"
)

// Audience says who may ask for a role. An empty one is everybody.
type Audience struct {
	Departments []string // as the directory names them; case doesn't matter
	People      []string // lower-cased e-mails
}

// Everybody reports whether nobody is left out.
func (a Audience) Everybody() bool { return len(a.Departments) == 0 && len(a.People) == 0 }

// Admits tells whether somebody of a department may ask.
func (a Audience) Admits(email, department string) bool {
	return a.Everybody() || slices.Contains(a.People, email) ||
		slices.ContainsFunc(a.Departments, func(d string) bool { return strings.EqualFold(d, strings.TrimSpace(department)) })
}

// String says who is meant, as part of a sentence.
func (a Audience) String() string {
	var who []string
	for _, d := range a.Departments {
		who = append(who, d)
	}
	if len(a.People) > 0 {
		who = append(who, "a few named people")
	}
	if len(who) < 2 {
		return strings.Join(who, "")
	}
	return strings.Join(who[:len(who)-1], ", ") + " and " + who[len(who)-1]
}
