package access

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// SubjectReclaim is the kind of the subject of a question about an idle seat.
const SubjectReclaim SubjectKind = "reclaim"

// ReclaimSubject is the subject of one.
func ReclaimSubject(id string) Subject { return Subject{SubjectReclaim, id} }

// ReclaimState is where the question about an idle seat stands.
type ReclaimState string

// The states of it.
const (
	ReclaimAsked     ReclaimState = "asked"     // its holder was asked, and has until Reclaim.Until to answer
	ReclaimPostponed ReclaimState = "postponed" // they are asked again at Reclaim.Until, if it is still idle
	ReclaimChecking  ReclaimState = "checking"  // nobody answered in time: its use is read once more before anything ends
	ReclaimRemoving  ReclaimState = "removing"  // nobody answered, nobody used it: access ends
	ReclaimReturning ReclaimState = "returning" // its holder gave it back: access ends

	ReclaimRemoved   ReclaimState = "removed"   // final, but for giving it back: Reclaim.Outcome says what became of the access
	ReclaimNeeded    ReclaimState = "needed"    // final: its holder still needs it, and said why
	ReclaimInUse     ReclaimState = "in_use"    // final: it was used again
	ReclaimExempt    ReclaimState = "exempt"    // final: it was left out, by whom Reclaim.By says
	ReclaimCancelled ReclaimState = "cancelled" // final: access ended otherwise, or isn't reclaimed any more: Reclaim.Why
)

// Reclaim is one question to somebody about a seat of an app that they don't use, and what becomes of it. A seat is held by
// all roles of the app that somebody has: so it is about all grants that give it.
type Reclaim struct {
	ID      string // "RC-…"
	Version uint64

	Person    PersonID
	App       string
	Role      string           // of Grant
	Grant     string           // the grant that gave the most lately
	Grants    []string         // all grants by which the seat is held, Grant first
	Group     catalog.GroupRef `json:",omitzero"` // of Grant
	Directory string           // where the account is
	Account   string           // the directory's own id of it
	Request   string           `json:",omitempty"` // by which Grant came; empty where nobody had asked
	Rule      ReclaimRule      // as it was configured then
	Seat      catalog.Seat     // what it costs, as it was configured then

	State     ReclaimState
	Seen      Idleness  // what showed that it is idle, or used again, when it was read last
	Created   time.Time // when its holder was asked first
	Asked     time.Time // when they were asked last
	Until     time.Time `json:",omitzero"`  // asked: when the time to answer is up; postponed: when they are asked again
	Postponed int       `json:",omitempty"` // how often it was put off
	Certain   time.Time `json:",omitzero"`  // in checking: when records have all that was used until then, where they may be late; zero: not so
	Over      time.Time `json:",omitzero"`  // in checking: when the time to answer was up. A use until then keeps the seat, so it has to be on record by now
	Unread    string    `json:",omitempty"` // in checking: why it isn't known whether it is used, in words for IT
	By        Actor     `json:",omitzero"`  // who answered
	Why       string    `json:",omitempty"` // their words; of a cancellation or an outcome, Latchkey's
	Decided   time.Time `json:",omitzero"`  // when it was answered, used again, or the time was up for good
	Exempt    time.Time `json:",omitzero"`  // in exempt: until when it is left out; zero: for good

	Ends    []string       `json:",omitempty"` // the grants that end because of it
	Gives   string         `json:",omitempty"` // the grant of a lower role in their place
	Outcome ReclaimOutcome `json:",omitempty"`
	Settled time.Time      `json:",omitzero"` // when access was seen to be gone, or what else became of it

	Issue     Issue     `json:",omitzero"`
	Restored  time.Time `json:",omitzero"` // when somebody had it given back
	RestoreBy Actor     `json:",omitzero"`
	Restoring []string  `json:",omitempty"` // the grants by which it comes back
}

// Open reports whether something is still to happen.
func (r Reclaim) Open() bool {
	return slices.Contains([]ReclaimState{ReclaimAsked, ReclaimPostponed, ReclaimChecking, ReclaimRemoving, ReclaimReturning}, r.State)
}

// Answers reports whether its holder can answer.
func (r Reclaim) Answers() bool {
	return r.State == ReclaimAsked || r.State == ReclaimPostponed || r.State == ReclaimChecking
}

// UsedAgain reports whether a reading shows a use that is lately enough for the seat not to be idle, or that came after its holder
// was asked: that is an answer, however long it took to be read.
func (r Reclaim) UsedAgain(seen Idleness, at time.Time) bool {
	return seen.Last.After(at.Add(-r.Rule.Threshold)) || seen.Last.After(r.Asked)
}

// CompleteAt is when records, as far as one reading says how late they may be, have all uses until the time to answer was up.
func (r Reclaim) CompleteAt(seen Idleness) time.Time { return r.Over.Add(seen.Lag()) }

// CanBePostponed reports whether "remind me later" is possible.
func (r Reclaim) CanBePostponed() bool {
	return r.State == ReclaimAsked && r.Postponed < r.Rule.Postpones
}

// CanBeRestored reports whether what it took away can be given back by the approval that it had. What its holder gave
// back themselves can be, too.
func (r Reclaim) CanBeRestored(at time.Time) bool {
	return r.State == ReclaimRemoved && r.Restored.IsZero() && (r.Outcome == ReclaimGone || r.Outcome == ReclaimDowngraded) && at.Before(r.RestorableUntil())
}

// RestorableUntil is until when it can be given back.
func (r Reclaim) RestorableUntil() time.Time { return r.Settled.Add(r.Rule.Restore) }

// HeardLast is when its holder was heard of the seat last, so that its clock starts anew then; zero: not by this.
func (r Reclaim) HeardLast() time.Time {
	switch r.State {
	case ReclaimNeeded, ReclaimInUse:
		return r.Decided
	}
	return time.Time{}
}

// LeftOut reports whether the seat is left alone at a moment because of this.
func (r Reclaim) LeftOut(at time.Time) bool {
	return r.State == ReclaimExempt && (r.Exempt.IsZero() || at.Before(r.Exempt))
}

// Reopens reports whether the issue of the request by which access came is open because of it, though access goes on without an
// end, so that it was closed.
func (r Reclaim) Reopens(issue Issue) bool {
	return r.Rule.Issue == catalog.OriginalIssue && r.Issue.ID != "" && r.Issue.ID == issue.ID && (r.Open() || r.State == ReclaimRemoved)
}

// DueAt is when a timer must look at it; zero for never.
func (r Reclaim) DueAt() time.Time {
	if r.State == ReclaimAsked || r.State == ReclaimPostponed {
		return r.Until
	}
	return time.Time{}
}

// Event starts an event about it.
func (r Reclaim) Event(kind EventKind, by Actor, at time.Time) Event {
	return Event{
		Kind: kind, At: at.UTC(), Subject: ReclaimSubject(r.ID), Actor: by, Person: r.Person, App: r.App, Role: r.Role, Grant: r.Grant,
		Reclaim: &ReclaimDetails{},
	}
}
