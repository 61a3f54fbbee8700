package evidence

import (
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
)

// Finding is what one completed issue shows about itself, to somebody who has
// nothing but the issue.
type Finding struct {
	Issue    string   `json:"issue"`
	URL      string   `json:"url,omitempty"`
	Title    string   `json:"title"`
	Status   string   `json:"status"`
	Approved []string `json:"approved"`          // who said yes, and where; or that the rules ask nobody
	Changed  []string `json:"changed"`           // which groups, or what was done by hand
	Removed  []string `json:"removed"`           // that it is gone again, or why it was left
	Missing  []string `json:"missing,omitempty"` // what the issue does not show; empty if it tells it all
}

// Complete reports whether the issue tells the whole story.
func (f Finding) Complete() bool { return len(f.Missing) == 0 }

// Judge reads an issue as an auditor would: it looks for a comment by Latchkey
// for each step, sees that its words name what happened, and that the event it
// carries is the one that was sealed.
func Judge(t access.TicketEvidence) Finding {
	f := Finding{Issue: t.Issue.Key, URL: t.Issue.URL, Title: t.Title, Status: t.Status, Approved: []string{}, Changed: []string{}, Removed: []string{}}
	in, out := map[string]bool{}, map[string]bool{}
	given := false
	for _, s := range t.Statements {
		if err := s.Event.Verify(s.Event.Prev); err != nil {
			f.Missing = append(f.Missing, "an unaltered record of "+s.Event.ID())
			continue
		}
		switch s.Event.Kind {
		case access.EventApproved, access.EventBreakGlass:
			f.Approved = f.take(f.Approved, s, string(s.Event.Actor.Person), "approved "+by(s.Event))
		case access.EventGrantStarted:
			f.Approved = append(f.Approved, firstLine(s.Text))
		case access.EventMemberAdded:
			f.Changed = f.take(f.Changed, s, groupOf(s.Event), "added to "+groupOf(s.Event)+at(s.Event))
			in[groupOf(s.Event)] = true
		case access.EventMemberRemoved, access.EventMemberKept:
			f.Removed = f.take(f.Removed, s, groupOf(s.Event), outcome(s.Event))
			out[groupOf(s.Event)] = true
		case access.EventFulfilled:
			given = f.byHand(s, given)
		}
	}
	f.lack(in, out)
	return f
}

// take notes a statement if its words name what they have to.
func (f *Finding) take(list []string, s access.Statement, named, note string) []string {
	if named == "" || !strings.Contains(s.Text, named) {
		f.Missing = append(f.Missing, fmt.Sprintf("the words of %s don't name %q", s.Event.ID(), named))
		return list
	}
	return append(list, note)
}

// byHand takes the first confirmation for the giving, the next for the taking.
func (f *Finding) byHand(s access.Statement, given bool) bool {
	note := "made by hand, confirmed " + by(s.Event)
	if given {
		f.Removed = f.take(f.Removed, s, string(s.Event.Actor.Person), note)
	} else {
		f.Changed = f.take(f.Changed, s, string(s.Event.Actor.Person), note)
	}
	return true
}

// lack notes what the whole story should have and hasn't.
func (f *Finding) lack(in, out map[string]bool) {
	if len(f.Approved) == 0 {
		f.Missing = append(f.Missing, "who approved")
	}
	if len(f.Changed) == 0 && len(f.Removed) == 0 {
		f.Missing = append(f.Missing, "what changed in the directory")
	}
	if len(f.Removed) == 0 {
		f.Missing = append(f.Missing, "whether access was removed")
	}
	for g := range in {
		if len(f.Removed) > 0 && !out[g] {
			f.Missing = append(f.Missing, "whether "+g+" was removed")
		}
	}
	slices.Sort(f.Missing)
}

func by(e access.Event) string {
	return "by " + string(e.Actor.Person) + " via " + string(e.Actor.Via) + at(e)
}

func at(e access.Event) string { return " at " + e.At.UTC().Format("2006-01-02 15:04 UTC") }

func outcome(e access.Event) string {
	if e.Kind == access.EventMemberKept {
		return groupOf(e) + " left alone: " + e.Note
	}
	return "removed from " + groupOf(e) + at(e)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
