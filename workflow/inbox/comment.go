package inbox

import (
	"strings"

	"latchkey/access"
	"latchkey/workflow/people"
)

// comments are what others wrote for the customer to read.
func (s Situation) comments() (out []Action) {
	for _, m := range s.Seen.Comments {
		if m.ID <= s.Cursor.Comment || !m.Public || strings.TrimSpace(m.Text) == "" || people.CodeIn(m.Text) != "" || m.At.Before(s.Since) {
			continue
		}
		out = append(out, Comment{ID: m.ID, By: m.By, Text: clipped(m.Text, access.MaxReason)})
	}
	return out
}
