// Package adf makes and reads the texts that Jira holds: documents in the
// Atlassian Document Format, which Jira Cloud takes
// (developer.atlassian.com/cloud/jira/platform/apis/document/structure), and plain
// text for fields of one line.
package adf

import (
	"encoding/json"
	"strings"
)

// Document is a text in the Atlassian Document Format. Text nodes are taken
// literally by Jira, so people's own words need no escaping in it.
type Document struct {
	Type    string `json:"type"`
	Version int    `json:"version"`
	Content []Node `json:"content"`
}

// Node is a block of a document, or a run of text in one.
type Node struct {
	Type    string            `json:"type"`
	Text    string            `json:"text,omitempty"`
	Marks   []Mark            `json:"marks,omitempty"`
	Attrs   map[string]string `json:"attrs,omitempty"`
	Content []Node            `json:"content,omitempty"`
}

// Mark is how a run of text looks, or where it links to.
type Mark struct {
	Type  string            `json:"type"`
	Attrs map[string]string `json:"attrs,omitempty"`
}

// New makes a document. Blocks without content are left out: Jira refuses them.
func New(blocks ...Node) Document {
	var kept []Node
	for _, b := range blocks {
		if len(b.Content) > 0 {
			kept = append(kept, b)
		}
	}
	return Document{Type: "doc", Version: 1, Content: kept}
}

// Empty tells whether the document has no content.
func (d Document) Empty() bool { return len(d.Content) == 0 }

// Text is what the document says, as DocumentText reads it.
func (d Document) Text() string {
	raw, err := json.Marshal(d)
	if err != nil { // texts and nodes always can be written down
		return ""
	}
	return DocumentText(raw)
}

// Append returns the document with more blocks at its end.
func (d Document) Append(blocks ...Node) Document {
	return New(append(d.Content[:len(d.Content):len(d.Content)], blocks...)...)
}

// Paragraph joins runs of text.
func Paragraph(runs ...[]Node) Node {
	var content []Node
	for _, r := range runs {
		content = append(content, r...)
	}
	return Node{Type: "paragraph", Content: content}
}

// Text is literal text; its line breaks are kept.
func Text(s string) []Node {
	var out []Node
	for i, line := range strings.Split(Clean(s), "\n") {
		if i > 0 {
			out = append(out, Node{Type: "hardBreak"})
		}
		if line != "" { // Jira refuses empty text nodes
			out = append(out, Node{Type: "text", Text: line})
		}
	}
	return out
}

// Strong is literal text that stands out.
func Strong(s string) []Node {
	out := Text(s)
	for i := range out {
		if out[i].Type == "text" {
			out[i].Marks = []Mark{{Type: "strong"}}
		}
	}
	return out
}

// Link is an address that can be followed.
func Link(address string) []Node {
	out := Text(address)
	for i := range out {
		out[i].Marks = []Mark{{Type: "link", Attrs: map[string]string{"href": address}}}
	}
	return out
}

// Quote sets people's own words apart.
func Quote(s string) Node {
	words := Text(strings.TrimSpace(s))
	if len(words) == 0 {
		return Node{}
	}
	return Node{Type: "blockquote", Content: []Node{Paragraph(words)}}
}

// BulletList is a list with one line each.
func BulletList(lines ...string) Node {
	list := Node{Type: "bulletList"}
	for _, line := range lines {
		if line != "" {
			list.Content = append(list.Content, Node{Type: "listItem", Content: []Node{Paragraph(Text(line))}})
		}
	}
	return list
}

// Expand folds blocks away under a title: whoever wants to read them opens it.
func Expand(title string, blocks ...Node) Node {
	inside := New(blocks...).Content
	if len(inside) == 0 {
		return Node{}
	}
	return Node{Type: "expand", Attrs: map[string]string{"title": title}, Content: inside}
}
