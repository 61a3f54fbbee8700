package recovery

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
)

// compare lists the memberships that the cases do not explain.
func (l *live) compare(cases []restoredCase, people recordedPeople) (out []Conflict, left []leftover) {
	for _, g := range l.groups {
		switch {
		case g.protected:
		case g.err != nil:
			out = append(out, Conflict{About: g.called, Do: "latchkey check --online",
				Text: access.Classify(g.err).Sentence + ". Nothing is known about this group: check it by hand"})
		default:
			d := differences{g: g, people: people, explained: map[string]bool{}, over: map[string]leftover{}}
			for _, c := range cases {
				d.take(l, c)
			}
			d.strangers()
			out, left = append(out, d.out...), append(left, d.left...)
		}
	}
	return out, left
}

// differences are who is in a group and why that is odd.
type differences struct {
	g         *group
	people    recordedPeople
	explained map[string]bool     // by account
	over      map[string]leftover // by account
	out       []Conflict
	left      []leftover
}

// take notes what a case says of the group.
func (d *differences) take(l *live, c restoredCase) {
	if c.g == nil {
		return
	}
	for _, e := range c.g.Entitlements {
		if l.of(e) != d.g {
			continue
		}
		account := cmp.Or(e.Account, d.people.byID[c.g.Person].Account(e.Group.Directory))
		if _, in := d.g.members[account]; !in {
			continue
		}
		name := d.people.contact(c.g.Person)
		switch {
		case c.g.State == access.GrantEnded && e.State == access.EntitlementRemoved:
			e.Account, e.GroupID = account, d.g.id
			d.over[account] = leftover{*c.g, e, c.r.Label()}
		case c.fate == unconfirmed && e.State == access.EntitlementWanted && !e.Absent:
			d.explained[account] = true
			d.out = append(d.out, Conflict{About: d.g.called, People: []string{name}, Do: "latchkey stuck retry " + c.r.ID, Text: fmt.Sprintf(
				"%s is in it, but the record does not say that grant %s has put them there. It will be taken for a membership from before, and kept; remove it by hand if it isn't", name, c.g.ID)})
		case c.g.Explains(e.Group) || e.Sent && c.g.State != access.GrantEnded:
			d.explained[account] = true
		}
	}
}

// strangers are members without a grant, in one conflict for the group; those whose
// access has ended are named apart.
func (d *differences) strangers() {
	var extra, ended []string
	for account, name := range d.g.members {
		switch was, over := d.over[account]; {
		case d.explained[account]:
		case over:
			ended, d.left = append(ended, name+" ("+was.label+")"), append(d.left, was)
		default:
			extra = append(extra, name)
		}
	}
	slices.Sort(extra)
	slices.Sort(ended)
	slices.SortFunc(d.left, func(a, b leftover) int { return strings.Compare(a.grant.ID, b.grant.ID) })
	if len(ended) > 0 {
		d.out = append(d.out, Conflict{About: d.g.called, People: ended, Do: "latchkey stuck", Text: fmt.Sprintf(
			"%d in it whose access has ended. Nothing was changed; they are among what is stuck, and a retry takes them out", len(ended))})
	}
	if len(extra) > 0 {
		d.out = append(d.out, Conflict{About: d.g.called, People: extra, Text: fmt.Sprintf(
			"%d in it without a request: nothing was changed. What explains them, if anything, was kept in the store alone, or could not be believed", len(extra))})
	}
}

// span notes how much of the old log there is. Places that no issue knows of
// belonged to events that concern no request, or were not told to Jira yet.
func (out *Recovery) span(entries []access.Entry, cases []restoredCase) {
	out.Events = len(entries)
	for _, c := range cases {
		for _, e := range c.Entries {
			if c.Doubt == "" && e.Place > out.Head.Place {
				out.Head = e
			}
		}
	}
	out.Missing = max(0, int(out.Head.Place)-len(entries))
}
