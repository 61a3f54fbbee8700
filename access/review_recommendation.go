package access

import (
	"time"

	"latchkey/catalog"
)

// Recommendation is what a row of a review proposes. It is computed without a clock or a store, from what is frozen on
// the row; nothing acts on it by itself, unless a review says so of rows that nobody answered.
type Recommendation string

// The recommendations. That there is too little data is one of them, and never taken for disuse.
const (
	RecommendKeep    Recommendation = "keep"
	RecommendRevoke  Recommendation = "revoke"
	RecommendLook    Recommendation = "review"            // what is known speaks both ways: look yourself
	InsufficientData Recommendation = "insufficient_data" // nothing speaks either way
)

// RecommendedBecause says in a word why; Words say it to people.
type RecommendedBecause string

// The reasons, the strongest first.
const (
	BecauseLeft       RecommendedBecause = "left"
	BecauseConflict   RecommendedBecause = "conflict"
	BecauseNeverUsed  RecommendedBecause = "never_used"  // not used since it was given, and records reach back to that
	BecauseUnused     RecommendedBecause = "unused"      // not used within the app's memory, and held for longer than that
	BecauseIdle       RecommendedBecause = "idle"        // used last longer ago than the threshold
	BecauseMoved      RecommendedBecause = "moved"       // to another department since access came
	BecauseUnusual    RecommendedBecause = "unusual"     // hardly any of their peers has it
	BecauseRevoked    RecommendedBecause = "revoked"     // the review before said revoke, and it is here again
	BecauseUsed       RecommendedBecause = "used"        // used lately
	BecauseNew        RecommendedBecause = "new"         // held for a shorter time than would show disuse
	BecauseBirthright RecommendedBecause = "birthright"  // a rule gives it, and still holds
	BecauseNothing    RecommendedBecause = "no_data"     // nothing is known of its use
	BecauseUsageOff   RecommendedBecause = "usage_off"   // the review says that the app's sign-ins say nothing of use
	BecauseUnexpected RecommendedBecause = "unexplained" // nobody asked for it, and nothing else is known
)

// RowFacts are what a recommendation goes by.
type RowFacts struct {
	Left       bool // the account, or the person, has left
	Conflict   bool // it violates a conflict of the policy without an exception
	Birthright bool // a rule gives it and holds
	Explained  bool // by a grant
	Moved      bool // to another department, since access came
	Revoked    bool // the review before revoked it

	Since    time.Time // when access came; zero: unknown
	Used     time.Time // last use of the app; zero: none is known
	Reach    time.Time // how far back the records of use reach; zero: nothing is known of use
	UsageOff bool      // sign-ins say nothing of use
	Peers    int       // percent of the person's peers who have it; below 0: unknown
}

const (
	// IdleAfter is how long without a use makes access idle.
	IdleAfter = 60 * catalog.Day
	// unusualBelow is of how many percent of their peers access is unusual.
	unusualBelow = 5
)

// Recommend proposes what to do with a row seen at a moment. The ladder is conservative: a recent use wins over all but
// that somebody has left or that a conflict is violated; that nothing is known comes before that nothing was used.
func Recommend(f RowFacts, at time.Time) (Recommendation, RecommendedBecause) {
	switch {
	case f.Left:
		return RecommendRevoke, BecauseLeft
	case f.Conflict:
		return RecommendRevoke, BecauseConflict
	case f.Revoked:
		return RecommendLook, BecauseRevoked
	case f.used(at):
		return f.whileUsed()
	case f.Birthright:
		return RecommendKeep, BecauseBirthright
	case f.UsageOff:
		return f.withoutUsage(BecauseUsageOff)
	case f.Reach.IsZero():
		return f.withoutUsage(BecauseNothing)
	case !f.Since.IsZero() && at.Sub(f.Since) < IdleAfter:
		return RecommendKeep, BecauseNew
	}
	return f.whileUnused(at)
}

func (f RowFacts) used(at time.Time) bool {
	return !f.UsageOff && !f.Used.IsZero() && at.Sub(f.Used) < IdleAfter
}

// whileUsed: a use is a reason to keep, unless the person's place has changed since.
func (f RowFacts) whileUsed() (Recommendation, RecommendedBecause) {
	if f.Moved {
		return RecommendLook, BecauseMoved
	}
	return RecommendKeep, BecauseUsed
}

// withoutUsage goes by the rest of what is known.
func (f RowFacts) withoutUsage(why RecommendedBecause) (Recommendation, RecommendedBecause) {
	switch {
	case f.Moved:
		return RecommendLook, BecauseMoved
	case f.Peers >= 0 && f.Peers < unusualBelow:
		return RecommendLook, BecauseUnusual
	case !f.Explained:
		return RecommendLook, BecauseUnexpected
	}
	return InsufficientData, why
}

// whileUnused: records reach back to Reach. Where access, or the threshold, is older than they are, "not seen" says less.
func (f RowFacts) whileUnused(at time.Time) (Recommendation, RecommendedBecause) {
	switch {
	case f.neverUsed():
		return RecommendRevoke, BecauseNeverUsed
	case !f.Used.IsZero():
		return RecommendRevoke, BecauseIdle
	case at.Sub(f.Reach) < IdleAfter:
		return f.withoutUsage(BecauseNothing) // the records are too short to show disuse
	}
	return RecommendRevoke, BecauseUnused
}

// neverUsed tells whether what a right opens wasn't used since the right was given, as far as records can say so: they
// reach back to that moment.
func (f RowFacts) neverUsed() bool {
	return !f.Since.IsZero() && !f.Reach.After(f.Since) && f.Used.Before(f.Since)
}

// Words say to people why a row recommends what it does.
func (b RecommendedBecause) Words() string {
	switch b {
	case BecauseLeft:
		return "has left"
	case BecauseConflict:
		return "goes with something it may not go with"
	case BecauseNeverUsed:
		return "never used since it was given"
	case BecauseUnused:
		return "never used, as far back as records reach"
	case BecauseIdle:
		return "not used for long"
	case BecauseMoved:
		return "moved to another department since"
	case BecauseUnusual:
		return "hardly anybody in the same position has it"
	case BecauseRevoked:
		return "was revoked at the last review, and is there again"
	case BecauseUsed:
		return "used lately"
	case BecauseNew:
		return "new"
	case BecauseBirthright:
		return "comes with the position"
	case BecauseUsageOff:
		return "sign-ins say nothing of its use"
	case BecauseUnexpected:
		return "nobody asked for it"
	}
	return "nothing is known of its use"
}
