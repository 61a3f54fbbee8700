package anchor

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/store"
)

func causes() []string {
	return []string{store.QuarantineOlder, store.QuarantineFork, store.QuarantineTwin}
}

// Outage is what the log is called among what doesn't work as it should.
const Outage = "log"

// askAgain is how soon what waits for a comparison looks again.
const askAgain = 10 * time.Second

// Compared refuses additions until the store was compared with what is anchored, once
// in each start.
func (s *Service) Compared() error {
	if s.compared.Load() {
		return nil
	}
	return &access.Failure{Class: access.Limited, After: askAgain,
		Sentence: "Nobody is put into a group before the store was compared with what is anchored of it in Jira"}
}

// Frozen refuses to go on with the story of a subject that Jira has more of: what was
// added to it here would be another story.
func (s *Service) Frozen(tx store.Tx, about access.Subject) error {
	if !s.older.Load() {
		return nil
	}
	ahead, err := store.IsAhead(tx, about)
	if err == nil && ahead {
		err = access.Refuse(access.TooLate, "", "Jira knows more about this than Latchkey's store, which is an older one, so it is left as it is. IT was told; it goes on when the store was brought up.")
	}
	return err
}

// MayRecord refuses to write stories into Jira while it is not certain that this is
// the log they belong to.
func (s *Service) MayRecord() error {
	if !s.barred.Load() {
		return nil
	}
	return &access.Failure{Class: access.Limited, After: time.Minute,
		Sentence: "Nothing is written into Jira's issues while the log has another history than what is anchored of it, or another Latchkey writes to it"}
}

// Hello tells why the log does not stand as it should; nil if it does. While it
// doesn't, it is compared anew.
func (s *Service) Hello(ctx context.Context) error {
	var looked error
	if !s.compared.Load() || s.held(ctx) {
		looked = s.Look(ctx)
	}
	var held []store.Quarantine
	err := s.units.View(ctx, func(tx store.Tx) error {
		held = nil
		for _, cause := range causes() {
			h, err := store.LoadQuarantine(tx, cause)
			switch {
			case err == nil:
				held = append(held, h)
			case !errors.Is(err, store.ErrNotFound):
				return err
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case len(held) > 0:
		can := remedies(held[0])
		return &access.Failure{Class: access.Rejected, Sentence: held[0].Why + " " + can[len(can)-1]}
	}
	return looked
}

// recall takes up what an earlier start, or the comparison, has found.
func (s *Service) recall(ctx context.Context) error {
	held, behind := map[string]bool{}, false
	err := s.units.View(ctx, func(tx store.Tx) error {
		all, _, err := store.Sound(store.Quarantines(tx))
		for _, h := range all {
			held[h.Cause] = true
		}
		if err != nil {
			return err
		}
		ahead, _, err := store.Sound(store.Aheads(tx))
		behind = len(ahead) > 0
		return err
	})
	if err != nil {
		return err
	}
	s.older.Store(held[store.QuarantineOlder] || behind)
	s.barred.Store(held[store.QuarantineFork] || held[store.QuarantineTwin])
	return nil
}
