package stamp

import (
	"strings"

	"latchkey/jira/adf"
)

// Summary is an issue's summary, with the id in brackets at its end by which the
// issue is found again.
func Summary(head, id string) string {
	tail := " " + Marker(id)
	head = strings.NewReplacer("[", "(", "]", ")").Replace(adf.OneLine(head))
	return adf.Clip(head, adf.LineLimit-len([]rune(tail))) + tail
}

// Marker is the request's id as it stands in the summary. Names can't contain
// one: their brackets are replaced.
func Marker(id string) string { return "[" + id + "]" }
