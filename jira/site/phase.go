package site

import "latchkey/access"

// KeyFor is the key of the status that the issue of a case should have; false when
// it should stay where it is.
func KeyFor(c access.Case) (string, bool) {
	switch c.Phase() {
	case access.PhaseDeciding:
		return Pending, true
	case access.PhasePreparing:
		return Approved, true
	case access.PhaseManual:
		return Manual, true
	case access.PhaseGranted:
		return Granted, true
	case access.PhaseRemoving: // it keeps the look of granted until it is seen to be gone
		return Granted, c.Grant != nil && !c.Grant.Started.IsZero()
	case access.PhaseStuck:
		return Stuck, true
	case access.PhaseDenied:
		return Declined, true
	case access.PhaseWithdrawn:
		return Withdrawn, true
	case access.PhaseClosed, access.PhaseExtended: // the story of the access goes on in the issue that gave it
		return Closed, true
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
		Pending: {access.PhaseDeciding}, Approved: {access.PhasePreparing}, Manual: {access.PhaseManual},
		Granted: {access.PhaseGranted, access.PhaseRemoving}, Stuck: {access.PhaseStuck},
		Declined: {access.PhaseDenied}, Withdrawn: {access.PhaseWithdrawn}, Closed: {access.PhaseClosed},
	}[key]
}
