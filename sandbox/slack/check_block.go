package slack

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Block Kit limits as published in docs.slack.dev/reference/block-kit and in
// the comments of the @slack/types package.
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxMarkdown      = 12000
)

// blocks checks an array of blocks found under at (e.g. "/blocks").
func (c *checker) blocks(at string, blocks []object, most int) {
	if len(blocks) > most {
		c.fail(at, "no more than %d items allowed", most)
	}
	c.blockIDs = map[string]bool{}
	for i, b := range blocks {
		c.block(fmt.Sprintf("%s/%d", at, i), b)
	}
}

func (c *checker) block(at string, b object) {
	c.max(at, b, "block_id", 255)
	if id := str(b, "block_id"); id != "" {
		if c.blockIDs[id] {
			c.fail(at+"/block_id", "`block_id` %s already exists", id)
		}
		c.blockIDs[id] = true
	}
	switch kind := str(b, "type"); kind {
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
		c.chars += utf8.RuneCountInString(flatten(b["elements"]))
	default:
		c.otherBlock(at, kind)
	}
}

// otherBlock tells types Slack has, which are refused as unmodelled, from
// types nobody has.
func (c *checker) otherBlock(at, kind string) {
	known := []string{"video", "file", "table", "context_actions", "call", "data_table", "data_visualization",
		"task_card", "plan", "alert", "auth_provider", "card", "carousel", "container", "layout"}
	switch {
	case kind == "":
		c.fail(at, "missing required field: type")
	case slices.Contains(known, kind):
		c.unmodelled = "block type " + kind
	default:
		c.fail(at+"/type", "unsupported type: %s", kind)
	}
}

func (c *checker) section(at string, b object) {
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
	if e := sub(b, "accessory"); e != nil {
		if str(e, "type") == "image" {
			c.imageElement(at+"/accessory", e)
			return
		}
		c.element(at+"/accessory", e, placeAccessory)
	}
}

func (c *checker) image(at string, b object) {
	c.keys(at, b, "type", "block_id", "image_url", "slack_file", "alt_text", "title")
	c.imageFields(at, b)
	c.text(at, b, "title", 2000, "plain_text", false)
}

func (c *checker) imageElement(at string, e object) {
	c.keys(at, e, "type", "image_url", "slack_file", "alt_text")
	c.imageFields(at, e)
}

func (c *checker) imageFields(at string, o object) {
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

func (c *checker) context(at string, b object) {
	c.keys(at, b, "type", "block_id", "elements")
	for i, e := range c.list(at, b, "elements", 1, 10) {
		here := fmt.Sprintf("%s/elements/%d", at, i)
		if str(e, "type") == "image" {
			c.imageElement(here, e)
			continue
		}
		c.textObject(here, e, 3000, "")
	}
}

func (c *checker) actions(at string, b object) {
	c.keys(at, b, "type", "block_id", "elements")
	seen := map[string]bool{}
	for i, e := range c.list(at, b, "elements", 1, 25) {
		here := fmt.Sprintf("%s/elements/%d", at, i)
		c.element(here, e, placeActions)
		if id := str(e, "action_id"); id != "" {
			if seen[id] {
				c.fail(here+"/action_id", "`action_id` %s already exists for block_id %s", id, str(b, "block_id"))
			}
			seen[id] = true
		}
	}
}

func (c *checker) inputBlock(at string, b object) {
	if c.message {
		c.fail(at+"/type", "unsupported type: input") // only views are sure to take input blocks
		return
	}
	c.keys(at, b, "type", "block_id", "label", "element", "hint", "optional", "dispatch_action")
	c.text(at, b, "label", 2000, "plain_text", true)
	c.text(at, b, "hint", 2000, "plain_text", false)
	e := sub(b, "element")
	if e == nil {
		c.fail(at, "missing required field: element")
		return
	}
	c.element(at+"/element", e, placeInput)
}

func (c *checker) markdown(at string, b object) {
	c.keys(at, b, "type", "block_id", "text")
	c.length(at+"/text", b["text"], 1, maxMarkdown)
	c.chars += utf8.RuneCountInString(str(b, "text"))
}

// flatten joins all "text" strings inside rich text, in order.
func flatten(v any) string {
	var b strings.Builder
	switch t := v.(type) {
	case []any:
		for _, item := range t {
			b.WriteString(flatten(item))
		}
	case object:
		if s, ok := t["text"].(string); ok {
			b.WriteString(s)
		}
		b.WriteString(flatten(t["elements"]))
	}
	return b.String()
}
