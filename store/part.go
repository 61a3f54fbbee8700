package store

import "context"

// Parted is a store whose log lies in parts that can be moved to places which cost less.
// The leaves and the roots of the log's tree are in none of them: they never move.
type Parted interface {
	// Parts are all parts, in the order of the events in them.
	Parts(ctx context.Context) ([]Part, error)
	// MovePart moves the part that begins with an event's place to where it is
	// to be kept, whatever that means to the store. Everybody goes on meanwhile. It
	// is an ErrOutstanding if somebody stood in its way. One that is
	// there already stays.
	MovePart(ctx context.Context, first uint64, to string) error
}

// Part is a stretch of the log.
type Part struct {
	First uint64 `json:"first"`           // the place of the first event
	Last  uint64 `json:"last"`            // and of the last; before First: there is none yet
	Full  bool   `json:"full"`            // no more events come into it
	Where string `json:"where,omitempty"` // it is kept; "": where the store is
	Bytes int64  `json:"bytes"`
}
