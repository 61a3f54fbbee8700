package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"latchkey/store"
)

const (
	// sealedEvents is how long a stretch is. As many of the newest events always
	// stay in the main file.
	sealedEvents = 10_000
	// sealedBytes ends a stretch of large events earlier.
	sealedBytes = 64 << 20
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
	done   chan struct{}
}

func newSealer(length int) *sealer {
	if length <= 0 {
		length = sealedEvents
	}
	return &sealer{length: uint64(length), wake: make(chan struct{}, 1), done: make(chan struct{})}
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
	for {
		select {
		case <-s.sealer.wake:
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
	first, bodies, err := s.oldest()
	if err != nil || len(bodies) == 0 {
		return false, err
	}
	if err := s.stretches.write(first, bodies); err != nil {
		return false, fmt.Errorf("write a stretch of the log: %w", err)
	}
	last := first + uint64(len(bodies)) - 1
	end, err := decodeEvent(last, bodies[len(bodies)-1])
	if err != nil {
		return false, err
	}
	err = s.Update(context.Background(), func(t store.Tx) error { return t.(*tx).takeOut(first, last, end.Hash) })
	return err == nil, err
}

// oldest are the events of the next stretch: none while the main file holds less
// than two stretches.
func (s *Store) oldest() (first uint64, bodies [][]byte, err error) {
	err = s.View(context.Background(), func(t store.Tx) error {
		all := t.(*tx).in(events).Cursor()
		newest, _ := all.Last()
		k, body := all.First()
		if k == nil || seqOf(newest)-seqOf(k)+1 < 2*s.sealer.length {
			return nil
		}
		first = seqOf(k)
		for size := 0; uint64(len(bodies)) < s.sealer.length && size < sealedBytes; k, body = all.Next() {
			if seqOf(k) != first+uint64(len(bodies)) {
				return fmt.Errorf("event %d is missing from the log", first+uint64(len(bodies)))
			}
			bodies = append(bodies, bytes.Clone(body))
			size += len(body)
		}
		return nil
	})
	return first, bodies, err
}

// takeOut puts a stretch on record and removes its events from the main file.
func (b *batch) takeOut(first, last uint64, hash string) error {
	for seq := first; seq <= last; seq++ {
		if err := b.drop(events, seqKey(seq)); err != nil {
			return err
		}
	}
	var p packer
	p.number(first)
	p.text(hash)
	return b.put(sealed, seqKey(last), p)
}

// sealedEvent finds an event that has been moved out; nil if there is none of
// that number.
func (b *batch) sealedEvent(seq uint64) ([]byte, error) {
	k, raw := b.in(sealed).Cursor().Seek(seqKey(seq))
	if k == nil {
		return nil, nil
	}
	u := &unpacker{rest: raw}
	first := u.number()
	if u.err != nil {
		return nil, fmt.Errorf("the record of the stretch that ends in event %d: %w", seqOf(k), u.err)
	}
	if seq < first {
		return nil, nil
	}
	return b.stretches.read(first, seqOf(k), seq)
}
