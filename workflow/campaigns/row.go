package campaigns

import (
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// Row is a membership that is reviewed, as it was read: this is what reviewers see, and what the pack says they saw.
// What isn't known is zero, or has a field that says so.
type Row struct {
	Number int // in the snapshot, from 1

	Person     access.PersonID
	Account    string // the directory's own id
	Name       string
	Address    string // the sign-in name or e-mail
	Title      string
	Department string
	Type       string // of work relation
	Location   string
	Manager    string // their name or address, as the directory has it
	Left       bool   // the account is deactivated, or its owner has left

	Group      catalog.GroupRef
	GroupID    string // the directory's own id
	GroupName  string
	App, Role  string // ids; of the role that explains the membership, or the first that opens the group
	AppName    string
	RoleName   string
	Opens      string // what the group opens, in a sentence
	Risk       catalog.Risk
	Privileged bool

	Source  catalog.ReviewSource
	Request string // that it came of; "" if of none
	Grant   string
	Since   time.Time // when access came; zero: not known
	Until   time.Time // when it ends by itself; zero: it has no end, or that isn't known

	SignedIn    time.Time // last sign-in to the directory; zero: none is known
	Used        time.Time // last use of the app; zero: none is known
	UsedBy      string    // what the use is taken from, in words; "": nothing is known of use
	UsedReach   time.Time // how far back that reaches
	UsageOff    bool      // the review says that sign-ins say nothing of use
	Peers       int       // percent of those in the same position who have it; below 0: not known
	Earlier     access.ReviewDecision
	EarlierIn   string   // the campaign of the earlier decision
	Conflicts   []string // of the policy, that it violates
	Recommended access.Recommendation
	Because     access.RecommendedBecause

	Reviewers [][]access.PersonID // of each stage, as they were found when it was read
	Excluded  string              // why nobody decides on it, and who approved that; "": somebody does
	Changed   string              // what has changed since it was read, in words; "": nothing that is known
	Item      access.ReviewItem   // what was said and done about it; its State is open where nothing was
	Mine      access.ReviewAnswer // on a reader's page: what they said of it, or whoever they stand in the place of; without a decision where that is nothing
}

// Page is some of the rows that wait for a reviewer, or that they have answered.
type Page struct {
	Campaign access.Campaign
	Worklist access.Worklist
	Rows     []Row
	After    int  // the number of the last row
	More     bool // rows come after it

	As     []access.PersonID // as whose the reader's answers count
	Groups []RowGroup        // of all their rows that wait, whichever are on the page
}

// Filter narrows a page.
type Filter struct {
	OnlyOpen bool                      // without an answer of the reader's
	Because  access.RecommendedBecause // with this reason; "" for all
	Row      int                       // only this one; 0 for all
}

// Answer is what a reviewer says of one row.
type Answer struct {
	Row      int
	Decision access.ReviewDecision
	Reason   string
	Took     time.Duration // how long the row had been before them; 0: not known
	Bulk     bool
}

// Answered says what became of answers.
type Answered struct {
	Worklist access.Worklist
	Refused  map[int]error // by row; the others count
}

// Draft is what is to be known before a campaign starts.
type Draft struct {
	Campaign   access.Campaign
	Reviewers  []DraftReviewer // who would be told, with how many rows each
	Alone      []Row           // rows for which nobody was found; at most draftListed of Campaign.Counts.Alone
	Excluded   []Exclusion
	Conflicts  []string // of interest: reviewers who administer a group, or gave the access, in words
	Unproven   []string
	NotCovered []string // what the review can't see: groups of no app, apps without a directory, directories that can't be read
}

// DraftReviewer is one who would be told.
type DraftReviewer struct {
	Who  access.PersonID
	Name string
	Rows int
	How  string // by which rule they were found, in words
}

// Exclusion is what a review leaves out.
type Exclusion struct {
	What string
	Why  string
	By   string
	Rows int
}

// Status is how a campaign stands.
type Status struct {
	Campaign  access.Campaign
	Worklists []access.Worklist // of the stage
	Names     map[access.PersonID]string
	Manual    []access.ReviewItem // that a human has to remove
	Failed    []access.ReviewItem
}
