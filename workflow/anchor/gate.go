package anchor

import (
	"context"
	"errors"
	"sync/atomic"
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

// gate keeps the log from growing in ways that may be wrong. What was found out of it so far stands in the store, where every process
// that shares it reads the same.
type gate struct {
	compared atomic.Bool          // since this start
	upTo     atomic.Uint64        // how often the store was found to be set back when it was compared last
	setBack  func() store.SetBack // what is found of that
}

// reverted tells whether the store may be another one than what was compared last.
func (g *gate) reverted() bool { return g.setBack().Times != g.upTo.Load() }

// agreed says that the store was compared, as it was when this was found.
func (g *gate) agreed(with store.SetBack) {
	g.upTo.Store(with.Times)
	g.compared.Store(true)
}

// Compared refuses additions until the store was compared with what is anchored, once
// in each start, and once more whenever it may have been set back.
func (g *gate) Compared() error {
	if g.compared.Load() && !g.reverted() {
		return nil
	}
	return &access.Failure{Class: access.Limited, After: askAgain,
		Sentence: "Nobody is put into a group before the store was compared with what is anchored of it in Jira"}
}

// Frozen refuses to go on with the story of a subject that Jira has more of: what was
// added to it here would be another story.
func (*gate) Frozen(tx store.Tx, about access.Subject) error {
	ahead, err := store.IsAhead(tx, about)
	if err == nil && ahead {
		err = access.Refuse(access.TooLate, "", "Jira knows more about this than Latchkey's store, which is an older one, so it is left as it is. IT was told; it goes on when the store was brought up.")
	}
	return err
}

// MayRecord refuses to write stories into Jira while it is not certain that this is
// the log they belong to, and where Jira may have more of them since the store was set back.
func (s *Service) MayRecord(ctx context.Context) error {
	if s.reverted() {
		return s.Compared()
	}
	barred, err := s.barred(ctx)
	if err != nil || !barred {
		return err
	}
	return &access.Failure{Class: access.Limited, After: time.Minute,
		Sentence: "Nothing is written into Jira's issues while the log has another history than what is anchored of it, or another Latchkey writes to it"}
}

// barred tells whether it is not certain that this is the log that the record belongs to.
func (s *Service) barred(ctx context.Context) (barred bool, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		barred = false
		for _, cause := range []string{store.QuarantineFork, store.QuarantineTwin} {
			_, err := store.LoadQuarantine(tx, cause)
			var damaged *store.Damaged
			switch {
			case err == nil, errors.As(err, &damaged): // there is one
				barred = true
			case !errors.Is(err, store.ErrNotFound):
				return err
			}
		}
		return nil
	})
	return barred, err
}
