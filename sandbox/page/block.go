package page

import (
	"cmp"
	"strings"

	"latchkey/sandbox/slack/kit"
)

// blocks draws blocks one below the other.
func (d *drawing) blocks(list []kit.Object) {
	for _, b := range list {
		d.block(b)
	}
}

func (d *drawing) block(b kit.Object) {
	switch kind := kit.Str(b, "type"); kind {
	case "section":
		d.in("div", "block section", func() { d.section(b) })
	case "header":
		d.in("h3", "block header", func() { d.words(kit.Sub(b, "text")) })
	case "divider":
		d.void("hr", "block")
	case "context":
		d.in("div", "block context", func() { d.context(kit.Objects(b["elements"])) })
	case "actions", "context_actions":
		d.in("div", "block actions", func() { d.elements(kit.Str(b, "block_id"), kit.Objects(b["elements"])) })
	case "input":
		d.in("div", "block input", func() { d.input(b) })
	case "image":
		d.in("figure", "block", func() { d.imageBlock(b) })
	case "rich_text":
		d.in("div", "block", func() { d.richText(kit.Objects(b["elements"])) })
	case "markdown":
		d.in("div", "block", func() { d.markdown(kit.Str(b, "text")) })
	default:
		d.newerBlock(b)
	}
}

// words draws a text object.
func (d *drawing) words(o kit.Object) {
	text := kit.Str(o, "text")
	switch {
	case kit.Str(o, "type") == "mrkdwn":
		d.mrkdwn(text, kit.Flag(o, "verbatim"))
	case o["emoji"] == false:
		d.lines(text)
	default:
		d.plain(text)
	}
}

// plain draws a text in which nothing but emoji has a meaning.
func (d *drawing) plain(text string) {
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			d.void("br", "")
		}
		d.withEmoji(line)
	}
}

// section draws text with fields, and what stands beside them. Slack folds a long text,
// unless it is to be expanded.
func (d *drawing) section(b kit.Object) {
	d.in("div", "beside", func() {
		if text := kit.Sub(b, "text"); text != nil {
			d.folding(!kit.Flag(b, "expand"), func() { d.words(text) })
		}
		if fields := kit.Objects(b["fields"]); len(fields) > 0 {
			d.in("div", "fields", func() {
				for _, f := range fields {
					d.in("div", "", func() { d.words(f) })
				}
			})
		}
	})
	if e := kit.Sub(b, "accessory"); e != nil {
		d.in("div", "accessory", func() { d.element(kit.Str(b, "block_id"), e, readable(kit.TextOf(b, "text"))) })
	}
}

// folding draws what is cut off where it is too high, which is seen only where it is drawn.
func (d *drawing) folding(folds bool, inner func()) {
	if !folds {
		d.in("div", "", inner)
		return
	}
	d.in("div", "folding", inner)
	d.say("button", "more", "Show more", "type", "button", "hidden", "hidden")
}

func (d *drawing) context(elements []kit.Object) {
	for _, e := range elements {
		switch kit.Str(e, "type") {
		case "image":
			d.image(e)
		case "mrkdwn", "plain_text":
			d.in("span", "", func() { d.words(e) })
		default:
			d.unknown(e)
		}
	}
}

func (d *drawing) imageBlock(b kit.Object) {
	if title := kit.Sub(b, "title"); title != nil {
		d.in("figcaption", "", func() { d.words(title) })
	}
	d.image(b)
}

// image draws the place of a picture, by its name: a page loads nothing from elsewhere.
func (d *drawing) image(o kit.Object) {
	alt := kit.Str(o, "alt_text")
	d.say("span", "image", cmp.Or(alt, "image without a name"), "role", "img", "aria-label", alt)
}

// unknown draws what this package has no picture of, with all the words that are in it.
func (d *drawing) unknown(o kit.Object) {
	kind := "unknown block"
	if name := kit.Str(o, "type"); name != "" {
		kind += ": " + name
	}
	d.placeholder(kind, strings.Join(wordsIn(o), " · "))
}

func (d *drawing) placeholder(kind, words string) {
	d.in("div", "block placeholder", func() {
		d.say("strong", "", kind)
		if words != "" {
			d.void("br", "")
			d.lines(words)
		}
	})
}

// wordsIn are the texts in an object, wherever they stand, in an order that is always the same.
func wordsIn(v any) (found []string) {
	switch v := v.(type) {
	case kit.Object:
		for _, key := range sortedKeys(v) {
			text, isText := v[key].(string)
			switch {
			case isText && text != "" && (key == "text" || key == "title" || key == "alt_text" || key == "name"):
				found = append(found, text)
			case !isText:
				found = append(found, wordsIn(v[key])...)
			}
		}
	case []any:
		for _, item := range v {
			found = append(found, wordsIn(item)...)
		}
	case []kit.Object:
		for _, item := range v {
			found = append(found, wordsIn(item)...)
		}
	}
	return found
}
