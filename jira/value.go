package jira

import (
	"encoding/json"
	"strconv"
	"strings"

	"latchkey/access"
)

// filled is what a person wrote into the form. Fields that are not mapped are
// looked for as lines such as "App: Figma" in the description; the description
// is the reason where nothing else is.
func (s *site) filled(is seenIssue) access.Form {
	text := readable(is.Fields["description"])
	lines, rest := labelled(text)
	pick := func(key string) string {
		if id := s.form.custom[key]; id != "" {
			if v := readable(is.Fields[id]); v != "" {
				return v
			}
		}
		return lines[key]
	}
	reason := pick(fieldReason)
	if reason == "" {
		reason = rest
	}
	if reason == "" {
		reason = field[string](is, "summary")
	}
	return access.Form{App: oneLine(pick(fieldApp)), Role: oneLine(pick(fieldRole)), Duration: oneLine(pick(fieldDuration)), Reason: reason}
}

// labelled divides a text into lines that say what they are and the rest.
func labelled(text string) (map[string]string, string) {
	names := map[string]string{
		"app": fieldApp, "application": fieldApp, "role": fieldRole, "access": fieldRole, "duration": fieldDuration,
		"for how long": fieldDuration, "how long": fieldDuration, "reason": fieldReason, "why": fieldReason,
	}
	found := map[string]string{}
	var rest []string
	for line := range strings.SplitSeq(text, "\n") {
		name, value, ok := strings.Cut(line, ":")
		key := names[strings.ToLower(strings.Trim(name, " *_\t"))]
		if ok && key != "" && strings.TrimSpace(value) != "" && found[key] == "" {
			found[key] = strings.TrimSpace(value)
			continue
		}
		rest = append(rest, line)
	}
	return found, strings.TrimSpace(strings.Join(rest, "\n"))
}

// readable writes a field's value as plain text, whatever kind of field it is: a
// text, a rich text, an option, a user, or a list of them. What it does not know
// is empty.
func readable(raw json.RawMessage) string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return ""
	}
	return strings.TrimSpace(clean(textOf(v)))
}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		var all []string
		for _, e := range v {
			if t := textOf(e); t != "" {
				all = append(all, t)
			}
		}
		return strings.Join(all, ", ")
	case map[string]any:
		if v["type"] == "doc" {
			return strings.TrimSpace(richText(v))
		}
		for _, key := range []string{"value", "displayName", "name", "label"} {
			if t, ok := v[key].(string); ok {
				return t
			}
		}
	}
	return ""
}

// richText is what a document says, with a line for each of its blocks.
func richText(n map[string]any) string {
	switch kind, _ := n["type"].(string); kind {
	case "text":
		t, _ := n["text"].(string)
		return t
	case "hardBreak":
		return "\n"
	case "mention", "emoji", "status", "date":
		attrs, _ := n["attrs"].(map[string]any)
		for _, key := range []string{"text", "shortName"} {
			if t, ok := attrs[key].(string); ok {
				return t
			}
		}
		return ""
	default:
		var b strings.Builder
		content, _ := n["content"].([]any)
		for _, e := range content {
			if child, ok := e.(map[string]any); ok {
				b.WriteString(richText(child))
			}
		}
		if isBlock(kind) {
			b.WriteString("\n")
		}
		return b.String()
	}
}

func isBlock(kind string) bool {
	switch kind {
	case "paragraph", "heading", "codeBlock", "rule", "tableRow":
		return true
	}
	return false
}
