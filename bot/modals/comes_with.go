package modals

import (
	"latchkey/access"
	"latchkey/catalog"
)

// comesWith says behind a role that somebody has with what it comes; "" where they asked for it.
func comesWith(c *catalog.Catalog, g access.Grant) string {
	b, there := c.Birthright(g.Birthright)
	if !there || g.Birthright == "" {
		return ""
	}
	return " (comes with " + b.Comes() + ")"
}
