package catalog

import (
	"slices"
	"time"
)

// ReviewDefault is what becomes of a row of a review for which there is no answer.
type ReviewDefault string

// What a review can do where nobody answered, or nobody could be found who may.
const (
	KeepAccess     ReviewDefault = "keep"           // it stays, and the pack says that nobody said so
	RevokeAccess   ReviewDefault = "revoke"         // it is taken away
	Recommended    ReviewDefault = "recommendation" // as the row recommends; one without a clear recommendation escalates
	EscalateReview ReviewDefault = "escalate"       // IT decides, and the campaign waits for that
)

// ReviewStrategy is how the answers of several reviewers of one row become one.
type ReviewStrategy string

// The strategies. Where keep and revoke were both said, revoke wins under all but OneKeepKeeps.
const (
	OneKeepKeeps     ReviewStrategy = "one-keep-keeps"      // one keep is enough
	AllMustKeep      ReviewStrategy = "all-must-keep"       // who is silent leaves it unanswered
	OneRevokeRevokes ReviewStrategy = "one-revoke-revokes"  // one revoke is enough; one keep, where nobody says revoke
	KeptUnlessRevoke ReviewStrategy = "kept-unless-revoked" // silence keeps
)

// ReviewStrategies are all of them.
func ReviewStrategies() []ReviewStrategy {
	return []ReviewStrategy{OneKeepKeeps, AllMustKeep, OneRevokeRevokes, KeptUnlessRevoke}
}

// ReviewScope says which memberships a review is about. What is empty doesn't narrow it; of one list, one match is
// enough; of several, all must match.
type ReviewScope struct {
	Apps        []string        `json:",omitempty"` // ids
	Roles       []RoleRef       `json:",omitempty"`
	Risks       []Risk          `json:",omitempty"`
	Tags        []string        `json:",omitempty"` // of the app
	Departments []string        `json:",omitempty"` // as the directory writes them, in any letter case
	Managers    []string        `json:",omitempty"` // addresses; whose reports
	People      []string        `json:",omitempty"` // addresses
	OlderThan   time.Duration   `json:",omitempty"` // of access: how long it has been there at least; what is unknown counts as older
	Sources     []ReviewSource  `json:",omitempty"` // how access came
	Exclude     []ReviewExclude `json:",omitempty"`
}

// ReviewSource is how access that is reviewed came to be.
type ReviewSource string

// The sources.
const (
	BySomeRequest ReviewSource = "requested"
	ByEmergency   ReviewSource = "break-glass"
	ByBirthright  ReviewSource = "birthright"
	ByAdoption    ReviewSource = "adopted"
	ByNothing     ReviewSource = "unexplained" // no grant of Latchkey explains it
)

// ReviewExclude leaves something out of a review, with the reason and who approved that.
type ReviewExclude struct {
	Person string  `json:",omitempty"` // an address; or
	Role   RoleRef `json:",omitzero"`
	Why    string
	By     string // address of who approved the exclusion
}

// ReviewStage is one round of a review: who answers, how their answers count, and how long they have.
type ReviewStage struct {
	Reviewers  []Approver // the first source that leads to somebody; managers are walked up
	Fallback   []Approver `json:",omitempty"` // where none of them leads to anybody
	Additional []Approver `json:",omitempty"` // who answers beside them
	Strategy   ReviewStrategy
	Lasts      time.Duration // until its due time
}

// Review is a definition: how one kind of campaign is run.
type Review struct {
	ID    string // lower case, used in commands and records
	Name  string // what people call it
	Scope ReviewScope

	Stages []ReviewStage // one or two; what the first keeps, or nobody answered, goes on to the second

	Unanswered  ReviewDefault // nobody answered in time
	Unreachable ReviewDefault // nobody could be found who may answer

	Undo    time.Duration // how long an answer can be taken back before a revocation is carried out
	Restore time.Duration // for how long a revocation can be taken back afterwards, by one click

	Automatic bool     // it starts once it is read and nothing speaks against it; otherwise somebody starts it
	Line      string   // of the calendar; empty: it is started by hand
	Occasions []string // it is a small review of one person, that these events begin: moved, manager, adopted, exception

	NoUsage []string // apps whose sign-ins say nothing about use, by id

	Channel string `json:",omitempty"` // where it is shown how far it is, besides where IT sees that
}

// Stage is a stage by its number, from 0; the last one for any beyond.
func (r Review) Stage(n int) ReviewStage {
	if len(r.Stages) == 0 {
		return ReviewStage{}
	}
	return r.Stages[min(max(n, 0), len(r.Stages)-1)]
}

// Last reports whether no stage comes after one.
func (r Review) Last(stage int) bool { return stage >= len(r.Stages)-1 }

// CountsUsage reports whether sign-ins to an app say something about its use.
func (r Review) CountsUsage(app string) bool { return !slices.Contains(r.NoUsage, app) }
