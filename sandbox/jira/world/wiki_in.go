package world

import (
	"encoding/json"
	"strings"
)

// FromWiki reads wiki text as Jira does: markup in it takes effect, so text
// that was not escaped becomes formatting.
func FromWiki(s string) (RichText, error) {
	if len([]rune(s)) > textLimit {
		return RichText{}, invalid("The entered text is too long. It exceeds the allowed limit of 32,767 characters.")
	}
	doc := node{Type: "doc", Version: 1, Content: wikiDocument(s)}
	raw, err := json.Marshal(doc)
	if err != nil {
		return RichText{}, invalid("The text could not be read: %v", err)
	}
	return RichText{ADF: raw, Wiki: s, Text: plainBlocks(doc.Content)}, nil
}

// wikiReader splits wiki text into blocks.
type wikiReader struct {
	lines []string
	out   []node
	para  []string
}

func wikiDocument(s string) []node {
	r := &wikiReader{lines: strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")}
	for len(r.lines) > 0 {
		r.block()
	}
	r.flush()
	return r.out
}

func (r *wikiReader) block() {
	line := strings.TrimSpace(r.lines[0])
	switch {
	case line == "":
		r.flush()
	case line == "----":
		r.emit(node{Type: "rule"})
	case codeFence(line) != "":
		r.code(codeFence(line))
		return
	case len(line) > 4 && line[0] == 'h' && line[1] >= '1' && line[1] <= '6' && line[2:4] == ". ":
		r.emit(node{Type: "heading", Attrs: map[string]any{"level": float64(line[1] - '0')}, Content: wikiSpan(line[4:])})
	case bulletText(line, "*-") != "":
		r.list("bulletList", "*-")
		return
	case bulletText(line, "#") != "":
		r.list("orderedList", "#")
		return
	default:
		r.para = append(r.para, r.lines[0])
	}
	r.lines = r.lines[1:]
}

func (r *wikiReader) flush() {
	if len(r.para) == 0 {
		return
	}
	var content []node
	for i, line := range r.para {
		if i > 0 {
			content = append(content, node{Type: "hardBreak"})
		}
		content = append(content, wikiSpan(line)...)
	}
	r.out = append(r.out, node{Type: "paragraph", Content: content})
	r.para = nil
}

func (r *wikiReader) emit(n node) {
	r.flush()
	r.out = append(r.out, n)
}

func codeFence(line string) string {
	for _, fence := range []string{"{code", "{noformat"} {
		if rest, ok := strings.CutPrefix(line, fence); ok && strings.HasSuffix(rest, "}") && strings.Count(rest, "}") == 1 {
			return fence + "}"
		}
	}
	return ""
}

func (r *wikiReader) code(fence string) {
	var body []string
	r.lines = r.lines[1:]
	for len(r.lines) > 0 {
		line := r.lines[0]
		r.lines = r.lines[1:]
		if strings.TrimSpace(line) == fence {
			break
		}
		body = append(body, line)
	}
	r.emit(node{Type: "codeBlock", Content: textNodes(strings.Join(body, "\n"))})
}

func bulletText(line, bullets string) string {
	rest := strings.TrimLeft(line, bullets)
	if len(rest) == len(line) || !strings.HasPrefix(rest, " ") {
		return ""
	}
	return strings.TrimSpace(rest)
}

func (r *wikiReader) list(kind, bullets string) {
	list := node{Type: kind}
	for len(r.lines) > 0 {
		text := bulletText(strings.TrimSpace(r.lines[0]), bullets)
		if text == "" {
			break
		}
		para := node{Type: "paragraph", Content: wikiSpan(text)}
		list.Content = append(list.Content, node{Type: "listItem", Content: []node{para}})
		r.lines = r.lines[1:]
	}
	r.emit(list)
}

func textNodes(s string) []node {
	if s == "" {
		return nil
	}
	return []node{{Type: "text", Text: s}}
}
