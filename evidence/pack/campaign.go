package pack

import (
	"iter"
	"time"
)

// Campaign is what a pack is made of. The names in its JSON are those of the pack's
// campaign.json and don't change within a Version of the form.
//
// What is long comes through iterators: Rows and Events are walked several times, once for
// each file, and have to give the same each time, as one view of a store does. Everything
// else is held in memory.
type Campaign struct {
	ID       string  `json:"id"`                        // the campaign's id, as in "AC-7F3K9Q2M"
	Name     string  `json:"name"`                      // what it is called, as in "Quarterly review"
	Run      int     `json:"run"`                       // which run of the recurring campaign this is, from 1
	Status   Status  `json:"status"`                    // whether it is over
	Issue    Link    `json:"issue"`                     // the campaign's own issue
	Asked    string  `json:"asked,omitempty"`           // who started it, or by which calendar line, in words
	Period   Period  `json:"period"`                    // the period under review
	Times    Times   `json:"times"`                     // when what happened
	Scope    Scope   `json:"scope"`                     // what was reviewed and what was not
	Policy   Policy  `json:"policy"`                    // by which rules
	Tool     Tool    `json:"tool"`                      // what made the pack
	Snapshot string  `json:"snapshot_sha256,omitempty"` // of the snapshot as it is kept, in hex
	Groups   []Group `json:"groups"`                    // the governed groups, in the order in which Rows come

	Reviewers  []Reviewer  `json:"reviewers"`  // who was asked
	Leavers    []Leaver    `json:"leavers"`    // who has left, and is in the population or was until lately
	Exceptions []Exception `json:"exceptions"` // what was otherwise than the rules say, and who accepted that

	// Rows are the memberships under review: all of one group together, the groups in the
	// order of Groups. An error ends the pack.
	Rows iter.Seq2[Row, error] `json:"-"`
	// Events are those of the log that the campaign is made of, with what proves that each is
	// in it; nil: they are left out.
	Events iter.Seq2[Event, error] `json:"-"`
}

// Status is how far a campaign has come.
type Status string

// How far a campaign has come.
const (
	Open      Status = "open"      // the pack tells how it stands so far
	Closed    Status = "closed"    // nothing comes any more
	Cancelled Status = "cancelled" // it was broken off; what was revoked by then stays revoked
)

// Link names something that can be looked at elsewhere.
type Link struct {
	Key string `json:"key"`           // as people write it, as in "IT-104"
	URL string `json:"url,omitempty"` // http or https; anything else is written as text
}

// Period is the time that a review is about; both days belong to it. Zero: nobody said which it is.
type Period struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
	Why  string    `json:"why,omitempty"` // by whom or what it was chosen, where nobody wrote it down
}

// Times are the moments of a campaign; zero for what has not happened.
type Times struct {
	Drafted  time.Time `json:"drafted,omitzero"`  // when the draft was made
	Snapshot time.Time `json:"snapshot,omitzero"` // the moment as of which all rows are
	Started  time.Time `json:"started,omitzero"`  // when reviewers were asked
	Due      time.Time `json:"due,omitzero"`      // until when they had time
	Closed   time.Time `json:"closed,omitzero"`   // when it was closed, every removal checked again
	Made     time.Time `json:"made"`              // when this pack was made
}

// Tool is what made the pack and whose log it goes by.
type Tool struct {
	Version string `json:"version"` // of Latchkey
	Log     string `json:"log"`     // the log's name
	// Checkpoint is the newest signed head of the log when the pack was made, a note of
	// c2sp.org/tlog-checkpoint; empty where there is none yet.
	Checkpoint string `json:"-"`
	// Chain is how many events the campaign's own chain has, and the leaf of the last.
	Chain Head `json:"chain"`
	// Keys are the public keys that the pack is signed with, for people to compare.
	Keys []string `json:"keys"`
}

// Head is the end of a chain of events.
type Head struct {
	Subject string `json:"subject"` // as in "campaign:AC-7F3K9Q2M"
	N       uint64 `json:"n"`       // of the last event
	Leaf    string `json:"leaf"`    // of it: 44 characters of base64, as the log writes it
}

// Scope is what was reviewed, why that, and what was not.
type Scope struct {
	Text string `json:"text"` // what is under review and why, in sentences
	Rule string `json:"rule"` // the selection as it is configured
	// NotGoverned are groups that the directories have and the review leaves out.
	NotGoverned []Ungoverned `json:"not_governed"`
	// Exclusions are people, groups or memberships that were taken out of the review.
	Exclusions []Exclusion `json:"exclusions"`
	// Blind is what the review can't see: apps outside the directories, direct accounts,
	// directories that were not read. An empty list is refused: every review has some.
	Blind []Blind `json:"not_covered"`
}

