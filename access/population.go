package access

import (
	"fmt"
	"slices"
	"time"
)

// Population is who was read of a group, and what shows that nobody is missing: the requests made, what came back, and how
// many members the vendor itself counts. It holds figures and no members.
type Population struct {
	Directory string // the id of the directory
	Service   string `json:",omitempty"` // whose API answered, as in "Okta"
	Group     string // the directory's own id of the group
	Name      string `json:",omitempty"` // of the group when it was read
	Tool      string // which version of Latchkey read it

	// Readings are all that were made, in their order. The last is the one whose rows are used.
	Readings []Reading `json:",omitempty"`
	// File is the file from which it was read; nil where a directory was asked.
	File *ImportedFile `json:",omitempty"`
	// Failure is why the group could not be read to its end, in words for people; "" where it could.
	Failure string `json:",omitempty"`
	// Accepted is that somebody takes it as it is although it isn't proven.
	Accepted *PopulationAcceptance `json:",omitempty"`
}

// Reading is one pass through a group, from the first page to the end of the last.
type Reading struct {
	// Lists are those that were gone through: the group's own first, then those of groups inside it.
	Lists []ListRead
	// Accounts is how many different accounts are members. Doubled are those of them that are somebody's who is in the group by
	// an account before it, too: each has a row of its own.
	Accounts int
	Doubled  int `json:",omitempty"`
	// LookedUp is how many of the members were looked up by themselves, one of each page, and Strangers of how many the
	// directory said then that they are no members.
	LookedUp  int `json:",omitempty"`
	Strangers int `json:",omitempty"`
	// RowsHash is the SHA-256, in hex, of all rows of all lists as they were received, each followed by a line feed.
	RowsHash string
	// AccountsHash is the SHA-256, in hex, of the accounts' ids, sorted by their bytes, each followed by a line feed: equal
	// for two readings that found the same members, in whatever order.
	AccountsHash string
}

// ListRead is one list of a vendor's, read to its end.
type ListRead struct {
	Request  APIRequest
	Pages    int
	Rows     int // received, whatever they stand for
	Repeated int `json:",omitempty"` // those of Rows that stand for what the list had named before
	// Uncounted are rows that the vendor's count leaves out, and NotAccounts those that stand for no account, such as
	// devices and groups; Apart says what they are, in words for people.
	Uncounted   int    `json:",omitempty"`
	NotAccounts int    `json:",omitempty"`
	Apart       string `json:",omitempty"`
	// Unlisted is how many members another list of the vendor's names, and this one doesn't.
	Unlisted int `json:",omitempty"`
	// ByPosition says that the vendor's pages are cut by position: a member that leaves meanwhile moves another one to a page
	// that was read already, and the count doesn't show it.
	ByPosition bool `json:",omitempty"`
	// Moved says that somebody joined or left while the list was read, by what the vendor says of the group: then the count doesn't
	// show whether a page was skipped into.
	Moved bool `json:",omitempty"`
	// First and Last are when the first and the last page were received.
	First, Last time.Time
	Count       VendorCount
}

// APIRequest is what a vendor was asked, without the host and without anything secret.
type APIRequest struct {
	Method string
	Path   string
	Params []APIParam `json:",omitempty"` // of the first page, in the order of their names
}

// APIParam is one parameter of a request.
type APIParam struct{ Name, Value string }

// VendorCount is how many members the vendor itself counts. The zero value is unknown, which equals no number.
type VendorCount struct {
	N       int
	Known   bool
	At      time.Time  `json:",omitzero"` // when it was received
	Request APIRequest `json:",omitzero"`
}

// PopulationAcceptance is that somebody of IT takes a population that isn't proven as it is. It holds for what they saw and
// for nothing that is read later.
type PopulationAcceptance struct {
	By       Actor
	At       time.Time
	Why      string // in their own words
	Proof    Proof  // what was wrong
	Accounts string // AccountsHash of the reading they saw
}

// Proof is what is known of a population: by what it is proven, or why it isn't.
type Proof string

