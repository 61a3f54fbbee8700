package access

import (
	"time"

	"latchkey/catalog"
)

// SubjectCampaign is the kind of a campaign's subject. Everything that is decided at a review is in its chain.
const SubjectCampaign SubjectKind = "campaign"

// CampaignSubject is the subject of a campaign.
func CampaignSubject(id string) Subject { return Subject{SubjectCampaign, id} }

// CampaignState is where a campaign stands.
type CampaignState string

// The states of a campaign.
const (
	CampaignReading   CampaignState = "reading"   // the directories are read: who is in which group
	CampaignUnproven  CampaignState = "unproven"  // it isn't certain that what was read is everybody: IT has it read again, or accepts it by name
	CampaignDraft     CampaignState = "draft"     // it was read; somebody looks at it and starts it
	CampaignOpen      CampaignState = "open"      // reviewers answer, in Campaign.Stage
	CampaignEnforcing CampaignState = "enforcing" // nobody answers any more; what is left to revoke is revoked, and read back
	CampaignClosed    CampaignState = "closed"    // final
	CampaignCancelled CampaignState = "cancelled" // final: what was revoked by then stays revoked
)

// Occasion is why a small review of one person's access began by itself.
type Occasion string

// The occasions. A campaign that somebody planned has none.
const (
	OnMoved           Occasion = "moved"     // to another department
	OnNewManager      Occasion = "manager"   // reports to somebody else
	OnAdopted         Occasion = "adopted"   // a membership was found that nobody had asked for
	OnExceptionLapsed Occasion = "exception" // what was allowed as an exception isn't any more
)

// Campaign is one run of a review: whose access to what is looked at, by whom, until when, and how far it is. Its rows
// are kept apart from it, in a snapshot; rows about which something was said have a ReviewItem each.
type Campaign struct {
	ID      string // "RV-…"
	Version uint64

	Review   catalog.Review // as it was configured when the run began
	Catalog  string         // the version of the catalogue
	Run      int            // of the definition, from 1
	Occasion Occasion       `json:",omitempty"`
	About    PersonID       `json:",omitempty"` // of a small review: whose access

	State   CampaignState
	Stage   int
	By      Actor // who began it; Latchkey itself where the calendar or an occasion did
	Created time.Time

	Snapshot   string      `json:",omitempty"` // names what was read; another reading has another name
	Read       time.Time   `json:",omitzero"`  // when the last of it was
	Counts     RowCounts   // of the snapshot
	Unproven   []string    `json:",omitempty"` // which groups' membership isn't proven, and why, in words for IT
	Accepted   *Acceptance `json:",omitempty"` // that somebody takes what was read as it is
	StartedBy  Actor       `json:",omitzero"`
	Started    time.Time   `json:",omitzero"`
	Due        time.Time   `json:",omitzero"` // until when reviewers are asked to answer; who is late is escalated, see LateReviewers
	DecidedAt  time.Time   `json:",omitzero"` // when nobody could answer any more
	Remind     time.Time   `json:",omitzero"` // when those are told next who haven't answered
	Reminded   int         // how many of the stage's reminders there were
	Progress   Progress    // of the rows, as it was counted at the last step of the campaign
	Over       time.Time   `json:",omitzero"`  // since when nobody answers in the stage any more; what follows is being done
	Early      bool        `json:",omitempty"` // it was ended early: no further stage comes
	AllSaid    time.Time   `json:",omitzero"`  // since when no row waits for an answer: it goes on once nobody can take one back any more
	Escalated  int         `json:",omitempty"` // how often others were asked in the stage because reviewers were late
	ToIT       int         `json:",omitempty"` // rows that are left to IT, since nobody answered them; only these are answered then
	Closed     time.Time   `json:",omitzero"`
	ClosedBy   Actor       `json:",omitzero"`
	Why        string      `json:",omitempty"` // of a cancellation
	Issue      Issue       `json:",omitzero"`
	Pack       string      `json:",omitempty"` // SHA-256 of the pack's manifest, hex
	RecheckAt  time.Time   `json:",omitzero"`  // when every revoked row is looked at once more before it closes
	Recheckeds int         // how often that was done
}

// RowCounts are how much a snapshot holds.
type RowCounts struct {
	Rows, People, Groups, Reviewers int
	Alone                           int // rows for which nobody could be found who may answer
	Privileged                      int
	Left                            int // rows of people who have left
}

// Progress is how far the rows of a campaign are. Rows that nobody has answered are the rest.
type Progress struct {
	Answered int // rows that have an answer in this stage, or are determined
	Kept     int // rows that are determined to be kept
	Revoked  int // rows that are determined to be revoked
	Open     int // revocations that aren't settled yet
	Gone     int // removed by the review, and seen to be gone
	Ended    int // was gone before the review could remove it
	Manual   int // waits for a human to remove it
	Failed   int
	Shared   int // stays, because another grant needs the group
	Restored int
}

// Acceptance is that somebody takes a population that isn't proven as it is.
type Acceptance struct {
	By  Actor
	At  time.Time
	Why string
}

// Event starts an event about the campaign.
func (c Campaign) Event(kind EventKind, by Actor, at time.Time) Event {
	return Event{Kind: kind, At: at.UTC(), Subject: CampaignSubject(c.ID), Actor: by, Stage: c.Stage}
}

// Running reports whether something is still to happen.
func (c Campaign) Running() bool { return c.State != CampaignClosed && c.State != CampaignCancelled }

// Small reports whether it came of an occasion.
func (c Campaign) Small() bool { return c.Occasion != "" }

// HandsHave is for how long a campaign is kept open for what people remove by hand: what they haven't by then the evidence says.
const HandsHave = 7 * 24 * time.Hour

// OnlyHands is until when it is open for nothing but what people remove by hand, as of its last step; zero where it isn't.
func (c Campaign) OnlyHands() time.Time {
	if c.Recheckeds == 0 {
		return time.Time{}
	}
	return c.ForHands(c.Progress, c.DecidedAt)
}

// ForHands is until when a campaign is kept open for what people remove by hand; zero where it isn't, as a small one never is.
func (c Campaign) ForHands(p Progress, at time.Time) time.Time {
	until := c.DecidedAt.Add(HandsHave)
	if c.State != CampaignEnforcing || c.Small() || p.Manual == 0 || p.Open > 0 || !at.Before(until) {
		return time.Time{}
	}
	return until
}

// Answers reports whether reviewers may answer.
func (c Campaign) Answers() bool { return c.State == CampaignOpen && c.Over.IsZero() }

// DueAt is when a timer must look at it; zero for never.
func (c Campaign) DueAt() time.Time {
	switch c.State {
	case CampaignOpen:
		if !c.Over.IsZero() {
			return time.Time{}
		}
		return earliest(c.lateStep(), c.Remind, c.quiet())
	case CampaignEnforcing:
		return c.RecheckAt
	}
	return time.Time{}
}

// quiet is when answers are taken for the last ones, where no row waits any more.
func (c Campaign) quiet() time.Time {
	if c.AllSaid.IsZero() {
		return time.Time{}
	}
	return c.AllSaid.Add(c.Review.Undo)
}
