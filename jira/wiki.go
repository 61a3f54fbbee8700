package jira

import (
	"fmt"
	"strings"
)

// toServer writes a call's body the way Data Center reads it.
func toServer(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if v["type"] == "doc" {
			return strings.TrimSpace(wiki(v))
		}
		out := map[string]any{}
		for key, value := range v {
			switch key {
			case "isAdfRequest":
			case "accountId":
				out["name"] = value
			default:
				out[key] = toServer(value)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = toServer(v[i])
		}
		return out
	default:
		return v
	}
}

// fromServer reads an answer of Data Center as if Cloud had given it: people
// have an account id, which is their name, and comments are documents.
func fromServer(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = fromServer(value)
		}
		_, person := v["displayName"]
		if name, ok := v["name"].(string); ok && person && v["accountId"] == nil {
			v["accountId"], v["accountType"] = name, "atlassian"
		}
		if text, ok := v["body"].(string); ok && v["author"] != nil {
			v["body"] = document(text)
		}
		return v
	case []any:
		for i := range v {
			v[i] = fromServer(v[i])
		}
		return v
	default:
		return v
	}
}

// wikiMarks are the characters that wiki text gives a meaning to.
const wikiMarks = `\{}[]*_+^~!|-`

// literally escapes text for wiki text.
func literally(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(wikiMarks, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unescaped is the inverse of literally.
func unescaped(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && strings.IndexByte(wikiMarks, text[i+1]) >= 0 {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// wiki writes a node of a document, decoded from JSON, as wiki text.
func wiki(n map[string]any) string {
	if n["type"] == "text" {
		text := literally(fmt.Sprint(n["text"]))
		if n["marks"] != nil {
			return "*" + text + "*"
		}
		return text
	}
	var b strings.Builder
	children, _ := n["content"].([]any)
	for _, c := range children {
		if child, ok := c.(map[string]any); ok {
			b.WriteString(wiki(child))
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

// document is wiki text as a document, line by line. What stands out by marks is
// left as it is written.
func document(text string) map[string]any {
	var blocks []any
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if line = unescaped(strings.TrimSpace(line)); line != "" {
			blocks = append(blocks, map[string]any{"type": "paragraph", "content": []any{map[string]any{"type": "text", "text": line}}})
		}
	}
	return map[string]any{"type": "doc", "version": 1, "content": blocks}
}