// What can be known of a population.
const (
	ProvedByCount     Proof = "count"         // the vendor counts, after the last page, as many as were read
	ProvedByRereading Proof = "rereading"     // the vendor doesn't count, or its pages are cut by position; two readings in a row found the same members
	ProvedByFile      Proof = "file"          // it is all that an imported file says, and the file is named
	CountDiffers      Proof = "count_differs" // the vendor counts otherwise than was read
	ListsDiffer       Proof = "lists_differ"  // another list of the vendor's names members that this one doesn't
	NotMembers        Proof = "not_members"   // somebody on the list is no member, asked for by themselves
	RowsRepeated      Proof = "repeated"      // the list named somebody twice
	RowsLost          Proof = "lost"          // not as many members were kept as rows were received
	CountUnknown      Proof = "count_unknown" // the vendor doesn't count, and nothing takes the place of that
	Unconfirmed       Proof = "unconfirmed"   // pages are cut by position, and it was read only once
	Unsteady          Proof = "unsteady"      // two readings in a row found different members
	Unread            Proof = "unread"        // it wasn't read to its end, or nothing says how
)

// Last is the reading whose rows are used; nil where there is none.
func (p Population) Last() *Reading {
	if len(p.Readings) == 0 {
		return nil
	}
	return &p.Readings[len(p.Readings)-1]
}

// Rereadings is how often it was read once more.
func (p Population) Rereadings() int { return max(0, len(p.Readings)-1) }

// Proven reports whether nobody is missing, as far as the vendor lets that be known.
func (p Population) Proven() bool {
	proof := p.Proof()
	return proof == ProvedByCount || proof == ProvedByRereading || proof == ProvedByFile
}

// Usable reports whether a campaign may start with it: it is proven, or somebody accepted exactly this.
func (p Population) Usable() bool {
	a, last := p.Accepted, p.Last()
	return p.Proven() || a != nil && last != nil && p.Proof().acceptable() && a.Proof == p.Proof() && a.Accounts == last.AccountsHash
}

// acceptable reports whether somebody may take a population with this fault as it is. What wasn't read to its end, or was
// lost on the way, is not known to whoever accepts.
func (p Proof) acceptable() bool { return p != Unread && p != RowsLost }

// Accept has somebody take it as it is. What wasn't read to its end can't be accepted: nobody knows what is missing. A
// reason is needed, and what is proven needs no acceptance.
func (p Population) Accept(by Actor, at time.Time, why string) (Population, error) {
	switch proof := p.Proof(); {
	case p.Proven():
		return p, refuse(Invalid, fmt.Sprintf("Who is in %s is proven: there is nothing to accept.", p.named()))
	case !proof.acceptable():
		return p, refuse(Invalid, fmt.Sprintf("%s wasn't read to its end, so nobody knows who is missing: have it read again.", p.named()))
	case why == "":
		return p, Refuse(Invalid, "reason", "Say why it may be used all the same: auditors read it.")
	case by.Person == "":
		return p, refuse(NotAllowed, "Only a person of IT can accept who was read of a group, by name.")
	default:
		p.Accepted = &PopulationAcceptance{By: by, At: at.UTC(), Why: why, Proof: proof, Accounts: p.Last().AccountsHash}
		return p, nil
	}
}

// Pages, Rows, Repeated are of all lists of a reading.
func (r Reading) Pages() int { return r.sum(func(l ListRead) int { return l.Pages }) }

// Rows is how many rows were received.
func (r Reading) Rows() int { return r.sum(func(l ListRead) int { return l.Rows }) }

// Repeated is how many rows named what their list had named before.
func (r Reading) Repeated() int { return r.sum(func(l ListRead) int { return l.Repeated }) }

// Counted is how many members the vendor counts in all lists together; unknown where it doesn't count one of them.
func (r Reading) Counted() (n int, known bool) {
	known = len(r.Lists) > 0 && !slices.ContainsFunc(r.Lists, func(l ListRead) bool { return !l.Count.Known })
	if known {
		n = r.sum(func(l ListRead) int { return l.Count.N })
	}
	return n, known
}

// Began is when the first page was received, and Ended when the last one was.
func (r Reading) Began() (at time.Time) {
	for _, l := range r.Lists {
		if at.IsZero() || l.First.Before(at) {
			at = l.First
		}
	}
	return at
}

// Ended is when the last page was received.
func (r Reading) Ended() (at time.Time) {
	for _, l := range r.Lists {
		if l.Last.After(at) {
			at = l.Last
		}
	}
	return at
}

func (r Reading) sum(of func(ListRead) int) (n int) {
	for _, l := range r.Lists {
		n += of(l)
	}
	return n
}

// Countable is how many of a list's rows the vendor's count is to be compared with.
func (l ListRead) Countable() int { return l.Rows - l.Repeated - l.Uncounted }

// accounts is how many different accounts a list named.
func (l ListRead) accounts() int { return l.Rows - l.Repeated - l.NotAccounts }
