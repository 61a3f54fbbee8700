package access

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// EntitlementState is what is known of one of a grant's groups.
type EntitlementState string

// The life of an entitlement.
const (
	EntitlementWanted  EntitlementState = "wanted"
	EntitlementHeld    EntitlementState = "held"    // the person was seen to be in the group
	EntitlementRemoved EntitlementState = "removed" // the person was seen not to be in it any more
	EntitlementKept    EntitlementState = "kept"    // left alone: another grant needs it
	EntitlementGone    EntitlementState = "gone"    // there was nothing to remove: the group or the account is not there any more
)

// Entitlement is one group a grant opens.
type Entitlement struct {
	Group   catalog.GroupRef
	State   EntitlementState
	Absent  bool // the person was seen not to be in the group before it was touched
	Before  bool // the person was in the group before the grant touched it
	Sent    bool `json:",omitempty"` // the directory took, or may have taken, the addition; whether it is there was not seen
	Missing bool // held, but the person was seen not to be in the group, and not by Latchkey's doing

	// The directory's own ids of the account and the group, as they were when Latchkey came to change the
	// membership or found it; empty: not known. The end goes by them: whatever has the address or the name
	// by then may be somebody else's.
	Account string `json:",omitempty"`
	GroupID string `json:",omitempty"`

	// Backstop is when the directory ends the membership by itself, as it has said; zero: it doesn't, or that isn't known.
	Backstop time.Time `json:",omitzero"`
}

// Untouched reports whether a group that was left alone had not been changed, or
// found, by the grant at all.
func (e Entitlement) Untouched() bool {
	return e.State == EntitlementKept && !e.Absent && !e.Before
}

// additions are the groups the person has still to be put into.
func additions(all []Entitlement) []Effect {
	var out []Effect
	for _, e := range all {
		if e.State == EntitlementWanted {
			out = append(out, Effect{Kind: EffectAddMember, Group: &e.Group})
		}
	}
	return out
}

// removals are the groups the person may still be in because of this grant. A
// group that was never seen to be held counts too: the addition may be on its way.
func removals(all []Entitlement) []Effect {
	var out []Effect
	for _, e := range all {
		if e.State == EntitlementWanted || e.State == EntitlementHeld {
			out = append(out, Effect{Kind: EffectRemoveMember, Group: &e.Group})
		}
	}
	return out
}

// mark notes what became of one of a grant's groups, in place.
func mark(all []Entitlement, ref *catalog.GroupRef, h EntitlementState) (*Entitlement, error) {
	for i := range all {
		if ref != nil && all[i].Group == *ref {
			all[i].State = h
			return &all[i], nil
		}
	}
	return nil, refuse(Invalid, "This grant doesn't open that group.")
}

// allIn tells whether each of a grant's groups is in one of the states.
func allIn(all []Entitlement, states ...EntitlementState) bool {
	return !slices.ContainsFunc(all, func(e Entitlement) bool { return !slices.Contains(states, e.State) })
}
