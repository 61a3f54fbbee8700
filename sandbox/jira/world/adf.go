package world

import (
	"encoding/json"
	"strconv"
	"strings"
)

// textLimit is the number of characters one rich text may hold.
const textLimit = 32767

// RichText is formatted text, readable in both dialects whichever it came in.
type RichText struct {
	ADF  json.RawMessage
	Wiki string
	Text string
}

// Empty tells whether there is no text at all.
func (r RichText) Empty() bool { return r.ADF == nil }

// node is one node of the Atlassian Document Format.
type node struct {
	Type    string         `json:"type"`
	Version int            `json:"version,omitempty"`
	Text    string         `json:"text,omitempty"`
	Attrs   map[string]any `json:"attrs,omitempty"`
	Marks   []mark         `json:"marks,omitempty"`
	Content []node         `json:"content,omitempty"`
}

type mark struct {
	Type  string         `json:"type"`
	Attrs map[string]any `json:"attrs,omitempty"`
}

// fromADF accepts a document the way the platform does: an object of type doc,
// version 1, made of known nodes, without empty text nodes.
func fromADF(raw json.RawMessage) (RichText, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return RichText{}, nil
	}
	var doc node
	if raw[0] != '{' || json.Unmarshal(raw, &doc) != nil || doc.Type != "doc" || doc.Version != 1 {
		return RichText{}, invalid("Operation value must be an Atlassian Document (see the Atlassian Document Format)")
	}
	if !validNodes(doc.Content, 0) {
		return RichText{}, invalid("INVALID_INPUT")
	}
	r := RichText{ADF: append(json.RawMessage(nil), raw...), Text: plainBlocks(doc.Content), Wiki: wikiBlocks(doc.Content)}
	if len([]rune(r.Text)) > textLimit {
		return RichText{}, invalid("CONTENT_LIMIT_EXCEEDED")
	}
	return r, nil
}

func validNodes(nodes []node, depth int) bool {
	if depth > 50 {
		return false
	}
	for _, n := range nodes {
		if !knownNode(n.Type) || n.Type == "text" && n.Text == "" || !validNodes(n.Content, depth+1) {
			return false
		}
	}
	return true
}

func knownNode(kind string) bool {
	switch kind {
	case "paragraph", "heading", "text", "hardBreak", "bulletList", "orderedList", "listItem", "codeBlock",
		"blockquote", "rule", "mention", "emoji", "inlineCard", "blockCard", "panel", "table", "tableRow",
		"tableHeader", "tableCell", "date", "status", "expand", "nestedExpand", "mediaSingle", "mediaGroup",
		"media", "taskList", "taskItem", "decisionList", "decisionItem":
		return true
	}
	return false
}

// plainBlocks renders block nodes as lines of text.
func plainBlocks(nodes []node) string {
	var lines []string
	for i, n := range nodes {
		switch n.Type {
		case "bulletList", "orderedList", "taskList", "decisionList", "table", "blockquote", "panel", "expand", "nestedExpand":
			lines = append(lines, plainBlocks(n.Content))
		case "listItem", "taskItem", "decisionItem":
			lines = append(lines, "- "+strings.ReplaceAll(plainItem(n.Content), "\n", "\n  "))
		case "tableRow":
			lines = append(lines, plainRow(n.Content))
		case "rule":
			lines = append(lines, "----")
		case "paragraph", "heading", "codeBlock":
			lines = append(lines, plainInline(n.Content))
		default:
			lines = append(lines, plainInline(nodes[i:i+1]))
		}
	}
	return strings.Join(lines, "\n")
}

func plainItem(nodes []node) string {
	if len(nodes) > 0 && nodes[0].Type == "text" {
		return plainInline(nodes)
	}
	return plainBlocks(nodes)
}

func plainRow(cells []node) string {
	parts := make([]string, len(cells))
	for i, c := range cells {
		parts[i] = plainBlocks(c.Content)
	}
	return strings.Join(parts, " | ")
}

func plainInline(nodes []node) string {
	var b strings.Builder
	for _, n := range nodes {
		b.WriteString(n.plain())
	}
	return b.String()
}

func (n node) plain() string {
	switch n.Type {
	case "text":
		if url := n.link(); url != "" && url != n.Text {
			return n.Text + " (" + url + ")"
		}
		return n.Text
	case "hardBreak":
		return "\n"
	case "mention", "status":
		return n.attr("text")
	case "emoji":
		return n.attr("shortName")
	case "inlineCard", "blockCard":
		return n.attr("url")
	case "date":
		return n.attr("timestamp")
	}
	return plainBlocks(n.Content)
}

func (n node) link() string {
	for _, m := range n.Marks {
		if m.Type == "link" {
			url, _ := m.Attrs["href"].(string)
			return url
		}
	}
	return ""
}

func (n node) attr(key string) string {
	switch v := n.Attrs[key].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}
