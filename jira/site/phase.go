package site

import "latchkey/access"

// KeyFor is the key of the status that the issue of a case should have; false when
// it should stay where it is.
func KeyFor(c access.Case) (string, bool) {
	switch c.Phase() {
	case access.PhasePending:
		return Pending, true
	case access.PhaseApproved:
		return Approved, true
	case access.PhaseManual:
		return Manual, true
	case access.PhaseActive:
		return Active, true
	case access.PhaseEnding: // it keeps the look of active until it is seen to be gone
		return Active, c.Grant != nil && !c.Grant.Started.IsZero()
	case access.PhaseStuck:
		return Stuck, true
	case access.PhaseDenied:
		return Denied, true
	case access.PhaseCancelled, access.PhaseLapsed:
		return Cancelled, true
	case access.PhaseEnded, access.PhaseExtended: // the story of the access goes on in the issue that gave it
		return Ended, true
	default:
		return "", false
	}
}

// Phases are what a status stands for: several keys may share one.
func (s *Site) Phases(id string) []access.Phase {
	var out []access.Phase
	for _, key := range Keys() {
		if s.Statuses[key].ID == id && id != "" {
			out = append(out, phasesOf(key)...)
		}
	}
	return out
}

func phasesOf(key string) []access.Phase {
	return map[string][]access.Phase{
		Pending: {access.PhasePending}, Approved: {access.PhaseApproved}, Manual: {access.PhaseManual},
		Active: {access.PhaseActive, access.PhaseEnding}, Stuck: {access.PhaseStuck},
		Denied: {access.PhaseDenied}, Cancelled: {access.PhaseCancelled, access.PhaseLapsed}, Ended: {access.PhaseEnded},
	}[key]
}
