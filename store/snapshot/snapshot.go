package snapshot

import (
	"errors"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// Errors beside those of package store.
var (
	// ErrUnfinished: the snapshot was begun and not finished, so nothing can be read of it.
	ErrUnfinished = errors.New("the snapshot isn't finished yet")
	// ErrFinished: the snapshot is finished, so nothing can be added to it.
	ErrFinished = errors.New("the snapshot is finished")
)

// Use is what a source says of when something was last used. It tells four things apart:
// with At, it was used then; with Reach alone, it was not used since then, and the source
// tells nothing of before; with Source alone, the source doesn't know; with nothing,
// nobody asked.
type Use struct {
	At     time.Time // the last use; zero where none is known
	Reach  time.Time // how far back the source reaches; zero where that isn't known
	Source string    // in words for people, such as "sign-ins in Okta's System Log"
}

// Manager is who a directory says somebody's manager is.
type Manager struct {
	Person  access.PersonID // who that is for Latchkey; empty where it isn't known
	Account string          // the account in the directory of the person; empty where none is named
	Text    string          // what the directory says instead of an account
}

// Person is an account as its directory showed it, once for all its rows. Times are kept
// to the millisecond.
type Person struct {
	Number    int    // set by the Writer, from 0; see Row.Account
	Directory string // the directory's id in the configuration; empty for a reviewer without an account
	Account   string // the account's id there
	ID        access.PersonID

	Name       string
	Address    access.Email // what the account signs in with
	Title      string
	Department string
	Type       string // of work relation
	Location   string
	Manager    Manager

	Status  access.Standing // empty where the directory didn't show the account
	Created time.Time       // of the account; zero where it isn't known
	SignIn  Use             // of the account, to the directory

	Erased bool // what names or describes the person was taken away: see Erase
}

// Group is a group under review, as it was seen.
type Group struct {
	Number     int // set by the Writer, from 0
	Ref        catalog.GroupRef
	ID         string // the directory's
	Name       string
	App        string // the app whose roles it opens
	Roles      []string
	Risk       catalog.Risk
	Privileged bool
	Opens      string // what it opens, in words for the reviewer

	// Proof is how it is known that the rows are all there are. What stands in it is for
	// whoever writes it.
	Proof []byte

	First uint64 // item id of its first row; set by the Writer
	Rows  int    // how many it has; set by the Writer
}

// Earlier is what an earlier review said of the same membership.
type Earlier struct {
	Decision string // empty: none
	Campaign string
}

// Row is one account's membership of one group.
type Row struct {
	Item    uint64 // set by the Writer: the rows' running number from 1, and never anything else's
	Group   int    // set by the Writer: the group's number
	Account int    // the number of the Person

	Source  access.Source // what explains the membership; empty: nothing
	Grant   string        // that explains it
	Request string        // that the grant came of
	Since   time.Time     // zero: not known
	Until   time.Time     // when it ends by itself; zero: never, or not known
	Use     Use           // of the app, by the account
	Peers   catalog.Share // of the account's peers, that are in the group as well
	Earlier Earlier

	Conflicts      []string // rules of segregation of duties that the membership is part of breaking
	Recommendation string
	Reason         string // for the recommendation: a code
	Excluded       string // why nobody decides on it; empty where somebody does
	Reviewers      []int  // the numbers of the people who are to decide
	Second         []int  // of those who are to decide after them, where the campaign has a second stage
}

// Header says what a finished snapshot holds.
type Header struct {
	Campaign string
	Begun    time.Time
	Finished time.Time
	Groups   int
	People   int
	Rows     uint64
	Hash     access.Hash // of everything, but for what can be erased, which it holds salted hashes of
}
