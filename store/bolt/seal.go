package bolt

import (
	"context"
	"errors"
	"fmt"

	"latchkey/store"
)

// sealer moves old events out of the main file, a stretch at a time, so that
// the file stays quick to open however long the log grows. The file of a stretch
// is complete and durable before the one transaction that takes its events out
// of the main file and puts the stretch on record; a crash before that leaves a
// file that the next attempt writes again.
type sealer struct {
	length uint64
	heard  uint64 // the committer's own: how long the log was when the sealer was last woken
	wake   chan struct{}
	shreds chan chan error // whoever waits until nothing is left of what was erased
	done   chan struct{}
}

func newSealer(length uint64) *sealer {
	return &sealer{length: length, wake: make(chan struct{}, 1), shreds: make(chan chan error), done: make(chan struct{})}
}

// appended hears from the committer how long the log is.
func (s *sealer) appended(last uint64) {
	if last >= s.heard+s.length {
		s.heard = last
		s.ring()
	}
}

func (s *sealer) ring() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// seal runs until the store closes.
func (s *Store) seal() {
	defer close(s.sealer.done)
	s.finishShred()
	for {
		select {
		case <-s.sealer.wake:
		case answer := <-s.sealer.shreds:
			answer <- s.shred()
			continue
		case <-s.closing:
			return
		}
		for more := true; more; {
			var err error
			more, err = s.sealNext()
			if err != nil && !errors.Is(err, store.ErrClosed) {
				s.log.Warn("old events could not be moved out of the main file; they stay there until the next attempt", "path", s.path, "error", err)
			}
		}
	}
}

// sealNext moves the oldest stretch, if there is enough behind it.
func (s *Store) sealNext() (more bool, err error) {
	done, err := s.writeOldest()
	if err != nil || done.first == 0 {
		return false, err
	}
	err = s.Update(context.Background(), func(t store.Tx) error { return t.(*tx).takeOut(done) })
	return err == nil, err
}

// writeOldest makes the file of the next stretch: none while the main file holds
// less than two of them.
func (s *Store) writeOldest() (done stretch, err error) {
	err = s.View(context.Background(), func(t store.Tx) error {
		l := t.(*tx).eventLog
		newest, _ := l.in(events).Cursor().Last()
		oldest, _ := l.in(events).Cursor().First()
		if oldest == nil || seqOf(newest)-seqOf(oldest)+1 < 2*s.sealer.length {
			return nil
		}
		next := stretch{first: seqOf(oldest), last: seqOf(oldest) + s.sealer.length - 1}
		next.root, err = s.stretches.write(next, l.scan(events, nil, seqKey(next.first)))
		if err != nil {
			return fmt.Errorf("write a stretch of the log: %w", err)
		}
		done = next
		return nil
	})
	return done, err
}
