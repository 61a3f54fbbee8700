package recovery

import "latchkey/access"

// restoredCase is one case on its way back into the store. What it says is signed, and
// stands where it was written.
type restoredCase struct {
	access.RecoveredCase
	r access.Request
	g *access.Grant

	fork   bool                 // another event than the one anchored has its number
	edited bool                 // somebody has changed a comment of Latchkey
	fate   fate                 // what becomes of it
	gone   []access.Entitlement // of a grant that is active, the groups that the person isn't in
}

// fate is what becomes of a case.
type fate int

// The fates. None of them is that somebody is put into a group.
const (
	resumed     fate = iota // it goes on
	unconfirmed             // it goes on once a human has said so
	disputed                // it explains what the person has, until a human has looked
	leftOut                 // nothing follows from it
)
