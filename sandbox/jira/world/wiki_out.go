package world

import "strings"

// wikiBlocks renders a document as the wiki text that version 2 of the
// platform API and the service desk API show.
func wikiBlocks(nodes []node) string {
	parts := make([]string, 0, len(nodes))
	for _, n := range nodes {
		parts = append(parts, n.wikiBlock())
	}
	return strings.Join(parts, "\n\n")
}

func (n node) wikiBlock() string {
	switch n.Type {
	case "heading":
		return "h" + n.attr("level") + ". " + wikiInline(n.Content)
	case "bulletList", "taskList", "decisionList":
		return wikiList(n.Content, "* ")
	case "orderedList":
		return wikiList(n.Content, "# ")
	case "codeBlock":
		return "{code}\n" + plainInline(n.Content) + "\n{code}"
	case "blockquote":
		return "{quote}" + wikiBlocks(n.Content) + "{quote}"
	case "panel", "expand", "nestedExpand":
		return "{panel}\n" + wikiBlocks(n.Content) + "\n{panel}"
	case "table":
		return wikiTable(n.Content)
	case "rule":
		return "----"
	case "paragraph":
		return wikiInline(n.Content)
	}
	return wikiInline([]node{n})
}

func wikiList(items []node, bullet string) string {
	lines := make([]string, len(items))
	for i, item := range items {
		body := wikiBlocks(item.Content)
		lines[i] = bullet + strings.ReplaceAll(body, "\n\n", "\n")
	}
	return strings.Join(lines, "\n")
}

func wikiTable(rows []node) string {
	lines := make([]string, len(rows))
	for i, row := range rows {
		for _, cell := range row.Content {
			bar := "|"
			if cell.Type == "tableHeader" {
				bar = "||"
			}
			lines[i] += bar + wikiBlocks(cell.Content)
		}
		lines[i] += "|"
	}
	return strings.Join(lines, "\n")
}

func wikiInline(nodes []node) string {
	var b strings.Builder
	for _, n := range nodes {
		b.WriteString(n.wikiInline())
	}
	return b.String()
}

func (n node) wikiInline() string {
	switch n.Type {
	case "text":
		return n.wikiText()
	case "mention":
		return "[~accountid:" + n.attr("id") + "]"
	case "inlineCard", "blockCard":
		return "[" + n.attr("url") + "]"
	}
	return n.plain()
}

func (n node) wikiText() string {
	text := wikiEscape(n.Text)
	for _, m := range n.Marks {
		switch m.Type {
		case "strong":
			text = "*" + text + "*"
		case "em":
			text = "_" + text + "_"
		case "code":
			text = "{{" + n.Text + "}}"
		}
	}
	if url := n.link(); url != "" {
		return "[" + text + "|" + url + "]"
	}
	return text
}

// wikiEscape keeps plain text from being read as markup.
func wikiEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "{", `\{`, "}", `\}`, "[", `\[`, "]", `\]`, "|", `\|`).Replace(s)
}
