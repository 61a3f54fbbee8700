package slack

import "encoding/json"

// maxView is the size of a view in bytes.
// See view_too_large in docs.slack.dev/reference/methods/views.open.
const maxView = 250_000

// view checks a view payload; problems are located under /view.
func (c *checker) view(v object) {
	const at = "/view"
	kind := str(v, "type")
	switch kind {
	case "modal":
		c.keys(at, v, "type", "title", "blocks", "close", "submit", "private_metadata", "callback_id",
			"clear_on_close", "notify_on_close", "external_id", "submit_disabled")
		c.text(at, v, "title", 24, "plain_text", true)
		c.text(at, v, "close", 24, "plain_text", false)
		c.text(at, v, "submit", 24, "plain_text", false)
	case "home":
		c.home = true
		c.keys(at, v, "type", "blocks", "private_metadata", "callback_id", "external_id")
	case "":
		c.fail(at, "missing required field: type")
		return
	default:
		c.fail(at+"/type", "unsupported type: %s", kind)
		return
	}
	c.max(at, v, "private_metadata", 3000)
	c.max(at, v, "callback_id", 255)
	c.max(at, v, "external_id", 255)
	blocks := c.list(at, v, "blocks", 1, maxViewBlocks)
	c.blocks(at+"/blocks", blocks, len(blocks))
	if kind == "modal" && v["submit"] == nil && hasInput(blocks) {
		c.fail(at, "missing required field: submit")
	}
}

func hasInput(blocks []object) bool {
	for _, b := range blocks {
		if str(b, "type") == "input" {
			return true
		}
	}
	return false
}

// checkView returns what views.* would answer to a bad view, or nil.
func (s *Server) checkView(method string, v object) error {
	if b, err := json.Marshal(v); err != nil || len(b) > maxView {
		s.violate("%s: view larger than %d bytes", method, maxView)
		return fail("view_too_large")
	}
	c := &checker{}
	c.view(v)
	if c.unmodelled != "" {
		return s.unmodelled(method, c.unmodelled)
	}
	if len(c.problems) == 0 {
		return nil
	}
	s.violate("%s: %s", method, c.problems[0])
	return badArguments(c.problems...)
}

// checkBlocks returns what chat.* would answer to bad blocks, or nil.
func (s *Server) checkBlocks(method string, blocks []object) error {
	c := &checker{message: true}
	c.blocks("/blocks", blocks, maxMessageBlocks)
	if c.unmodelled != "" {
		return s.unmodelled(method, c.unmodelled)
	}
	if len(c.problems) > 0 {
		s.violate("%s: %s", method, c.problems[0])
		e := badArguments(c.problems...)
		e.Code, e.Fields["errors"] = "invalid_blocks", c.problems
		return e
	}
	if c.chars > s.cfg.BlockTextLimit {
		s.violate("%s: %d characters of text in blocks", method, c.chars)
		return fail("msg_blocks_too_long")
	}
	return nil
}

// complete fills in what Slack adds to blocks: ids, emoji and verbatim flags,
// escaped stray control characters.
func (w *world) complete(blocks []object) {
	for _, b := range blocks {
		if str(b, "block_id") == "" {
			b["block_id"] = secret(3)[:5]
		}
		for _, t := range slots([]object{b}) {
			if str(t.element, "action_id") == "" {
				t.element["action_id"] = secret(3)[:5]
			}
		}
		completeText(b)
	}
}

func completeText(v any) {
	switch t := v.(type) {
	case []any:
		for _, item := range t {
			completeText(item)
		}
	case object:
		switch str(t, "type") {
		case "plain_text":
			if t["emoji"] == nil {
				t["emoji"] = true
			}
			return
		case "mrkdwn":
			t["text"] = entities(str(t, "text"))
			if t["verbatim"] == nil {
				t["verbatim"] = false
			}
			return
		}
		for _, item := range t {
			completeText(item)
		}
	}
}
