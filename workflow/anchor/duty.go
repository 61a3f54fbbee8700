package anchor

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/evidence/anchor"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// The room's duties.
const (
	Duty     = "anchor.note" // a note is made and posted, also when nothing happened
	PinDuty  = "anchor.pin"  // the newest head is put on the issue, and the store compared
	pinLine  = "@hourly"
	interval = time.Minute // between two checkpoints
)

// Duties are the room's lines in the table of duties.
func (s *Service) Duties() []engine.Duty {
	return []engine.Duty{{Name: Duty, Line: s.line, Do: s.daily}, {Name: PinDuty, Line: pinLine, Do: s.hourly}}
}

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{PostTask: {Do: s.post}}
}

// Failures are the room's lines in the table of failure policies.
func Failures() map[string]engine.Policy {
	return map[string]engine.Policy{PostTask: notify.Visible()}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Tx, store.Task) string {
	return map[string]func(store.Tx, store.Task) string{
		PostTask: func(_ store.Tx, t store.Task) string {
			p, err := engine.ReadPayload[posting](t)
			if err != nil {
				return "post the head of the log outside"
			}
			return "post the head of the log in " + p.Place
		},
	}
}

// Run makes checkpoints until ctx ends, and compares the store as long as it could
// not be compared, or something is missed that may only be late.
func (s *Service) Run(ctx context.Context) {
	for ctx.Err() == nil {
		due, stop := s.clock.Until(s.units.Now().Add(interval))
		if err := engine.Caught("a look at the log's head", func() error { return s.turn(ctx) }); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "the head of the log can't be looked after now", "error", err)
		}
		select {
		case <-due:
		case <-ctx.Done():
		}
		stop()
	}
}

func (s *Service) turn(ctx context.Context) error {
	var err error
	if !s.compared.Load() || s.absent.unsure() || s.against.unsure() {
		err = s.Look(ctx)
	}
	if !s.may(ctx) {
		return err
	}
	leased, lease := s.units.Lease(ctx, "anchor", 2*interval)
	if lease != nil {
		if access.Classify(lease).Class == access.Limited {
			lease = nil // another process does it
		}
		return errors.Join(err, lease)
	}
	return errors.Join(err, s.Checkpoint(leased))
}

// may tells whether anything can be said of the log: there is a key to sign with, and
// nothing speaks against it that this is the log.
func (s *Service) may(ctx context.Context) bool {
	return s.sign != nil && s.compared.Load() && s.lacks(ctx) == nil && !s.held(ctx)
}

// held tells whether it is not certain that this is the log that is anchored.
func (s *Service) held(ctx context.Context) bool {
	held := false
	err := s.units.View(ctx, func(tx store.Tx) error {
		for _, cause := range causes() {
			if _, err := store.LoadQuarantine(tx, cause); !errors.Is(err, store.ErrNotFound) {
				held = true
			}
		}
		return nil
	})
	return held || err != nil
}

// Now makes a note at once and has it posted. A start that has not compared the store yet
// does it first.
func (s *Service) Now(ctx context.Context) error {
	if s.sign == nil || s.outside.archive == nil {
		return &access.Failure{Class: access.Rejected, Sentence: "Only a bot that runs can post a note: start it with latchkey run"}
	}
	if err := s.lacks(ctx); err != nil {
		return err
	}
	if s.Compared() != nil {
		if err := s.Look(ctx); err != nil {
			return err
		}
	}
	if !s.may(ctx) {
		return &access.Failure{Class: access.Rejected, Sentence: "Nothing is anchored while it is not certain that this is the right log: see latchkey stuck"}
	}
	return s.Note(ctx)
}

// daily makes a note. In a start that has not compared the store yet it waits for that.
func (s *Service) daily(ctx context.Context, _ store.Task) (engine.Outcome, error) {
	if err := s.Compared(); err != nil && s.sign != nil && s.lacks(ctx) == nil {
		return nil, err
	}
	if !s.may(ctx) {
		return nil, nil
	}
	return nil, s.Note(ctx)
}

// hourly compares the store with the newest that is anchored, for another Latchkey
// may have begun to write, and puts the newest head on the issue.
func (s *Service) hourly(ctx context.Context, _ store.Task) (engine.Outcome, error) {
	if s.outside.archive == nil {
		return nil, nil
	}
	if err := s.Look(ctx); err != nil || !s.may(ctx) {
		return nil, err
	}
	d, ok, err := s.compose(ctx)
	if err != nil || !ok || d.now.Issue.ID == "" {
		return nil, err
	}
	if len(d.seen) == anchor.LineLimit { // it would not hold more
		return nil, s.Note(ctx)
	}
	if d.now.Pinned == d.heads.Size && d.now.Log == d.heads.Log {
		return nil, nil
	}
	a := store.Anchor{ID: store.AnchorID(d.heads.Log, d.heads.No), Log: d.heads.Log, No: d.heads.No, Size: d.heads.Size, Root: d.heads.Root, At: d.heads.At}
	if err := s.outside.issues.PinAnchor(ctx, d.now.Issue, wordsOf(a, d.post)); err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error {
		now, err := store.LoadAnchoring(u.Tx)
		if err != nil {
			return err
		}
		now.Pinned = d.heads.Size
		return store.PutAnchoring(u.Tx, &now)
	}, nil
}
