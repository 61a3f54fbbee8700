package workflow

import (
	"fmt"
	"strings"
)

// listed is how many mismatches a report names one by one.
const listed = 15

// worthTelling tells whether IT has anything new to read.
func (v *survey) worthTelling() bool {
	return v.First || v.did.adopted+v.did.removed+v.did.ended > 0 || !v.Same(v.last.Survey)
}

// report is what IT reads in one message.
func (v *survey) report() noticePayload {
	n := noticePayload{Title: "Memberships compared with requests"}
	if v.First {
		n.Title = "First look at the memberships: nothing was changed"
	}
	unexplained, missing := v.Count()
	n.Lines = append(n.Lines, fmt.Sprintf("%s with no request, %d of leavers, %d idle.", several(unexplained, "membership"), v.Leavers, v.Idle))
	if missing > 0 {
		n.Lines = append(n.Lines, fmt.Sprintf("%s missing although the access is active: somebody else took the person out of the group. Nobody was put back.", several(missing, "membership")))
	}
	n.Lines = append(n.Lines, v.consequences()...)
	for i, m := range v.Odd {
		if i == listed {
			n.Lines = append(n.Lines, fmt.Sprintf("… and %d more.", len(v.Odd)-i+v.More))
			break
		}
		what := fmt.Sprintf("• %s is in %s", m.Person, m.Group)
		if m.Missing {
			what = fmt.Sprintf("• %s is missing from %s", m.Person, m.Group)
		}
		if m.Left {
			what += " and has left"
		}
		n.Lines = append(n.Lines, what)
	}
	for _, p := range v.Problems {
		n.Lines = append(n.Lines, "Not looked at: "+p)
	}
	return n
}

// consequences say what was done, or what would be done next time.
func (v *survey) consequences() []string {
	verbs := [4]string{"adopted", "being removed", "reported", "had their access ended"}
	lead := "Done: "
	if v.First {
		verbs, lead = [4]string{"adopted", "removed", "reported", "have their access ended"}, "Next time: "
	}
	var parts []string
	for i, n := range []int{v.did.adopted, v.did.removed, v.did.told} {
		if n > 0 {
			parts = append(parts, several(n, "membership")+" "+verbs[i])
		}
	}
	if v.did.ended > 0 {
		parts = append(parts, several(v.did.ended, "leaver")+" "+verbs[3])
	}
	if len(parts) == 0 {
		return nil
	}
	return []string{lead + strings.Join(parts, ", ") + "."}
}

func several(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
