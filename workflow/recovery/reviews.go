package recovery

import (
	"fmt"
	"regexp"

	"latchkey/access"
)

// ofReview is the id of a report that is an access review, or the removal of one of its rows.
var ofReview = regexp.MustCompile(`^(RV-[A-Z0-9]{8})(?:-([0-9]+))?$`)

// reviews lists the access reviews that have an issue. None is rebuilt: what reviewers saw and answered was in the store alone,
// and the marks by which their issues are known are not signed. So no answer of a review that is lost removes anything; what
// its revocations ended already is in the record of the requests, like any other end.
func reviews(reports []access.RecordedReport) (out []Conflict) {
	removals := map[string][]string{}
	for _, r := range reports {
		if m := ofReview.FindStringSubmatch(r.ID); m != nil && m[2] != "" {
			removals[m[1]] = append(removals[m[1]], r.Issue.Key)
		}
	}
	for _, r := range reports {
		m := ofReview.FindStringSubmatch(r.ID)
		if m == nil || m[2] != "" {
			continue
		}
		text := "The access review " + r.ID + " isn't rebuilt: what was seen and answered in it was in the lost store"
		if n := len(removals[r.ID]); n > 0 {
			text += fmt.Sprintf(". It had begun %s (%s)", counted(n, "removal"), some(removals[r.ID]))
		}
		out = append(out, Conflict{
			About: r.Issue.Key, Text: text,
			Do: "If its evidence is attached there, it is over: check that with latchkey evidence verify. Else begin it anew (latchkey review start). No answer of it is carried out: who was to lose access and has it still is asked about again.",
		})
	}
	return out
}

// some are the first of many keys.
func some(keys []string) string {
	const most = 10
	text := ""
	for i, key := range keys[:min(len(keys), most)] {
		if i > 0 {
			text += ", "
		}
		text += key
	}
	if more := len(keys) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
