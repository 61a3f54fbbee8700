package kit

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Block Kit limits as published in docs.slack.dev/reference/block-kit and in
// the comments of the @slack/types package.
const (
	MaxMessageBlocks = 50
	maxViewBlocks    = 100
	maxMarkdown      = 12000
)

// Blocks checks an array of blocks found under at (e.g. "/blocks").
func (c *Checker) Blocks(at string, blocks []Object, most int) {
	if len(blocks) > most {
		c.fail(at, "no more than %d items allowed", most)
	}
	c.blockIDs = map[string]bool{}
	for i, b := range blocks {
		c.block(fmt.Sprintf("%s/%d", at, i), b)
	}
}

func (c *Checker) block(at string, b Object) {
	c.max(at, b, "block_id", 255)
	if id := Str(b, "block_id"); id != "" {
		if c.blockIDs[id] {
			c.fail(at+"/block_id", "`block_id` %s already exists", id)
		}
		c.blockIDs[id] = true
	}
	switch kind := Str(b, "type"); kind {
	case "section":
		c.section(at, b)
	case "header":
		c.keys(at, b, "type", "block_id", "text", "level")
		c.text(at, b, "text", 150, "plain_text", true)
	case "divider":
		c.keys(at, b, "type", "block_id")
	case "image":
		c.image(at, b)
	case "context":
		c.context(at, b)
	case "actions":
		c.actions(at, b)
	case "input":
		c.inputBlock(at, b)
	case "markdown":
		c.markdown(at, b)
	case "rich_text":
		c.keys(at, b, "type", "block_id", "elements")
		c.list(at, b, "elements", 0, 1000)
		c.Chars += utf8.RuneCountInString(flatten(b["elements"]))
	default:
		c.otherBlock(at, kind)
	}
}

// otherBlock tells types Slack has, which are refused as unmodelled, from
// types nobody has.
func (c *Checker) otherBlock(at, kind string) {
	known := []string{"video", "file", "table", "context_actions", "call", "data_table", "data_visualization",
		"task_card", "plan", "alert", "auth_provider", "card", "carousel", "container", "layout"}
	switch {
	case kind == "":
		c.fail(at, "missing required field: type")
	case slices.Contains(known, kind):
		c.Unmodelled = "block type " + kind
	default:
		c.fail(at+"/type", "unsupported type: %s", kind)
	}
}

func (c *Checker) section(at string, b Object) {
	c.keys(at, b, "type", "block_id", "text", "fields", "accessory", "expand")
	if b["text"] == nil && b["fields"] == nil {
		c.fail(at, "missing required field: text or fields")
	}
	c.text(at, b, "text", 3000, "", false)
	if b["fields"] != nil {
		for i, f := range c.list(at, b, "fields", 1, 10) {
			c.textObject(fmt.Sprintf("%s/fields/%d", at, i), f, 2000, "")
		}
	}
	if e := Sub(b, "accessory"); e != nil {
		if Str(e, "type") == "image" {
			c.imageElement(at+"/accessory", e)
			return
		}
		c.element(at+"/accessory", e, inAccessory)
	}
}

func (c *Checker) image(at string, b Object) {
	c.keys(at, b, "type", "block_id", "image_url", "slack_file", "alt_text", "title")
	c.imageFields(at, b)
	c.text(at, b, "title", 2000, "plain_text", false)
}

func (c *Checker) imageElement(at string, e Object) {
	c.keys(at, e, "type", "image_url", "slack_file", "alt_text")
	c.imageFields(at, e)
}

func (c *Checker) imageFields(at string, o Object) {
	if o["image_url"] == nil && o["slack_file"] == nil {
		c.fail(at, "missing required field: image_url")
	}
	c.max(at, o, "image_url", 3000)
	if o["alt_text"] == nil {
		c.fail(at, "missing required field: alt_text")
		return
	}
	c.length(at+"/alt_text", o["alt_text"], 0, 2000)
}

func (c *Checker) context(at string, b Object) {
	c.keys(at, b, "type", "block_id", "elements")
	for i, e := range c.list(at, b, "elements", 1, 10) {
		here := fmt.Sprintf("%s/elements/%d", at, i)
		if Str(e, "type") == "image" {
			c.imageElement(here, e)
			continue
		}
		c.textObject(here, e, 3000, "")
	}
}

func (c *Checker) actions(at string, b Object) {
	c.keys(at, b, "type", "block_id", "elements")
	seen := map[string]bool{}
	for i, e := range c.list(at, b, "elements", 1, 25) {
		here := fmt.Sprintf("%s/elements/%d", at, i)
		c.element(here, e, inActions)
		if id := Str(e, "action_id"); id != "" {
			if seen[id] {
				c.fail(here+"/action_id", "`action_id` %s already exists for block_id %s", id, Str(b, "block_id"))
			}
			seen[id] = true
		}
	}
}

func (c *Checker) inputBlock(at string, b Object) {
	if c.Message {
		c.fail(at+"/type", "unsupported type: input") // only views are sure to take input blocks
		return
	}
	c.keys(at, b, "type", "block_id", "label", "element", "hint", "optional", "dispatch_action")
	c.text(at, b, "label", 2000, "plain_text", true)
	c.text(at, b, "hint", 2000, "plain_text", false)
	e := Sub(b, "element")
	if e == nil {
		c.fail(at, "missing required field: element")
		return
	}
	c.element(at+"/element", e, inInput)
}

func (c *Checker) markdown(at string, b Object) {
	c.keys(at, b, "type", "block_id", "text")
	c.length(at+"/text", b["text"], 1, maxMarkdown)
	c.Chars += utf8.RuneCountInString(Str(b, "text"))
}

// flatten joins all "text" strings inside rich text, in order.
func flatten(v any) string {
	var b strings.Builder
	switch t := v.(type) {
	case []any:
		for _, item := range t {
			b.WriteString(flatten(item))
		}
	case Object:
		if s, ok := t["text"].(string); ok {
			b.WriteString(s)
		}
		b.WriteString(flatten(t["elements"]))
	}
	return b.String()
}
