package inbox

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"latchkey/access"
	"latchkey/workflow/people"
)

// notHere is why a decision made in Jira doesn't count where the configuration
// says so.
const notHere = "Decisions made in Jira don't count here (jira.decisions)."

// votes are the answers to Jira's own approvals.
func (s Situation) votes() (out []Action) {
	for _, v := range s.Seen.Votes {
		if slices.Contains(s.Cursor.Votes, v.ID) || !v.At.IsZero() && v.At.Before(s.Since) {
			continue
		}
		d := Drift{Key: voteKey(v), By: v.By, Cause: v.By.ID + "|vote", What: people.Called(v.By) + " answered Jira's approval."}
		out = append(out, s.decision(Attempt{By: v.By, Instead: d}, v.Yes, v.At)...)
	}
	return out
}

// changes are the fields that others changed.
func (s Situation) changes() (out []Action) {
	for i, ch := range s.Seen.Changes {
		if ch.ID <= s.Cursor.Change || ch.At.Before(s.Since) {
			continue
		}
		d := Drift{Key: changeKey(ch), By: ch.By, Cause: ch.By.ID + "|" + ch.Field}
		switch ch.Field {
		case "status":
			if ch.By.App && (slices.Contains(s.Seen.Phases, s.Case.Phase()) || movedAgain(s.Seen.Changes[i+1:], ch)) {
				continue // a rule moved it, and it is where it belongs again, or the rule did it once more
			}
			d.Cause += "|" + ch.To
			d.What = fmt.Sprintf("%s moved the issue from %s to %s.", people.Called(ch.By), ch.From, ch.To)
			out = append(out, s.moved(Attempt{By: ch.By, Was: ch.Was, Is: ch.Is, Instead: d}, ch.At)...)
		case "key":
			d.What = fmt.Sprintf("%s moved the issue from %s to %s.", people.Called(ch.By), ch.From, ch.To)
			out = append(out, d)
		default:
			d.What = fmt.Sprintf("%s changed “%s” from “%s” to “%s”.", people.Called(ch.By), ch.Field, clipped(ch.From, 200), clipped(ch.To, 200))
			out = append(out, d)
		}
	}
	return out
}

// movedAgain tells whether later changes have the same account move the issue to the
// same status.
func movedAgain(later []access.Change, ch access.Change) bool {
	return slices.ContainsFunc(later, func(o access.Change) bool { return o.Field == ch.Field && o.By.ID == ch.By.ID && o.To == ch.To })
}

// moved says what a change of status was meant as: a decision, a cancellation, the
// word that a manual change was made or can't be, or nothing that Latchkey knows.
func (s Situation) moved(a Attempt, at time.Time) []Action {
	is := func(p access.Phase) bool { return slices.Contains(a.Is, p) }
	waits := s.Case.Request.State == access.RequestPending && slices.Contains(a.Was, access.PhasePending)
	switch {
	case waits && (is(access.PhaseApproved) || is(access.PhaseActive) || is(access.PhaseManual)):
		return s.decision(a, true, at)
	case waits && is(access.PhaseCancelled):
		return []Action{Cancel{a}}
	case waits && is(access.PhaseDenied):
		return s.decision(a, false, at)
	case s.Case.Phase() == access.PhaseManual && is(access.PhaseActive):
		return []Action{Fulfil{a}}
	case s.Case.Phase() == access.PhaseManual && slices.Contains(a.Was, access.PhaseManual) && (is(access.PhaseDenied) || is(access.PhaseCancelled)):
		return []Action{CantFulfil{a, s.reason(a.By)}}
	}
	return a.failed(s.Case, "", "")
}

func (s Situation) decision(a Attempt, yes bool, at time.Time) []Action {
	if !s.Decides {
		return a.failed(s.Case, "", notHere)
	}
	return []Action{Decide{Attempt: a, Yes: yes, Stage: s.stageAt(at), Reason: s.reason(a.By)}}
}

// stageAt is the step that was asked about at a moment. Where it isn't known when
// something was done, it is the one that is asked about now.
func (s Situation) stageAt(at time.Time) int {
	if at.IsZero() {
		return s.Case.Request.Stage
	}
	stage := 0
	for _, e := range s.Case.Story {
		if e.Kind == access.EventApproversAsked && !e.At.After(at) {
			stage = e.Stage
		}
	}
	return stage
}

// reason is what somebody wrote on the issue since the last look, the newest
// comment: why they did what they did, if they said so.
func (s Situation) reason(by access.Account) string {
	for _, m := range slices.Backward(s.Seen.Comments) {
		if m.ID > s.Cursor.Comment && m.By.ID == by.ID && m.Public {
			return clipped(m.Text, access.MaxReason)
		}
	}
	return ""
}

// agrees tells whether a change of status is what came of the request anyway.
func agrees(c access.Case, was, is []access.Phase) bool {
	if slices.Contains(is, c.Phase()) {
		return true
	}
	return c.Request.State == access.RequestApproved && slices.Contains(was, access.PhasePending) && slices.Contains(is, access.PhaseApproved)
}

func voteKey(v access.Vote) string { return "vote-" + v.ID }

func changeKey(ch access.Change) string { return strconv.FormatUint(ch.ID, 10) + "-" + ch.Field }

// behind leaves out the votes and changes up to the one with the key, which are
// dealt with.
func behind(seen access.IssueSnapshot, key string) access.IssueSnapshot {
	if i := slices.IndexFunc(seen.Votes, func(v access.Vote) bool { return voteKey(v) == key }); i >= 0 {
		seen.Votes = seen.Votes[i+1:]
		return seen
	}
	seen.Votes = nil
	i := slices.IndexFunc(seen.Changes, func(ch access.Change) bool { return changeKey(ch) == key })
	seen.Changes = seen.Changes[i+1:]
	return seen
}
