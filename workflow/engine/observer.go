package engine

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/store"
)

// Observer is told what this process did, once it is done: of processes that share a store each
// counts its own. It is called where the work is done, so it is quick, and it is safe for
// concurrent use.
type Observer interface {
	// Happened is told what a unit has written into the log, once that is durable.
	Happened(ctx context.Context, h Happened)
	// Claimed is told how many tasks of a queue were taken at once.
	Claimed(queue string, tasks int)
	// Attempted is told how an attempt of a task ended: see Ended.
	Attempted(t store.Task, how Ended)
}

// Ended is how an attempt of a task ended: well, or by the class of its failure.
type Ended string

// How else attempts end.
const (
	EndedWell Ended = "done"
	EndedLost Ended = "taken_over" // another process has the task by now
)

// endedBy is how an attempt ended.
func endedBy(err error) Ended {
	switch {
	case err == nil:
		return EndedWell
	case errors.Is(err, errLost):
		return EndedLost
	}
	return Ended(classify(err).Class)
}

// Happened is what a unit has written into the log, and what that is about as it stood at its end.
type Happened struct {
	Events []access.Event
	known  identity
}

// unobserved is for processes whose work nobody counts.
type unobserved struct{}

func (unobserved) Happened(context.Context, Happened) {}
func (unobserved) Claimed(string, int)                {}
func (unobserved) Attempted(store.Task, Ended)        {}
