package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/store"
)

// stretchLength is how many entries a stretch has: a power of two, so that its
// leaves are a perfect subtree of the log's. As many of the newest entries always
// stay in the main file.
const stretchLength = 8192

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

func newSealer(length uint64) *sealer {
	return &sealer{length: length, wake: make(chan struct{}, 1), done: make(chan struct{})}
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
		b := t.(*tx).batch
		newest, _ := b.in(events).Cursor().Last()
		oldest, _ := b.in(events).Cursor().First()
		if oldest == nil || seqOf(newest)-seqOf(oldest)+1 < 2*s.sealer.length {
			return nil
		}
		next := stretch{first: seqOf(oldest), last: seqOf(oldest) + s.sealer.length - 1}
		next.root, err = s.stretches.write(next, b.scan(events, nil, seqKey(next.first)))
		if err != nil {
			return fmt.Errorf("write a stretch of the log: %w", err)
		}
		done = next
		return nil
	})
	return done, err
}

// takeOut puts a stretch on record and removes its entries from the main file.
func (b *batch) takeOut(s stretch) error {
	for place := s.first; place <= s.last; place++ {
		if err := b.drop(events, seqKey(place)); err != nil {
			return err
		}
	}
	return b.put(sealed, seqKey(s.last), packStretch(s))
}

func packStretch(s stretch) []byte { return append(seqKey(s.first), s.root[:]...) }

func unpackStretch(k, raw []byte) (stretch, error) {
	var root access.Hash
	if len(raw) != 8+len(root) {
		return stretch{}, fmt.Errorf("the record of the stretch that ends at place %d: %w", seqOf(k), errDamaged)
	}
	return stretch{first: binary.BigEndian.Uint64(raw), last: seqOf(k), root: access.Hash(raw[8:])}, nil
}

// stretchOf finds the stretch a place lies in; ok is false if it is in none.
func (b *batch) stretchOf(place uint64) (s stretch, ok bool, err error) {
	k, raw := b.in(sealed).Cursor().Seek(seqKey(place))
	if k == nil {
		return stretch{}, false, nil
	}
	s, err = unpackStretch(k, raw)
	return s, err == nil && place >= s.first, err
}

// sealedEntry finds an entry that has been moved out; nil if it was not.
func (b *batch) sealedEntry(place uint64) ([]byte, error) {
	s, ok, err := b.stretchOf(place)
	if err != nil || !ok {
		return nil, err
	}
	return b.stretches.read(s, place)
}
