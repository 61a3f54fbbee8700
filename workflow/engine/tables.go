package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// HouseQueue is the queue of tasks that talk to no vendor.
const HouseQueue = "house"

// The kinds of task that are the engine's own.
const (
	DutyTask   = "duty.do"   // one turn of a regular duty
	DueTask    = "due.do"    // something due that could not be carried out
	EffectTask = "effect.do" // an effect that this version doesn't know
)

// Outcome is what a finished task changes. It runs in the unit that ends the
// task, and may run more than once. nil: nothing but that the task is done.
type Outcome func(*Unit) error

// HandlerFunc carries a task out in the world and says what follows from it. A
// failure is an access.Failure where the party that talks to the vendor could
// classify it.
type HandlerFunc func(context.Context, store.Task) (Outcome, error)

// Handler is one line of the table of handlers.
type Handler struct {
	Do      HandlerFunc
	Timeout time.Duration // how long one attempt may take; zero for a minute
	// Restarts: it takes so long that it is broken off when the process is asked
	// to stop, and begun anew at the next start. Others are finished first.
	Restarts bool
	// Payload says how the payload has changed over time. Tasks are enqueued in
	// its newest form, with its number, and reach Do in it.
	Payload store.Schema
	// Overtaken has it looked at again, from a moment on, what an attempt may have changed at
	// a vendor after another process had taken the task over: its call may have arrived
	// after theirs. It may run more than once. nil: nothing of it can be older than what the
	// other one left.
	Overtaken func(u *Unit, t store.Task, from time.Time) error
	// Doubts: whoever takes such a task over does that, too, because the process before may
	// die before it can.
	Doubts bool
}

// DutyFunc has one turn of a duty. All units under its context are fenced: they
// fail with store.ErrFenced once another process has taken the duty over.
type DutyFunc func(context.Context, store.Task) (Outcome, error)

// Duty is one line of the table of duties: something that is done by the
// calendar.
type Duty struct {
	Name string
	Line string // a calendar line; empty for never
	Do   DutyFunc
}

// DueScan is one line of the table of what falls due: a kind of record whose due
// time a timer watches.
type DueScan struct {
	Kind string // the kind of the records
	// Do carries out what is due of one record now. It must leave the record with
	// another due time, or without one. It runs together with others in one unit,
	// and alone in its own where that unit fails.
	Do func(u *Unit, id string) error
}

// Tables is what the engine works through, apart from the effects, which belong
// to the units of work.
type Tables struct {
	Handlers map[string]Handler // by kind of task
	Duties   []Duty
	Due      []DueScan         // in the order in which they are looked at
	Failures map[string]Policy // by kind of task
	Default  Policy            // for the kinds that have none
}

// Parking says what becomes of a task that can't work as it is asked.
type Parking int

// The ways to park a task.
const (
	ParkTask Parking = iota // it stays, stuck, until a human asks to try again; its lane waits
	ParkNoun                // it goes: its noun was moved by Tell, is visibly stuck and makes a new task on retry
	ParkSlow                // it is never given up: it goes on, slowly
)

// Policy says what becomes of the failures of one kind of task. The zero Policy
// is right for most.
type Policy struct {
	Attempts int           // failures in passing before somebody is told; zero for 8
	Backoff  time.Duration // longest wait between two attempts; zero for a minute
	Parking  Parking
	Slow     time.Duration // for ParkSlow: the wait between two attempts; zero for 2 minutes

	// Soon tells that a human has to hear of this failure at once, before the
	// attempts are used up. It is asked at every failure but a vendor's plea to
	// wait, and sees the task with this failure counted. nil: never.
	Soon func(*Unit, store.Task, *access.Failure) (bool, error)
	// Tell makes the trouble visible to a human. nil: the task alone shows it.
	Tell func(*Unit, store.Task, *access.Failure) error
	// Recovered takes back what was told, when a task that was told about works
	// by itself after all. nil: nothing.
	Recovered func(*Unit, store.Task) error
}

// Payload encodes what a task has to know. It is for plain structs.
func Payload(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode a task's payload: %w", err)
	}
	return b, nil
}

// ReadPayload decodes what a task has to know.
func ReadPayload[T any](t store.Task) (T, error) {
	var v T
	if err := json.Unmarshal(t.Payload, &v); err != nil {
		return v, &access.Failure{Class: access.Rejected, Sentence: fmt.Sprintf("A task of the kind %s has a payload that can't be read", t.Kind), Err: err}
	}
	return v, nil
}

// unknown is the failure for what this version doesn't know. Where several
// processes share the store, another one may be newer: it gets a chance first.
func (s *Units) unknown(what, name string) error {
	class := access.Rejected
	if !s.store.Exclusive() {
		class = access.Transient
	}
	return &access.Failure{Class: class, Sentence: fmt.Sprintf("This version of Latchkey doesn't know %s %q: update it, then try again", what, name)}
}
