package inbox

import (
	"strings"

	"latchkey/access"
	"latchkey/workflow/people"
)

// answers are what others wrote on the issue of a review, to agents or to everybody, and what they changed of it since it
// was read. What an automation writes answers nothing: it would answer our answers.
func (s Situation) answers() (out []Action) {
	for _, m := range s.Seen.Comments {
		if again := m.ID <= s.Cursor.Comment; !m.By.App && people.CodeIn(m.Text) == "" && (!again || m.Changed) {
			out = append(out, ReviewComment{Comment: m, Again: again})
		}
	}
	return out
}

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
