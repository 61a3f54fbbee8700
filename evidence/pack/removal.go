package pack

import "time"

// Removal is what was done about a row that was revoked.
type Removal struct {
	Issue   Link            `json:"issue"`      // its own issue
	Asked   time.Time       `json:"asked"`      // when the removal was ordered
	Removed Fact[time.Time] `json:"removed"`    // when the directory took the change
	Read    Fact[time.Time] `json:"read_back"`  // when it was seen to be gone right after
	Checked Fact[time.Time] `json:"re_checked"` // when it was looked for again before the campaign closed
	Result  Result          `json:"result"`     // what came of it
	// Cause says why, where the result is not Gone: what keeps it, why a person has to do it,
	// or what failed.
	Cause    string    `json:"cause,omitempty"`
	Grant    string    `json:"grant,omitempty"` // the other grant that keeps it
	Restored []Restore `json:"restored"`        // that it was given back
	Event    Proof     `json:"event"`           // of the log
}

// Result is what came of a removal.
type Result string

// The results.
const (
	Gone    Result = "gone"         // read back: the membership is not there any more
	Ended   Result = "ended_before" // it was not there any more when the review came to remove it
	Manual  Result = "manual"       // a person has to do it
	Failed  Result = "failed"       // it could not be done
	Kept    Result = "kept"         // another grant needs the group
	Waiting Result = "waiting"      // it is on its way
	Void    Result = "void"         // the review was cancelled before it was carried out
)

// Restore is that access was given back.
type Restore struct {
	By     Actor     `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
	Issue  Link      `json:"issue,omitzero"`
}
