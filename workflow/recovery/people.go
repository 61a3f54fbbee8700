package recovery

import (
	"fmt"
	"strings"
	"time"

	"latchkey/access"
)

// recordedPeople are the people of whom the record tells.
type recordedPeople struct {
	people []access.Person
	byID   map[access.PersonID]access.Person
}

// reunite makes people of what the issues tell of them. What contradicts is
// listed.
func reunite(cases []restoredCase, now time.Time, out *Recovery) recordedPeople {
	stories := make([][]access.Event, len(cases))
	for i, c := range cases {
		stories[i] = c.Story
	}
	a := recordedPeople{byID: map[access.PersonID]access.Person{}}
	var disputed []access.Contradiction
	a.people, disputed = access.Reunite(stories, now)
	for _, p := range a.people {
		a.byID[p.ID] = p
	}
	for _, d := range disputed {
		out.Conflicts = append(out.Conflicts, a.dispute(d))
	}
	for _, p := range a.people {
		if !p.Offboarded.IsZero() {
			out.Conflicts = append(out.Conflicts, offboarded(p))
		}
	}
	return a
}

func (a recordedPeople) dispute(d access.Contradiction) Conflict {
	var names []string
	for _, who := range d.Holders {
		names = append(names, a.contact(who))
	}
	return Conflict{About: d.Binding.System + " " + d.Binding.ID, People: names, Do: "latchkey people", Text: fmt.Sprintf(
		"The record gives this account to several people, %s, so it is nobody's: find out whose it is", strings.Join(names, " and "))}
}

func offboarded(p access.Person) Conflict {
	return Conflict{About: p.Contact(), Do: "latchkey people same " + p.Contact(), Text: fmt.Sprintf(
		"IT ended everything they had on %s, so they neither ask nor decide. If IT has taken that back since, it has to be said again", p.Offboarded.UTC().Format("2 January 2006"))}
}

func (a recordedPeople) contact(who access.PersonID) string { return a.byID[who].Contact() }
