package adf

import (
	"fmt"
	"strings"
)

// wikiMarks are the characters that mean something in wiki text.
const wikiMarks = `\{}[]*_+^~!|-`

// escape escapes text for wiki text.
func escape(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(wikiMarks, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unescape is the inverse of escape.
func unescape(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && strings.IndexByte(wikiMarks, text[i+1]) >= 0 {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// Wiki is a node of a document, decoded from JSON, as wiki text
// (jira.atlassian.com/secure/WikiRendererHelpAction.jspa).
func Wiki(n map[string]any) string {
	if n["type"] == "text" {
		text := escape(fmt.Sprint(n["text"]))
		if n["marks"] != nil {
			return "*" + text + "*"
		}
		return text
	}
	var b strings.Builder
	children, _ := n["content"].([]any)
	for _, c := range children {
		if child, ok := c.(map[string]any); ok {
			b.WriteString(Wiki(child))
		}
	}
	inner := b.String()
	switch n["type"] {
	case "hardBreak":
		return "\n"
	case "paragraph":
		return inner + "\n"
	case "blockquote":
		return "{quote}" + strings.TrimSpace(inner) + "{quote}\n"
	case "listItem":
		return "* " + strings.TrimSpace(inner) + "\n"
	default:
		return inner
	}
}

// FromWiki is wiki text as a document, a paragraph for each line. Marks such as
// *bold* stay in the text.
func FromWiki(text string) map[string]any {
	var blocks []any
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if line = unescape(strings.TrimSpace(line)); line != "" {
			blocks = append(blocks, map[string]any{"type": "paragraph", "content": []any{map[string]any{"type": "text", "text": line}}})
		}
	}
	return map[string]any{"type": "doc", "version": 1, "content": blocks}
}
