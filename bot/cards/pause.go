package cards

import (
	"latchkey/access"
	"latchkey/bot/blocks"
)

// pauseLine says on a card that what is decided now has to wait. An extension doesn't:
// that access is there already.
func (b builder) pauseLine() string {
	if b.pause.ID == "" || b.Phase() != access.PhasePending || b.Request.Extends != "" || b.Request.Unlisted != "" {
		return ""
	}
	return blocks.Paused(b.pause.Until, b.pause.Reason) + " This can be decided all the same; the access follows after that."
}
