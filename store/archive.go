package store

import (
	"context"
	"errors"
	"io"
	"time"
)

// Archiver is a store that can be carried away in one file. One that has tools of
// its own for that, such as a database server, is none.
type Archiver interface {
	// Archive writes one consistent copy of everything that is in the store at this
	// moment, together with what tells a whole copy from a part of one. Updates go on
	// meanwhile and are not in it.
	Archive(ctx context.Context, w io.Writer, at time.Time) error
}

// Archived is what an archive says about itself.
type Archived struct {
	Made   time.Time `json:"made"`   // when the copy was taken
	Events uint64    `json:"events"` // how many have a place in the log
}

// ErrArchive: a file is no archive of a store, or not a whole one.
var ErrArchive = errors.New("store: no whole archive")
