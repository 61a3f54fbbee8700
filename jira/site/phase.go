package site

import (
	"latchkey/access"
	"latchkey/catalog"
)

// Closed tells whether the issue of a case is closed although access goes on: it has no
// end, and was given. It is not opened again, but for what becomes of a seat that nobody uses, where that is the policy.
func (s *Site) Closed(c access.Case) bool {
	return s.closesGranted && !c.Reopened && c.Grant != nil && c.Grant.Wanted == catalog.Forever && c.Grant.Ends.IsZero() && !c.Request.BreakGlass && c.Whole()
}

// OutcomeFor is what came of a case, as a key of Config.Resolutions; "" where the status
// says it all.
func (s *Site) OutcomeFor(c access.Case) string {
	switch phase := c.Phase(); {
	case phase == access.PhaseLapsed:
		return Lapsed
	case phase == access.PhaseExtended, s.Closed(c) && phase != access.PhaseEnded:
		return Granted
	case phase == access.PhaseEnded && c.Grant != nil && (c.Grant.End == access.EndUnfulfilled || c.Grant.End == access.EndPartial):
		return Denied
	case phase == access.PhaseEnded && c.Grant != nil && c.Grant.End != access.EndExpired && c.Grant.End != access.EndReturned:
		return Revoked
	}
	return ""
}

// KeyForReport is the key of the status that the issue of a report should have, and what came of it as a key of
// Config.Resolutions; "" where the status says it all. Access that came without being asked for has no end, so its issue is
// closed as others are.
func (s *Site) KeyForReport(as access.IssueStanding) (key, outcome string) {
	switch {
	case as == access.IssueGiven && s.closesGranted:
		return Ended, Granted
	case as == access.IssueGiven:
		return Active, ""
	case as == access.IssueOver:
		return Ended, ""
	case as == access.IssueByHand:
		return Manual, ""
	case as == access.IssueStuck:
		return Stuck, ""
	}
	return Approved, ""
}

// KeyFor is the key of the status that the issue of a case should have; false when
// it should stay where it is.
func (s *Site) KeyFor(c access.Case) (string, bool) {
	if s.Closed(c) {
		return Ended, true
	}
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
