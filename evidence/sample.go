package evidence

import (
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
)

// Finding is what one completed issue shows about itself, to somebody who has
// nothing but the issue.
type Finding struct {
	Issue    string   `json:"issue"`
	URL      string   `json:"url,omitempty"`
	Title    string   `json:"title"`
	Status   string   `json:"status"`
	Month    string   `json:"month,omitempty"`    // in which it was asked for, such as 2026-11
	Outcome  string   `json:"outcome"`            // ended, live, declined, or not decided
	Decided  string   `json:"decided"`            // by people, by a rule, in an emergency; or by nobody
	Declined []string `json:"declined,omitempty"` // who said no
	Approved []string `json:"approved"`           // who said yes, and where; or that the rules ask nobody
	Changed  []string `json:"changed"`            // which groups, or what a fulfiller did
	Removed  []string `json:"removed"`            // that it is gone again, or why it was left
	Missing  []string `json:"missing,omitempty"`  // what the issue does not show; empty if it tells it all
}

// Complete reports whether the issue tells the whole story.
func (f Finding) Complete() bool { return len(f.Missing) == 0 }

// Judge reads an issue as an auditor would: it looks for a comment by Latchkey
// for each step, sees that its words name what happened, and that the event it
// speaks of is the one that the issue carries, signed.
func (with Reading) Judge(t access.TicketEvidence) Finding {
	f := Finding{Issue: t.Issue.Key, URL: t.Issue.URL, Title: t.Title, Status: t.Status, Approved: []string{}, Changed: []string{}, Removed: []string{}}
	c, err := with.ReadIssue(t.Issue, t.Record)
	switch {
	case err != nil:
		f.Missing = append(f.Missing, "an unaltered record: "+err.Error())
	case c.Doubt != "":
		f.Missing = append(f.Missing, "an unaltered record: "+c.Doubt)
	}
	if len(c.Story) == 0 && len(f.Missing) > 0 { // one cause: without the record no comment proves anything
		f.count(nil)
		return f
	}
	j := judging{f: &f, c: c, in: map[string]bool{}, out: map[string]bool{}}
	for _, s := range t.Statements {
		i := slices.IndexFunc(c.Story, func(e access.Event) bool { return e.ID == s.Event && e.Leaf == s.Leaf })
		if i < 0 {
			f.Missing = append(f.Missing, "an unaltered record of event "+s.Event)
			continue
		}
		j.statement(s, c.Story[i])
	}
	f.count(c.Story)
	if inForce(c.Story) {
		f.Removed = append(f.Removed, "it goes on, and has no end")
		clear(j.in)
	}
	if f.Decided == DecidedByRule && len(f.Approved) == 0 {
		f.Approved = append(f.Approved, ruled(c.Story)...)
	}
	f.lack(j.in, j.out)
	return f
}

// ruled is by which route nobody was asked, as the signed record of the issue has it.
func ruled(story []access.Event) []string {
	for _, e := range story {
		if e.Opening != nil && len(e.Opening.Stages) == 0 {
			return []string{"by a rule, nobody was asked: route " + e.Opening.Route + at(e)}
		}
	}
	return nil
}

// What can have become of a request, and who can have decided it.
const (
	OutcomeEnded     = "ended"
	OutcomeLive      = "live"
	OutcomeDeclined  = "declined"
	OutcomeUndecided = "not decided"

	DecidedByPeople    = "by people"
	DecidedByRule      = "by a rule"
	DecidedInEmergency = "in an emergency"
	DecidedByNobody    = "by nobody"
)

// count says what the story is one of. A yes that a rule gave is no person's.
func (f *Finding) count(story []access.Event) {
	f.Outcome, f.Decided = OutcomeUndecided, DecidedByNobody
	for i, e := range story {
		if i == 0 {
			f.Month = e.At.UTC().Format("2006-01")
		}
		switch e.Kind {
		case access.EventDenied:
			f.Outcome, f.Decided = OutcomeDeclined, DecidedByPeople
		case access.EventBreakGlass:
			f.Decided = DecidedInEmergency
		case access.EventApproved:
			if e.Actor.Person != "" {
				f.Decided = DecidedByPeople
			}
		case access.EventGrantStarted:
			f.Outcome = OutcomeLive
			if f.Decided == DecidedByNobody {
				f.Decided = DecidedByRule
			}
		case access.EventEnding, access.EventNotFulfilled:
			f.Outcome = OutcomeEnded
		}
	}
}

// inForce tells whether access that was given without an end goes on: its issue is closed
// all the same.
func inForce(story []access.Event) bool {
	forever := false
	for _, e := range story {
		switch e.Kind {
		case access.EventGrantStarted:
			forever = e.Wanted == catalog.Forever
		case access.EventEnding, access.EventNotFulfilled:
			return false
		}
	}
	return forever
}

