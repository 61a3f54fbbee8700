package app

import (
	"time"

	"latchkey/evidence"
	"latchkey/workflow/query"
)

// Stuck is one thing that waits for a human.
type Stuck = query.Stuck

// Retried is what came of having one stuck thing tried again.
type Retried struct {
	Stuck
	Problem string `json:"problem,omitempty"` // why it isn't; empty: it is
}

// WeeklyReport is a report with the name of its week.
type WeeklyReport struct {
	Week string `json:"week"`
	evidence.Report
	Checkpoint string `json:"checkpoint,omitempty"` // the newest signed head of the log
}

// SignedLog is how the log is called, and the key that it was last signed with.
type SignedLog struct {
	Log string `json:"log"`
	Key string `json:"key,omitempty"`
}

// Head is the newest signed checkpoint, and what was written since.
type Head struct {
	Checkpoint string    `json:"checkpoint"`
	At         time.Time `json:"at"`
	Size       uint64    `json:"size"`
	Since      uint64    `json:"since"` // events that it does not cover
	Notes      uint64    `json:"notes"` // how many heads notes were posted
}
