package postgres

import (
	"log/slog"
	"time"
)

// Options tune a store. The zero value is right for production.
type Options struct {
	// Stretch is how many leaves the subtrees have that are kept ready, a power of
	// two; zero for 8,192. A database keeps what it was made with.
	Stretch int
	// Partition is how many events a partition holds; zero for 1,048,576. One that is
	// there stays as it is.
	Partition int
	// Alone keeps others from having the database open meanwhile; one that others have
	// open is a store.ErrInUse. For copies.
	Alone bool
	// Patience is how long Shred and MovePart wait for those who stand in their way; zero for 15
	// seconds.
	Patience time.Duration
	// Logger hears about refused writes and lost sessions; nil for silence.
	Logger *slog.Logger
}

const (
	// writers is how many groups of updates are written at once.
	writers   = 1
	partition = 1 << 20
	// rewritePatience is how long somebody is waited for who stands in the way of writing tables anew.
	rewritePatience = 15 * time.Second
)

func or(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}
