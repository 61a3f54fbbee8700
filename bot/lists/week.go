package lists

import (
	"maps"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/evidence"
)

// Week are a week's numbers, a line each.
func Week(w evidence.Report) []string {
	lines := []string{
		blocks.Capital(blocks.Count(w.Submitted, "request")) + ": " + blocks.Count(w.Requests[access.RequestApproved], "approval") + ", " +
			blocks.Count(w.Requests[access.RequestDenied], "denial") + ", " + blocks.Count(w.Fulfilled, "manual change") + ".",
		"No answer was given.",
		"No removal was seen.",
	}
	if w.Approval.Count > 0 {
		lines[1] = "In the middle, an answer took " + blocks.Roughly(w.Approval.Median) + answersBySurface(w) + "."
	}
	if w.Removed > 0 {
		lines[2] = blocks.Capital(blocks.Count(w.Removed, "access", "accesses")) + " ended. Removal was seen, or confirmed by whoever made it, after " + blocks.Exactly(w.RevokeLag.Median) + " in the middle, " + blocks.Exactly(w.RevokeLag.Worst) + " at worst."
	}
	if w.Conflicts > 0 {
		lines = append(lines, ":warning: "+blocks.Capital(blocks.Count(w.Conflicts, "conflict"))+": somebody has together what can't go together.")
	}
	if w.Drift > 0 {
		lines = append(lines, blocks.Capital(blocks.Count(w.Drift, "change"))+" by hand in Jira "+blocks.Agree(w.Drift, "was", "were")+" told and not obeyed.")
	}
	return lines
}

// answersBySurface is how long answers took by where they were given, if that was in several
// places.
func answersBySurface(w evidence.Report) string {
	if len(w.Answers) < 2 {
		return ""
	}
	var parts []string
	for _, on := range slices.Sorted(maps.Keys(w.Answers)) {
		parts = append(parts, on.Words()+" "+blocks.Roughly(w.Answers[on].Median))
	}
	return ": " + strings.Join(parts, ", ")
}
