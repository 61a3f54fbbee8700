package world

import (
	"cmp"
	"strings"

	"latchkey/sandbox/slack/kit"
)

// Render shows a message or view as plain text, one line per line a person
// reads: mrkdwn as it is, buttons as [Label], fields and elements in reading
// order, inputs as "Label: answer".
func Render[T Message | View](on T) string {
	var lines []string
	switch on := any(on).(type) {
	case Message:
		lines = renderMessage(on)
	case View:
		lines = renderView(on)
	}
	return strings.Join(lines, "\n")
}

// Read is a message as people read it: [Render], with the names of those whom it mentions.
func (w *World) Read(m Message) string {
	text := Render(m)
	if !strings.Contains(text, "<@") {
		return text
	}
	for _, u := range w.Users() {
		text = strings.ReplaceAll(text, "<@"+u.ID+">", "@"+cmp.Or(u.RealName, u.Name))
	}
	return text
}

func renderMessage(m Message) []string {
	lines := kit.Render(m.Blocks, m.State, nil)
	if len(m.Blocks) == 0 && m.Text != "" {
		lines = append(lines, m.Text)
	}
	for _, a := range m.Attachments {
		for _, key := range []string{"pretext", "title", "text"} {
			if text := kit.Str(a, key); text != "" {
				lines = append(lines, text)
			}
		}
	}
	for _, f := range m.Files {
		lines = append(lines, "<file "+f+">")
	}
	return lines
}

func renderView(v View) []string {
	var lines []string
	if v.Title != "" {
		lines = append(lines, v.Title)
	}
	lines = append(lines, kit.Render(v.Blocks, v.State, v.Errors)...)
	var buttons []string
	for _, label := range []string{v.CloseLabel, v.SubmitLabel} {
		if label != "" {
			buttons = append(buttons, "["+label+"]")
		}
	}
	if len(buttons) > 0 {
		lines = append(lines, strings.Join(buttons, " "))
	}
	return lines
}
