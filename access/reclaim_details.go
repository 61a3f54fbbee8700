package access

import (
	"time"

	"latchkey/catalog"
)

// ReclaimOutcome is what became of access that was reclaimed or given back.
type ReclaimOutcome string

// The outcomes.
const (
	ReclaimGone       ReclaimOutcome = "gone"          // seen to be gone
	ReclaimManual     ReclaimOutcome = "manual"        // Latchkey can't remove it: a human has to; Reclaim.Why says why
	ReclaimFailed     ReclaimOutcome = "failed"        // it couldn't be removed so far, and IT was told; Latchkey goes on
	ReclaimShared     ReclaimOutcome = "kept_by_other" // it stays, because other access needs the group
	ReclaimEnded      ReclaimOutcome = "ended_before"  // there was nothing to remove any more
	ReclaimDowngraded ReclaimOutcome = "downgraded"    // seen to be gone, and a lower role was given in its place
)

// Idleness is what showed at one moment how a seat is used.
type Idleness struct {
	Last   time.Time           `json:",omitzero"`  // its last use on record; zero: none, as far back as records reach
	Source string              `json:",omitempty"` // what that is taken from, in words for people
	By     catalog.UsageSource `json:",omitempty"`
	Reach  time.Time           `json:",omitzero"` // how far back records reach
	Since  time.Time           `json:",omitzero"` // since when it counts: when access was given, or its holder was heard last
	Read   time.Time           `json:",omitzero"` // when it was read
	// Complete is until when records are complete, as far as their keeper says: a later use may not be on record yet.
	Complete time.Time `json:",omitzero"`
}

// Lag is by how much records may trail what happens.
func (i Idleness) Lag() time.Duration { return i.Read.Sub(i.Complete) }

// Unused is since when nobody has used the seat, as far as that is known: its last use, or since when it counts where that
// is later.
func (i Idleness) Unused() time.Time {
	if i.Last.After(i.Since) {
		return i.Last
	}
	return i.Since
}

// ReclaimRule is how one case goes, as it was configured when its holder was asked.
type ReclaimRule struct {
	Threshold time.Duration
	Grace     time.Duration
	Postpone  time.Duration
	Postpones int
	Restore   time.Duration
	Copy      catalog.ReclaimCopy  `json:",omitempty"`
	Issue     catalog.ReclaimIssue `json:",omitempty"`
	Downgrade string               `json:",omitempty"`
}

// ReclaimRuleOf is how a case goes by a setting.
func ReclaimRuleOf(r catalog.Reclaim) ReclaimRule {
	return ReclaimRule{
		Threshold: r.Threshold(), Grace: r.Grace, Postpone: r.Postpone, Postpones: r.Postpones, Restore: r.Restore,
		Copy: r.Copy, Issue: r.Issue, Downgrade: r.Downgrade,
	}
}

// ReclaimDetails is what an event says of an idle seat, beside what every event says.
type ReclaimDetails struct {
	Seen    *Idleness      `json:",omitempty"` // what was read of its use
	Rule    *ReclaimRule   `json:",omitempty"` // EventReclaimAsked
	Grants  []string       `json:",omitempty"` // EventReclaimAsked: by which the seat is held; EventReclaimRestored: by which it comes back
	Ends    []string       `json:",omitempty"` // EventReclaimRemoving, EventReclaimGivenBack: the grants that end
	Gives   string         `json:",omitempty"` // EventReclaimRemoving: the grant of a lower role
	Outcome ReclaimOutcome `json:",omitempty"` // EventReclaimSettled
}
