package idp

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"
)

// ErrUnfinished says that a listing wasn't gone through to its end, so nothing can be said of how it was read.
var ErrUnfinished = errors.New("the list was not read to its end")

// Extraction says how a listing was read: what was asked, what came, and how many the vendor itself counts. An auditor
// needs it to believe that nobody is missing.
type Extraction struct {
	Service string // whose API answered, for people, as in "Okta"
	// Lists are those that were gone through: the group's own first, then those of groups inside it.
	Lists []ListRead
	// Spots are accounts that were listed, one of each page, chosen by chance: who wants to know that the pages are this
	// group's looks them up by themselves.
	Spots []string
	// RowsHash is over all rows of all lists in the order in which they came, each as it was received and followed by a line feed.
	RowsHash [sha256.Size]byte
}

// ListRead is one list of a vendor's, read to its end.
type ListRead struct {
	Request  Request
	Pages    int
	Rows     int // received, whatever they stand for
	Repeated int // those of Rows that stand for what the list had named before
	// Uncounted are rows that the vendor's count leaves out, NotAccounts those that stand for no account; Apart says what
	// these are, in words for people, as in "devices: 2".
	Uncounted, NotAccounts int
	Apart                  string
	// Unlisted is how many members another list of the vendor's names, and this one doesn't.
	Unlisted int
	// Confirmed and Contradicted are how many accounts on the list say of themselves that they are in the group, and that they
	// are not, where the accounts say that and were read.
	Confirmed, Contradicted int
	// ByPosition says that pages are cut by position: a member that leaves while the list is read moves another one to a page
	// that was read already.
	ByPosition bool
	// Moved says that somebody joined or left while the pages were read, by what the vendor itself says of the group.
	Moved       bool
	First, Last time.Time // when the first and the last page were received
	// Count is the vendor's own, asked for after the last page; CountedBy is by what.
	Count     Count
	CountedAt time.Time
	CountedBy Request
}

// Request is what a vendor was asked for: no host, nothing secret.
type Request struct {
	Method string
	Path   string
	Params []Param // in the order of their names
}

// Param is one parameter of a request.
type Param struct{ Name, Value string }

// Counter asks a vendor how many members it counts, and says by which request.
type Counter func(ctx context.Context) (Count, Request, error)