// Ungoverned is a group that is not under review.
type Ungoverned struct {
	Directory string    `json:"directory"`
	ID        string    `json:"id"` // the group's id there
	Name      string    `json:"name"`
	Members   Fact[int] `json:"members"` // by the directory's own count
	Why       string    `json:"why"`     // why it is not under review
}

// Exclusion is what was taken out of a review, by whom and why.
type Exclusion struct {
	What   string    `json:"what"` // a person, a group or a membership, in words
	ID     string    `json:"id"`   // its id: an account's, a group's, or a row's
	Rows   int       `json:"rows"` // how many memberships it takes out
	Reason string    `json:"reason"`
	By     Actor     `json:"by"` // who approved it
	At     time.Time `json:"at"`
}

// Blind is something that the review says nothing about.
type Blind struct {
	Kind BlindKind `json:"kind"` // what kind of gap it is
	What string    `json:"what"` // which: an app, a directory, a kind of account
	Why  string    `json:"why"`  // why it is not covered, and where it is looked at instead if it is
}

// BlindKind is a kind of what a review can't see.
type BlindKind string

// The kinds of what a review can't see.
const (
	OutsideDirectories BlindKind = "app_outside_directories"
	DirectAccounts     BlindKind = "direct_accounts"
	DirectoryNotRead   BlindKind = "directory_not_read"
	OtherBlind         BlindKind = "other"
)

// Policy is by which rules the campaign ran, as they were when it began.
type Policy struct {
	Reviewers  string  `json:"reviewers"`   // who reviews, in words
	Fallback   string  `json:"fallback"`    // who does where the rule finds nobody
	Stages     []Stage `json:"stages"`      // one or two
	NoReviewer string  `json:"no_reviewer"` // what becomes of rows for which nobody could be found
	NoAnswer   string  `json:"no_answer"`   // what becomes of rows that nobody answered until the end
	Cadence    string  `json:"cadence"`     // how often it runs, as in "quarterly"
	Usage      string  `json:"usage"`       // what counts as use, and of which apps it doesn't
	Restore    string  `json:"restore"`     // how long a removal can be taken back, and how

	Privileged Privileged `json:"privileged"` // what is otherwise for privileged rows
}

// Stage is one round of answers.
type Stage struct {
	Name     string `json:"name"`
	Strategy string `json:"strategy"` // what follows of several answers, as in "one_deny_denies"
	Words    string `json:"words"`    // the same in a sentence
}

// Privileged is what holds for privileged rows.
type Privileged struct {
	Cadence string `json:"cadence"`         // how often they are reviewed
	Bulk    bool   `json:"bulk_allowed"`    // whether several may be kept at once
	Reason  bool   `json:"reason_required"` // whether a reason is asked for to keep one
	Meaning string `json:"meaning"`         // what makes a row privileged
}

// Actor is somebody who did something.
type Actor struct {
	Person  string `json:"person"`            // Latchkey's id of the person, which never changes; empty for Latchkey itself
	Name    string `json:"name"`              // as it was then; for people to read
	Account string `json:"account,omitempty"` // with which it was done, as in "slack T01/U024"
}

// Exception is something that was otherwise than the rules say, which somebody accepted.
type Exception struct {
	What   string    `json:"what"`            // what was otherwise
	About  string    `json:"about,omitempty"` // the row, group or reviewer it is about
	Reason string    `json:"reason"`
	By     Actor     `json:"by"` // who accepted it
	At     time.Time `json:"at"`
	Until  time.Time `json:"until,omitzero"` // until when; zero: for this campaign
	Issue  Link      `json:"issue,omitzero"`
}

// Leaver is somebody who has left and whose access the review came upon, or who left
// in the period.
type Leaver struct {
	Person  Person          `json:"person"`  // as they were in the population
	Left    Fact[time.Time] `json:"left"`    // when they left
	Source  string          `json:"source"`  // who says so
	Removed Fact[time.Time] `json:"removed"` // when the last of their access was seen to be gone
	Rows    []string        `json:"rows"`    // of them in this review, by id
	// SignIns are those between leaving and removal.
	SignIns Fact[[]time.Time] `json:"sign_ins"`
	Reach   Fact[time.Time]   `json:"sign_ins_reach"` // since when the source remembers sign-ins
}
