// Package retention has old parts of the log moved, once a night, to where they cost less. Nothing is ever deleted:
// all of it stays readable, and the leaves of the log's tree stay where they are.
package retention

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Duty is the name of the room's duty in the calendar.
const Duty = "retention"

// Terms say which events are old, and where those are kept.
type Terms struct {
	After time.Duration // how old the last event of a part has to be; zero: nothing is moved
	To    string        // as the store calls it
}

// Config is what the room is made of.
type Config struct {
	Units  *engine.Units
	Parts  store.Parted // nil: the store has none
	Terms  Terms
	Line   string // of the calendar
	Logger *slog.Logger
}

// Service moves what is old.
type Service struct {
	units *engine.Units
	parts store.Parted
	terms Terms
	line  string
	log   *slog.Logger
}

// New makes it.
func New(c Config) *Service {
	s := &Service{units: c.Units, parts: c.Parts, terms: c.Terms, line: c.Line, log: c.Logger}
	if s.parts == nil || s.terms.After == 0 {
		s.line = ""
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s
}

// Duties are the room's lines in the table of duties.
func (s *Service) Duties() []engine.Duty {
	return []engine.Duty{{Name: Duty, Line: s.line, Do: func(ctx context.Context, _ store.Task) (engine.Outcome, error) { return nil, s.turn(ctx) }}}
}

// turn moves one part after the other. What stands in the way of one doesn't keep others from being moved; the next attempt goes on
// with what is left.
func (s *Service) turn(ctx context.Context) error {
	err := Move(ctx, s.units, s.parts, s.terms, s.units.Now(), func(p Part) {
		s.log.InfoContext(ctx, "old events were moved", "first", p.First, "last", p.Last, "to", s.terms.To)
	})
	if err != nil {
		return &access.Failure{Class: access.Transient, Sentence: "Old events stay where they are for now, and nothing of them is lost: " + err.Error(), Err: err}
	}
	return nil
}

// Move moves the parts that are old and lie elsewhere, and says which.
func Move(ctx context.Context, v Viewer, parts store.Parted, terms Terms, now time.Time, moved func(Part)) error {
	all, err := Parts(ctx, v, parts, terms, now)
	if err != nil {
		return err
	}
	var left []error
	for _, p := range all {
		if p.Full && p.Problem != "" {
			left = append(left, named(p.Part, errors.New(p.Problem)))
		}
		if !p.Old || p.Where == terms.To {
			continue
		}
		switch err := parts.MovePart(ctx, p.First, terms.To); {
		case errors.Is(err, store.ErrOutstanding):
			left = append(left, named(p.Part, err))
		case err != nil:
			return errors.Join(append(left, named(p.Part, err))...)
		default:
			moved(p)
		}
	}
	return errors.Join(left...)
}

func named(p store.Part, err error) error {
	return fmt.Errorf("the events from place %d to %d: %w", p.First, p.Last, err)
}

// Viewer shows the state of a store.
type Viewer interface {
	View(ctx context.Context, fn func(store.Tx) error) error
}

// Part is a part of the log, and how old it is.
type Part struct {
	store.Part
	Until time.Time `json:"until"` // when its last event happened; zero: it has none
	Old   bool      `json:"old"`   // it is to lie where old events are kept

	Problem string `json:"problem,omitempty"` // why nobody knows how old it is; then neither it nor what follows it is old
}

// Parts are all parts, those that are old first.
func Parts(ctx context.Context, v Viewer, parts store.Parted, terms Terms, now time.Time) ([]Part, error) {
	found, err := parts.Parts(ctx)
	if err != nil {
		return nil, err
	}
	all, old := make([]Part, len(found)), terms.After > 0
	for i, p := range found {
		all[i].Part = p
		if p.Last < p.First {
			continue
		}
		if all[i].Until, err = last(ctx, v, p); err != nil {
			all[i].Problem, old = err.Error(), false
		}
		old = old && p.Full && !all[i].Until.After(now.Add(-terms.After))
		all[i].Old = old
	}
	return all, nil
}

// last is when the last event of a part happened.
func last(ctx context.Context, v Viewer, p store.Part) (at time.Time, err error) {
	err = v.View(ctx, func(tx store.Tx) error {
		found, err := store.Events(tx, store.Filter{}, p.Last-1, 1)
		if err == nil && len(found) == 0 {
			err = errors.New("its last one is not there")
		}
		if err == nil {
			at = found[0].At
		}
		return err
	})
	return at, err
}
