package adf

import (
	"encoding/json"
	"strconv"
	"strings"
)

// FieldText is a field's value as plain text, whatever kind of field it is: a
// text, a rich text, an option, a user, or a list of them. It is empty for a kind
// it does not know.
func FieldText(raw json.RawMessage) string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return ""
	}
	return strings.TrimSpace(Clean(valueText(v)))
}

// DocumentText is what a document says, a line for each of its blocks; "" for what is no document.
func DocumentText(raw json.RawMessage) string {
	var n map[string]any
	if json.Unmarshal(raw, &n) != nil {
		return ""
	}
	return strings.TrimSpace(nodeText(n))
}

func valueText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		var all []string
		for _, e := range v {
			if t := valueText(e); t != "" {
				all = append(all, t)
			}
		}
		return strings.Join(all, ", ")
	case map[string]any:
		if v["type"] == "doc" {
			return strings.TrimSpace(nodeText(v))
		}
		for _, key := range []string{"value", "displayName", "name", "label"} {
			if t, ok := v[key].(string); ok {
				return t
			}
		}
	}
	return ""
}

// nodeText is what a document says, with a line for each of its blocks.
func nodeText(n map[string]any) string {
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
				b.WriteString(nodeText(child))
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
