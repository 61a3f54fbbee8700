package reconcile

import (
	"fmt"
	"strings"

	"latchkey/access"
)

// summary is a run in words, for IT.
type summary struct{ *survey }

// worthTelling tells whether IT has anything new to read.
func (v summary) worthTelling() bool {
	return v.First || v.did.changed() || together{v.survey}.overdue() || !v.Same(v.last.Survey)
}

// report is what IT reads in one message.
func (v summary) report() (title string, lines []string) {
	title = "Memberships compared with requests"
	if v.First {
		title = "First look at the memberships: nothing was changed"
	}
	unexplained, missing := v.Count()
	lines = append(lines, fmt.Sprintf("%s with no request, %d of leavers, %d idle.", several(unexplained, "membership"), v.Leavers, v.Idle))
	if missing > 0 {
		lines = append(lines, fmt.Sprintf("%s missing although the access is active: somebody else took the person out of the group. Nobody was put back.", several(missing, "membership")))
	}
	lines = append(append(lines, together{v.survey}.conflictLines()...), together{v.survey}.lostLines()...)
	lines = append(lines, v.consequences()...)
	if len(v.fresh) > 0 {
		lines = append(lines, "Read for the first time, so nothing was changed there before you have seen it: "+v.freshNames()+".")
	}
	for i, m := range v.Odd {
		if i == listed {
			lines = append(lines, fmt.Sprintf("… and %d more.", len(v.Odd)-i+v.More))
			break
		}
		if m.Conflict == "" && m.Lost == "" { // those are told already
			lines = append(lines, v.mismatchLine(m))
		}
	}
	for _, p := range v.Problems {
		lines = append(lines, "Problem: "+p)
	}
	return title, lines
}

func (v summary) freshNames() string {
	names := make([]string, 0, listed)
	for _, ref := range v.fresh[:min(listed, len(v.fresh))] {
		names = append(names, ref.String())
	}
	if more := len(v.fresh) - listed; more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

func (v summary) mismatchLine(m access.Mismatch) string {
	line := fmt.Sprintf("• %s is in %s", v.names[m.Person], m.Group)
	if m.Missing {
		line = fmt.Sprintf("• %s is missing from %s", v.names[m.Person], m.Group)
	}
	if m.Left {
		line += " and has left"
	}
	return line
}

// verbs word what a run does, in one tense.
type verbs struct{ adopted, removed, told, ended string }

func done() verbs { return verbs{"adopted", "being removed", "reported", "had their access ended"} }
func toDo() verbs { return verbs{"adopted", "removed", "reported", "have their access ended"} }

// words say what was counted, leaving out what there is none of.
func (c counts) words(v verbs) (parts []string) {
	for _, p := range []struct {
		n          int
		noun, verb string
	}{{c.adopted, "membership", v.adopted}, {c.removed, "membership", v.removed}, {c.told, "membership", v.told}, {c.ended, "leaver", v.ended}} {
		if p.n > 0 {
			parts = append(parts, several(p.n, p.noun)+" "+p.verb)
		}
	}
	return parts
}

// consequences say what was done and where that is recorded, or what would be done
// next time.
func (v summary) consequences() []string {
	lead, words := "Done: ", v.did.words(done())
	if v.First {
		lead, words = "Next time: ", v.did.words(toDo())
	}
	if len(words) == 0 {
		return nil
	}
	line := lead + strings.Join(words, ", ") + "."
	if v.issue.Key != "" {
		line += " Recorded in " + v.issue.Key + "."
	}
	return []string{line}
}
