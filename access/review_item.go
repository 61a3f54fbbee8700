package access

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/catalog"
)

// ReviewDecision is what somebody says of a row of a review, or what becomes of it.
type ReviewDecision string

// The decisions. DecisionNotMine is an answer that determines nothing: the row goes to somebody else.
const (
	DecisionNone    ReviewDecision = "" // there is none yet, or the answer was taken back
	DecisionKeep    ReviewDecision = "keep"
	DecisionRevoke  ReviewDecision = "revoke"
	DecisionNotMine ReviewDecision = "not_mine"
)

// ReviewItemState is where a row stands.
type ReviewItemState string

// The states of a row. A row about which nothing was said has no record and is open.
const (
	ItemOpen     ReviewItemState = "open"
	ItemDecided  ReviewItemState = "decided"  // determined; can be taken back until it is carried out
	ItemRevoking ReviewItemState = "revoking" // the removal is on its way
	ItemSettled  ReviewItemState = "settled"  // nothing more happens by itself: ReviewItem.Outcome
)

// ReviewOutcome is what became of a row.
type ReviewOutcome string

// The outcomes.
const (
	OutcomeKept   ReviewOutcome = "kept"          // nothing was changed
	OutcomeGone   ReviewOutcome = "gone"          // seen to be gone
	OutcomeManual ReviewOutcome = "manual"        // Latchkey can't remove it: ReviewItem.Cause says why, a human has to
	OutcomeFailed ReviewOutcome = "failed"        // it couldn't be removed, and IT was told
	OutcomeShared ReviewOutcome = "kept_by_other" // it stays, because another grant needs the group
	OutcomeEnded  ReviewOutcome = "ended_before"  // it wasn't there any more when it was to be removed
	OutcomeVoid   ReviewOutcome = "cancelled"     // the review was cancelled before it was carried out
)

// Grounds say how a row came to be determined.
type Grounds string

// The grounds.
const (
	ByAnswers        Grounds = "answers"
	BySilence        Grounds = "unanswered"     // Review.Unanswered
	ByNobody         Grounds = "nobody"         // Review.Unreachable: nobody could be found who may answer
	ByRecommendation Grounds = "recommendation" // the same, where that says to do as the row recommends
)

// ReviewAnswer is one reviewer's answer to a row.
type ReviewAnswer struct {
	By          Actor
	For         PersonID `json:",omitempty"` // in whose place; empty for their own
	Stage       int
	Decision    ReviewDecision
	Reason      string `json:",omitempty"`
	At          time.Time
	Took        time.Duration  `json:",omitempty"` // how long the row had been before the reviewer; 0: not known
	Bulk        bool           `json:",omitempty"` // one answer for a group of rows
	Recommended Recommendation `json:",omitempty"` // what the row recommended then
}

// ReviewItem is a row of a campaign about which something was said or done. What it is about is frozen in the snapshot;
// what is needed to act is repeated here.
type ReviewItem struct {
	Campaign string
	Row      int // its number in the snapshot, from 1
	Version  uint64

	Person     PersonID
	App, Role  string
	Group      catalog.GroupRef
	GroupID    string // the directory's own
	Account    string // the directory's own
	Grant      string `json:",omitempty"` // which explained it when it was read
	Privileged bool   `json:",omitempty"`
	Rule       ItemRule

	State     ReviewItemState
	Stage     int
	Reviewers []PersonID     // who may answer in this stage
	AnyOne    bool           `json:",omitempty"` // one answer of any of them is enough: it was given to several in the place of whoever is missing
	LeftToIT  Grounds        `json:",omitempty"` // why IT answers it: nobody did, or nobody could be found
	Answers   []ReviewAnswer // that count, in the order in which they were given; one a person and stage
	Decision  ReviewDecision // once it is determined
	Grounds   Grounds        `json:",omitempty"`
	Decided   time.Time      `json:",omitzero"` // when it was determined
	Enforce   time.Time      `json:",omitzero"` // from when on a revocation is carried out

	Ends      []string      `json:",omitempty"` // the grants whose end takes it away
	Issue     Issue         `json:",omitzero"`  // of the revocation
	Outcome   ReviewOutcome `json:",omitempty"`
	Cause     string        `json:",omitempty"` // of one that isn't gone, in words; of one that a list shows to be gone, which
	ReadBack  time.Time     `json:",omitzero"`  // when it was seen to be gone
	Rechecked time.Time     `json:",omitzero"`  // when it was looked at again before the campaign closed
	Back      bool          `json:",omitempty"` // and was there, by nothing that is known
	Again     string        `json:",omitempty"` // and was there by something that was approved or kept: by what, in words
	Restored  time.Time     `json:",omitzero"`
	RestoreBy Actor         `json:",omitzero"`
	Restoring string        `json:",omitempty"` // the grant by which it came back
}

