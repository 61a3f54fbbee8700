package page

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"latchkey/sandbox/slack/kit"
)

// newerBlock draws what Slack's clients learned last: blocks in blocks, tables, notices.
func (d *drawing) newerBlock(b kit.Object) {
	switch kind := kit.Str(b, "type"); kind {
	case "container":
		d.container(b)
	case "alert":
		level := cmp.Or(kit.Str(b, "level"), "default")
		if !slices.Contains([]string{"default", "info", "warning", "error", "success"}, level) {
			level = "default"
		}
		d.in("div", "block alert "+level, func() { d.words(kit.Sub(b, "text")) }, "role", "note")
	case "card":
		d.in("div", "block card", func() { d.card(b) })
	case "carousel":
		d.in("div", "block carousel", func() { d.blocks(kit.Objects(b["elements"])) })
	case "table", "data_table":
		d.in("div", "block scrolling", func() { d.table(b) })
	case "video", "file", "call", "task_card", "plan", "auth_provider", "data_visualization":
		d.placeholder(strings.ReplaceAll(kind, "_", " "), strings.Join(wordsIn(b), "\n"))
	case "layout":
		d.in("div", "block layout", func() { d.layout(b) })
	default:
		d.unknown(b)
	}
}

// layout draws rows of blocks side by side.
func (d *drawing) layout(b kit.Object) {
	if label := kit.Str(b, "label"); label != "" && kit.Flag(b, "is_label_visible") {
		d.say("div", "title", label)
	}
	for _, row := range kit.Objects(b["rows"]) {
		d.in("div", "row", func() {
			for _, item := range kit.Objects(row["items"]) {
				d.in("div", "", func() { d.block(kit.Sub(item, "block")) })
			}
		})
	}
}

// container draws blocks under a title, which may fold them away.
func (d *drawing) container(b kit.Object) {
	title := func() {
		if icon := kit.Sub(b, "icon"); icon != nil {
			d.image(icon)
		}
		switch rich, plain := kit.Sub(b, "rich_text_title"), kit.Sub(b, "title"); {
		case rich != nil:
			d.richText(kit.Objects(rich["elements"]))
		case plain != nil:
			d.words(plain)
		}
		if sub := kit.Sub(b, "subtitle"); sub != nil {
			d.in("div", "subtitle", func() { d.words(sub) })
		}
	}
	inner := func() { d.blocks(kit.Objects(b["child_blocks"])) }
	if !kit.Flag(b, "is_collapsible") {
		d.in("div", "block container", func() { d.in("div", "title", title); inner() })
		return
	}
	d.in("details", "block container", func() { d.in("summary", "title", title); inner() },
		"open", on(!kit.Flag(b, "default_collapsed"), "open"))
}

func (d *drawing) card(b kit.Object) {
	for _, key := range []string{"hero_image", "icon"} {
		if image := kit.Sub(b, key); image != nil {
			d.image(image)
		}
	}
	for _, key := range []string{"title", "subtitle", "body", "subtext"} {
		if text := kit.Sub(b, key); text != nil {
			d.in("div", key, func() { d.words(text) })
		}
	}
	if actions := kit.Objects(b["actions"]); len(actions) > 0 {
		d.in("div", "actions", func() { d.elements(kit.Str(b, "block_id"), actions) })
	}
}

// table draws rows; the first one holds the headings.
func (d *drawing) table(b kit.Object) {
	d.in("table", "", func() {
		if caption := kit.Str(b, "caption"); caption != "" {
			d.say("caption", "", caption)
		}
		rows, _ := b["rows"].([]any)
		for i, row := range rows {
			tag := "td"
			if i == 0 {
				tag = "th"
			}
			d.in("tr", "", func() {
				for _, cell := range kit.Objects(row) {
					d.in(tag, "", func() { d.cell(cell) })
				}
			})
		}
	})
}

func (d *drawing) cell(cell kit.Object) {
	switch kit.Str(cell, "type") {
	case "rich_text":
		d.richText(kit.Objects(cell["elements"]))
	case "raw_text":
		d.lines(kit.Str(cell, "text"))
	case "raw_number":
		d.text(cmp.Or(kit.Str(cell, "text"), number(cell["value"])))
	case "action_cell":
		d.element("", kit.Sub(cell, "element"), "")
	default:
		d.unknown(cell)
	}
}

func sortedKeys(o kit.Object) []string { return slices.Sorted(maps.Keys(o)) }
