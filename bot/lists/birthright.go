package lists

import (
	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
)

// birthrightOrigin says with what access comes that nobody asked for. Nothing is to be pressed: who gives it back would be without what
// everybody beside them has, and it needs no more time.
func birthrightOrigin(c *catalog.Catalog, g access.Grant) string {
	b, there := c.Birthright(g.Birthright)
	if !there {
		return "Came with your job; the rule is gone."
	}
	return "Comes with " + blocks.Escape(b.Comes(), blocks.MaxName) + "."
}
