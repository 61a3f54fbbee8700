package jira

import (
	"strings"
	"unicode"
)

// doc is a text in the Atlassian Document Format. Text nodes are taken
// literally by Jira, so people's own words need no escaping in it.
type doc struct {
	Type    string `json:"type"`
	Version int    `json:"version"`
	Content []node `json:"content"`
}

type node struct {
	Type    string `json:"type"`
	Text    string `json:"text,omitempty"`
	Marks   []mark `json:"marks,omitempty"`
	Content []node `json:"content,omitempty"`
}

type mark struct {
	Type  string            `json:"type"`
	Attrs map[string]string `json:"attrs,omitempty"`
}

func newDoc(blocks ...node) doc {
	var kept []node
	for _, b := range blocks {
		if len(b.Content) > 0 {
			kept = append(kept, b)
		}
	}
	return doc{Type: "doc", Version: 1, Content: kept}
}

// empty tells whether there is nothing to say.
func (d doc) empty() bool { return len(d.Content) == 0 }

// add returns the document with more blocks at its end.
func (d doc) add(blocks ...node) doc {
	return newDoc(append(d.Content[:len(d.Content):len(d.Content)], blocks...)...)
}

// paragraph joins runs of text.
func paragraph(runs ...[]node) node {
	var content []node
	for _, r := range runs {
		content = append(content, r...)
	}
	return node{Type: "paragraph", Content: content}
}

// plain is literal text; its line breaks are kept.
func plain(s string) []node {
	var out []node
	for i, line := range strings.Split(clean(s), "\n") {
		if i > 0 {
			out = append(out, node{Type: "hardBreak"})
		}
		if line != "" { // Jira refuses empty text nodes
			out = append(out, node{Type: "text", Text: line})
		}
	}
	return out
}

func strong(s string) []node {
	out := plain(s)
	for i := range out {
		if out[i].Type == "text" {
			out[i].Marks = []mark{{Type: "strong"}}
		}
	}
	return out
}

// linked is an address that can be followed.
func linked(address string) []node {
	out := plain(address)
	for i := range out {
		out[i].Marks = []mark{{Type: "link", Attrs: map[string]string{"href": address}}}
	}
	return out
}

// quote sets people's own words apart.
func quote(s string) node {
	words := plain(strings.TrimSpace(s))
	if len(words) == 0 {
		return node{}
	}
	return node{Type: "blockquote", Content: []node{paragraph(words)}}
}

// bullets is a list with one line each.
func bullets(lines ...string) node {
	list := node{Type: "bulletList"}
	for _, line := range lines {
		if line != "" {
			list.Content = append(list.Content, node{Type: "listItem", Content: []node{paragraph(plain(line))}})
		}
	}
	return list
}

// clean drops characters that are no text: controls, and those that reverse the
// direction of what follows.
func clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, s)
}
