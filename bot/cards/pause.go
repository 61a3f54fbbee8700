package cards

import (
	"latchkey/access"
	"latchkey/bot/blocks"
)

// PauseText says that new access is paused, until when and why.
func PauseText(p access.Pause) string {
	return "New access is paused until " + blocks.When(p.Until) + ": " + blocks.Sentence(blocks.Escape(p.Reason, 600))
}

// pauseLine says on a card that what is decided now has to wait. An extension doesn't:
// that access is there already.
func (b builder) pauseLine() string {
	if b.pause.ID == "" || b.Phase() != access.PhasePending || b.Request.Extends != "" || b.Request.Unlisted != "" {
		return ""
	}
	return PauseText(b.pause) + " This can be decided all the same; the access follows after that."
}
