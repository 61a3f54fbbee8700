package slack

import (
	"fmt"
	"strings"
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

func renderMessage(m Message) []string {
	lines := renderBlocks(m.Blocks, m.state, nil)
	if len(m.Blocks) == 0 && m.Text != "" {
		lines = append(lines, m.Text)
	}
	for _, a := range m.Attachments {
		for _, key := range []string{"pretext", "title", "text"} {
			if text := str(a, key); text != "" {
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
	lines = append(lines, renderBlocks(v.Blocks, v.State, v.Errors)...)
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

func renderBlocks(blocks []object, state values, errors map[string]string) []string {
	var lines []string
	for _, b := range blocks {
		lines = append(lines, renderBlock(b, state[str(b, "block_id")])...)
		if text := errors[str(b, "block_id")]; text != "" {
			lines = append(lines, "! "+text)
		}
	}
	return lines
}

func renderBlock(b object, state map[string]object) []string {
	switch str(b, "type") {
	case "section":
		return renderSection(b, state)
	case "header":
		return []string{textOf(b, "text")}
	case "markdown":
		return []string{str(b, "text")}
	case "divider":
		return []string{"---"}
	case "image":
		return []string{"(" + str(b, "alt_text") + ")"}
	case "context":
		return []string{renderContext(b)}
	case "rich_text":
		return []string{flatten(b["elements"])}
	case "actions":
		var parts []string
		for _, e := range objects(b["elements"]) {
			parts = append(parts, renderElement(e, state))
		}
		return []string{strings.Join(parts, " ")}
	case "input":
		return renderInput(b, state)
	}
	return nil
}

func renderSection(b object, state map[string]object) []string {
	var lines []string
	if text := textOf(b, "text"); text != "" {
		lines = append(lines, text)
	}
	for _, f := range objects(b["fields"]) {
		lines = append(lines, str(f, "text"))
	}
	if e := sub(b, "accessory"); e != nil {
		lines = append(lines, renderElement(e, state))
	}
	return lines
}

func renderContext(b object) string {
	var parts []string
	for _, e := range objects(b["elements"]) {
		if str(e, "type") == "image" {
			parts = append(parts, "("+str(e, "alt_text")+")")
			continue
		}
		parts = append(parts, str(e, "text"))
	}
	return strings.Join(parts, " ")
}

func renderInput(b object, state map[string]object) []string {
	e := sub(b, "element")
	line := textOf(b, "label")
	if flag(b, "optional") {
		line += " (optional)"
	}
	lines := []string{strings.TrimRight(line+": "+answer(state[str(e, "action_id")]), " ")}
	if hint := textOf(b, "hint"); hint != "" {
		lines = append(lines, "  "+hint)
	}
	return lines
}

func renderElement(e object, state map[string]object) string {
	switch str(e, "type") {
	case "button":
		return "[" + textOf(e, "text") + "]"
	case "image":
		return "(" + str(e, "alt_text") + ")"
	case "overflow":
		var labels []string
		for _, o := range optionsOf(e) {
			labels = append(labels, textOf(o, "text"))
		}
		return "[… " + strings.Join(labels, " | ") + "]"
	}
	if text := answer(state[str(e, "action_id")]); text != "" {
		return "<" + text + ">"
	}
	return "<" + textOf(e, "placeholder") + ">"
}

// answer shows what was entered, options by their label.
func answer(state object) string {
	key, _, _ := field(str(state, "type"))
	switch v := state[key].(type) {
	case nil:
		return ""
	case object:
		return answerText(v)
	case []any:
		var parts []string
		for _, item := range v {
			parts = append(parts, answerText(item))
		}
		return strings.Join(parts, ", ")
	default:
		return answerText(v)
	}
}

func answerText(v any) string {
	if o, ok := v.(object); ok {
		if text := textOf(o, "text"); text != "" {
			return text
		}
		return flatten(o["elements"])
	}
	return fmt.Sprint(v)
}
