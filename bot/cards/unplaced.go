package cards

import (
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// unplaced says, on a line of its own, that no account is known that could be put
// into the groups: before anybody decides, not when it is tried.
func (b builder) unplaced() string {
	where := b.Unplaced()
	if len(where) == 0 || b.Phase() != access.PhasePending {
		return ""
	}
	return "\n:warning: " + blocks.Escape(blocks.Capital(b.name(b.Request.Beneficiary))+" has no account in "+strings.Join(where, ", ")+" that is known to be theirs. Without one nothing can be set up: IT has to make it, or to correct the address.", blocks.MaxSection)
}
