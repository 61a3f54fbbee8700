package kit

// View checks a view payload; problems are located under /view.
func (c *Checker) View(v Object) {
	const at = "/view"
	kind := Str(v, "type")
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
	c.Blocks(at+"/blocks", blocks, len(blocks))
	if kind == "modal" && v["submit"] == nil && hasInput(blocks) {
		c.fail(at, "missing required field: submit")
	}
}

func hasInput(blocks []Object) bool {
	for _, b := range blocks {
		if Str(b, "type") == "input" {
			return true
		}
	}
	return false
}
