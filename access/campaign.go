package access

import (
	"slices"
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
	Due        time.Time   `json:",omitzero"` // when the stage ends
	DecidedAt  time.Time   `json:",omitzero"` // when nobody could answer any more
	Remind     time.Time   `json:",omitzero"` // when those are told next who haven't answered
	Reminded   int         // how many of the stage's reminders there were
	Progress   Progress    // of the rows
	Moved      []Reviewers `json:",omitempty"` // in whose place somebody else answers, the latest last
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
	Gone     int // seen to be gone
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

// Reviewers is that one person answers in another one's place, for all rows of theirs in a campaign.
type Reviewers struct {
	From, To PersonID
	At       time.Time
	By       Actor
	Why      string
	Beside   bool `json:",omitempty"` // the one before may still answer
}

// Event starts an event about the campaign.
func (c Campaign) Event(kind EventKind, by Actor, at time.Time) Event {
	return Event{Kind: kind, At: at.UTC(), Subject: CampaignSubject(c.ID), Actor: by, Stage: c.Stage}
}

// Running reports whether something is still to happen.
func (c Campaign) Running() bool { return c.State != CampaignClosed && c.State != CampaignCancelled }

// Small reports whether it came of an occasion.
func (c Campaign) Small() bool { return c.Occasion != "" }

// Answers reports whether reviewers may answer.
func (c Campaign) Answers() bool { return c.State == CampaignOpen }

// DueAt is when a timer must look at it; zero for never.
func (c Campaign) DueAt() time.Time {
	switch c.State {
	case CampaignOpen:
		return earliest(c.Due, c.Remind)
	case CampaignEnforcing:
		return c.RecheckAt
	}
	return time.Time{}
}

// AnswersFor are those in whose place somebody may answer rows: their own, and those of everybody whom they were put in
// the place of.
func (c Campaign) AnswersFor(who PersonID) []PersonID {
	out := []PersonID{who}
	for _, m := range slices.Backward(c.Moved) {
		if slices.Contains(out, m.To) && !slices.Contains(out, m.From) {
			out = append(out, m.From)
		}
	}
	return out
}

// InPlaceOf are those who answer now the rows of whom the snapshot names.
func (c Campaign) InPlaceOf(named PersonID) []PersonID {
	out := []PersonID{named}
	for _, m := range c.Moved {
		i := slices.Index(out, m.From)
		switch {
		case i < 0 || slices.Contains(out, m.To):
			if i >= 0 && !m.Beside {
				out = slices.Delete(out, i, i+1)
			}
		case m.Beside:
			out = append(out, m.To)
		default:
			out[i] = m.To
		}
	}
	return out
}