// judging is an issue that is being read.
type judging struct {
	f       *Finding
	c       access.RecoveredCase
	in, out map[string]bool // groups
	given   bool            // by people
}

func (j *judging) statement(s access.Statement, e access.Event) {
	f := j.f
	switch e.Kind {
	case access.EventApproved, access.EventBreakGlass:
		if e.Actor.Person == "" {
			f.Approved = append(f.Approved, firstLine(s.Text)) // a rule's yes names the rule
			return
		}
		f.Approved = j.take(f.Approved, s, e, "approved "+j.by(e))
	case access.EventDenied:
		f.Declined = j.take(f.Declined, s, e, "declined "+j.by(e))
	case access.EventGrantStarted:
		f.Approved = append(f.Approved, firstLine(s.Text))
	case access.EventMemberAdded, access.EventStuck, access.EventMemberRemoved, access.EventMemberKept, access.EventMemberGone:
		j.groups(s, e)
	case access.EventFulfilled:
		j.fulfilled(s, e)
	case access.EventNotFulfilled:
		if e.Direction != access.Revoking {
			j.f.Removed = j.take(j.f.Removed, s, e, "nothing was given, which can't be made by hand, said "+j.by(e))
		}
	}
}

// groups takes what a statement says of the groups that were changed by then: it is about
// all of them.
func (j *judging) groups(s access.Statement, e access.Event) {
	for _, o := range j.c.Story {
		if o.N > e.N || o.ID != e.ID && !strings.Contains(s.Text, o.ID) {
			continue
		}
		switch o.Kind {
		case access.EventMemberAdded:
			if !j.in[groupOf(o)] {
				j.f.Changed = j.f.take(j.f.Changed, s, groupOf(o), "added to "+groupOf(o)+at(o))
				j.in[groupOf(o)] = true
			}
		case access.EventMemberRemoved, access.EventMemberKept, access.EventMemberGone:
			if !j.out[groupOf(o)] {
				j.f.Removed = j.f.take(j.f.Removed, s, groupOf(o), outcome(o))
				j.out[groupOf(o)] = true
			}
		}
	}
}

// fulfilled takes a confirmation for what it says; one that doesn't say which way it
// goes is for the giving, if it is the first.
func (j *judging) fulfilled(s access.Statement, e access.Event) {
	note := "made manually, confirmed " + j.by(e)
	if e.Direction == access.Revoking || e.Direction == "" && j.given {
		j.f.Removed = j.take(j.f.Removed, s, e, note)
	} else {
		j.f.Changed = j.take(j.f.Changed, s, e, note)
	}
	j.given = true
}

// actor is the address that whoever made an event happen had then.
func (j *judging) actor(e access.Event) string {
	if who, ok := e.People[e.Actor.Person]; ok && who.Email != "" {
		return string(who.Email)
	}
	return string(e.Actor.Person)
}

func (j *judging) by(e access.Event) string {
	return "by " + j.actor(e) + " via " + string(e.Actor.Via) + at(e)
}

// take notes a statement that has to name who made the event happen. Where names were
// erased, who that was stands in the event by our id, and in no words.
func (j *judging) take(list []string, s access.Statement, e access.Event, note string) []string {
	if e.Erased {
		return append(list, note+" (names were erased)")
	}
	return j.f.take(list, s, j.actor(e), note)
}

// take notes a statement if its words name what they have to.
func (f *Finding) take(list []string, s access.Statement, named, note string) []string {
	if named == "" || !strings.Contains(s.Text, named) {
		f.Missing = append(f.Missing, fmt.Sprintf("the words of event %s don't name %q", s.Event, named))
		return list
	}
	return append(list, note)
}

// lack notes what the whole story should have and hasn't.
func (f *Finding) lack(in, out map[string]bool) {
	if f.Outcome == OutcomeDeclined {
		if len(f.Declined) == 0 {
			f.Missing = append(f.Missing, "who declined")
		}
		slices.Sort(f.Missing)
		return
	}
	if len(f.Approved) == 0 {
		f.Missing = append(f.Missing, "who approved")
	}
	if len(f.Changed) == 0 && len(f.Removed) == 0 {
		f.Missing = append(f.Missing, "what changed in the directory")
	}
	if len(f.Removed) == 0 && f.Outcome != OutcomeLive {
		f.Missing = append(f.Missing, "whether access was removed")
	}
	for g := range in {
		if len(f.Removed) > 0 && !out[g] {
			f.Missing = append(f.Missing, "whether "+g+" was removed")
		}
	}
	slices.Sort(f.Missing)
}

func at(e access.Event) string { return " at " + e.At.UTC().Format("2006-01-02 15:04 UTC") }

func outcome(e access.Event) string {
	switch e.Kind {
	case access.EventMemberKept:
		return groupOf(e) + " left alone: " + e.Note
	case access.EventMemberGone:
		return groupOf(e) + ", nothing to remove: " + e.Note
	}
	return "removed from " + groupOf(e) + at(e)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
