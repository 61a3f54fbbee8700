// Package rows looks up the rows of a campaign: each membership as it was read for it, with what was said and done about it
// since. It knows, too, how campaigns, rows and worklists are kept, and the tasks that are about them.
package rows

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
