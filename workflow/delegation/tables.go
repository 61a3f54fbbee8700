package delegation

import (
	"encoding/json"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

// Then names what follows when the issue of a delegation exists.
const Then = "delegation"

// Reported is the room's line in the table of that.
func Reported() map[string]ledger.Reported {
	return map[string]ledger.Reported{Then: func(u *engine.Unit, r access.IssueReport, _ json.RawMessage, issue access.Issue) error {
		return reported(u, r.ID, issue)
	}}
}

// DueScans are the room's lines in the table of what falls due.
func (s *Service) DueScans() []engine.DueScan {
	return []engine.DueScan{{Kind: "delegation", Do: s.due}}
}