// ItemRule is how the answers to a row count, as its campaign says.
type ItemRule struct {
	Strategies []catalog.ReviewStrategy // of each stage
	Undo       time.Duration            // how long an answer can be taken back before a revocation is carried out
	Restore    time.Duration            // for how long a revocation can be taken back afterwards
}

// RuleOf is how answers to the rows of a review count.
func RuleOf(r catalog.Review) ItemRule {
	rule := ItemRule{Undo: r.Undo, Restore: r.Restore}
	for _, s := range r.Stages {
		rule.Strategies = append(rule.Strategies, s.Strategy)
	}
	return rule
}

// ReviewItemID names a row of a campaign, so that ids sort as rows do.
func ReviewItemID(campaign string, row int) string { return fmt.Sprintf("%s/%08d", campaign, row) }

// ParseReviewItemID reads what ReviewItemID writes.
func ParseReviewItemID(id string) (campaign string, row int, err error) {
	campaign, number, there := strings.Cut(id, "/")
	if row, err = strconv.Atoi(number); !there || err != nil {
		return "", 0, fmt.Errorf("access: %q names no row of a review", id)
	}
	return campaign, row, nil
}

// ID names the item.
func (i ReviewItem) ID() string { return ReviewItemID(i.Campaign, i.Row) }

// Event starts an event about the row.
func (i ReviewItem) Event(kind EventKind, by Actor, at time.Time) Event {
	group := i.Group
	return Event{
		Kind: kind, At: at.UTC(), Subject: CampaignSubject(i.Campaign), Actor: by, Person: i.Person, App: i.App, Role: i.Role, Grant: i.Grant, Group: &group, Stage: i.Stage,
		Review: &ReviewDetails{Row: i.Row},
	}
}

// AnswerOf is what somebody has said of the row in a stage.
func (i ReviewItem) AnswerOf(who PersonID, stage int) (ReviewAnswer, bool) {
	n := slices.IndexFunc(i.Answers, func(a ReviewAnswer) bool {
		return a.Stage == stage && (a.By.Person == who && a.For == "" || a.For == who)
	})
	if n < 0 {
		return ReviewAnswer{}, false
	}
	return i.Answers[n], true
}

// DueAt is when a timer must look at the row: when its revocation is to be carried out.
func (i ReviewItem) DueAt() time.Time {
	if i.State == ItemDecided && i.Decision == DecisionRevoke {
		return i.Enforce
	}
	return time.Time{}
}

// ReviewDetails is what an event says of a review, beside what every event says.
type ReviewDetails struct {
	Row         int            `json:",omitempty"`
	Decision    ReviewDecision `json:",omitempty"` // EventRowAnswered: the answer, DecisionNone where it was taken back; EventRowDecided: what was determined
	Grounds     Grounds        `json:",omitempty"`
	Took        time.Duration  `json:",omitempty"`
	Bulk        bool           `json:",omitempty"`
	Recommended Recommendation `json:",omitempty"`
	Outcome     ReviewOutcome  `json:",omitempty"`
	Ends        []string       `json:",omitempty"` // the grants that end with a revocation
	Reviewers   []PersonID     `json:",omitempty"` // EventRowReassigned, EventRowStage: who may answer from now on
	AnyOne      bool           `json:",omitempty"` // EventRowReassigned: one answer of any of them is enough
	From        PersonID       `json:",omitempty"` // EventReviewerMoved: in whose place
	To          PersonID       `json:",omitempty"` // EventReviewerMoved
	Beside      bool           `json:",omitempty"` // EventReviewerMoved: the one before may still answer

	Snapshot   string          `json:",omitempty"` // EventCampaignRead
	Hash       string          `json:",omitempty"` // of the snapshot, or of the pack; SHA-256, hex
	Counts     *RowCounts      `json:",omitempty"`
	Unproven   []string        `json:",omitempty"` // private: it names groups and people
	Definition *catalog.Review `json:",omitempty"` // EventCampaignPlanned; private: it names people
	Run        int             `json:",omitempty"`
	Occasion   Occasion        `json:",omitempty"`
	Due        time.Time       `json:",omitzero"`  // EventCampaignStarted, EventStageBegun: when the stage ends; EventRowDecided: from when on it is carried out
	Remind     time.Time       `json:",omitzero"`  // when those are told next who haven't answered
	Left       int             `json:",omitempty"` // EventRowsLeftToIT: how many rows; EventReviewersLate: how many are left
	Progress   *Progress       `json:",omitempty"` // how far the rows are, as it was counted
}
