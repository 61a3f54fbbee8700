package kit

import (
	"fmt"
	"strings"
)

// Render shows blocks as lines of text, with what was entered and the errors
// under fields, by block_id.
func Render(blocks []Object, state Values, errors map[string]string) []string {
	var lines []string
	for _, b := range blocks {
		lines = append(lines, renderBlock(b, state[Str(b, "block_id")])...)
		if text := errors[Str(b, "block_id")]; text != "" {
			lines = append(lines, "! "+text)
		}
	}
	return lines
}

func renderBlock(b Object, state map[string]Object) []string {
	switch Str(b, "type") {
	case "section":
		return renderSection(b, state)
	case "header":
		return []string{TextOf(b, "text")}
	case "markdown":
		return []string{Str(b, "text")}
	case "divider":
		return []string{"---"}
	case "image":
		return []string{"(" + Str(b, "alt_text") + ")"}
	case "context":
		return []string{renderContext(b)}
	case "rich_text":
		return []string{flatten(b["elements"])}
	case "actions":
		var parts []string
		for _, e := range Objects(b["elements"]) {
			parts = append(parts, renderElement(e, state))
		}
		return []string{strings.Join(parts, " ")}
	case "input":
		return renderInput(b, state)
	}
	return nil
}

func renderSection(b Object, state map[string]Object) []string {
	var lines []string
	if text := TextOf(b, "text"); text != "" {
		lines = append(lines, text)
	}
	for _, f := range Objects(b["fields"]) {
		lines = append(lines, Str(f, "text"))
	}
	if e := Sub(b, "accessory"); e != nil {
		lines = append(lines, renderElement(e, state))
	}
	return lines
}

func renderContext(b Object) string {
	var parts []string
	for _, e := range Objects(b["elements"]) {
		if Str(e, "type") == "image" {
			parts = append(parts, "("+Str(e, "alt_text")+")")
			continue
		}
		parts = append(parts, Str(e, "text"))
	}
	return strings.Join(parts, " ")
}

func renderInput(b Object, state map[string]Object) []string {
	e := Sub(b, "element")
	line := TextOf(b, "label")
	if Flag(b, "optional") {
		line += " (optional)"
	}
	lines := []string{strings.TrimRight(line+": "+Answer(state[Str(e, "action_id")]), " ")}
	if hint := TextOf(b, "hint"); hint != "" {
		lines = append(lines, "  "+hint)
	}
	return lines
}

func renderElement(e Object, state map[string]Object) string {
	switch Str(e, "type") {
	case "button":
		return "[" + TextOf(e, "text") + "]"
	case "image":
		return "(" + Str(e, "alt_text") + ")"
	case "overflow":
		var labels []string
		for _, o := range OptionsOf(e) {
			labels = append(labels, TextOf(o, "text"))
		}
		return "[… " + strings.Join(labels, " | ") + "]"
	}
	if text := Answer(state[Str(e, "action_id")]); text != "" {
		return "<" + text + ">"
	}
	return "<" + TextOf(e, "placeholder") + ">"
}

// Answer shows what was entered, options by their label.
func Answer(state Object) string {
	key, _, _ := StateKey(Str(state, "type"))
	switch v := state[key].(type) {
	case nil:
		return ""
	case Object:
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
	if o, ok := v.(Object); ok {
		if text := TextOf(o, "text"); text != "" {
			return text
		}
		return flatten(o["elements"])
	}
	return fmt.Sprint(v)
}
