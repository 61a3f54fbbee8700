package bolt

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"latchkey/store"
)

// What was erased is still in the files: in stretches, and in pages of the main file
// that are free by now. Stretches are written anew. Free pages are taken up by a map
// of zeros, which is made larger until the file has no free page left, and dropped
// then: bbolt writes a page as a whole, so that nothing is left of what stood there.

const (
	// zeroSize makes two values fill one page, so that single pages are taken up, too.
	zeroSize = 1900
	// zerosAtOnce are written in one update: a megabyte, which nobody waits long for.
	zerosAtOnce = 512
)

// Shred implements store.Shredder.
func (s *Store) Shred(ctx context.Context) error {
	answer := make(chan error, 1)
	select {
	case s.sealer.shreds <- answer:
	case <-s.closing:
		return store.ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// shred is the sealer's: no stretch is made meanwhile.
func (s *Store) shred() error {
	if err := s.shredStretches(); err != nil {
		return fmt.Errorf("write stretches of the log anew, without what was erased: %w", err)
	}
	if err := s.shredPages(); err != nil {
		return fmt.Errorf("overwrite free pages of %s: %w", s.path, err)
	}
	return nil
}

// shredStretches writes those stretches anew that have something that was erased. The
// marks go with the one update after that; broken off before, it is done again.
func (s *Store) shredStretches() error {
	var marked []stretch
	err := s.View(context.Background(), func(t store.Tx) error {
		marked = nil
		l := t.(*tx).eventLog
		for k, raw := range l.scan(sealed, nil, nil) {
			of, err := unpackStretch(k, raw)
			if err != nil {
				return err
			}
			if len(l.inStretch(of)) > 0 {
				marked = append(marked, of)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, of := range marked {
		if err := s.shredStretch(of); err != nil {
			return err
		}
	}
	return s.Update(context.Background(), func(t store.Tx) error { return t.(*tx).unmarkMain() })
}

func (s *Store) shredStretch(of stretch) error {
	var done []uint64
	err := s.View(context.Background(), func(t store.Tx) error {
		l := t.(*tx).eventLog
		done = l.inStretch(of)
		var failed error
		err := s.stretches.rewrite(of, l.again(of, &failed))
		return errors.Join(failed, err)
	})
	if err != nil {
		return err
	}
	return s.Update(context.Background(), func(t store.Tx) error { return t.(*tx).unmark(done) })
}

// again are the entries of a stretch as they are to stand there. They can be gone
// through twice.
func (l eventLog) again(of stretch, failed *error) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		for place := of.first; place <= of.last; place++ {
			raw, err := l.stretches.read(of, place)
			if err == nil && l.has(erased, seqKey(place)) {
				raw, err = l.repack(place, raw)
			}
			if err != nil {
				*failed = err
				return
			}
			if !yield(seqKey(place), raw) {
				return
			}
		}
	}
}

// repack is a stored entry without its private part.
func (l eventLog) repack(place uint64, raw []byte) ([]byte, error) {
	e, err := l.unpackEntry(place, raw)
	if err != nil || len(e.Private) == 0 {
		return raw, err
	}
	return l.packEntry(e.Erase())
}

func (l eventLog) unmark(places []uint64) error {
	for _, place := range places {
		if err := l.drop(erased, seqKey(place)); err != nil {
			return err
		}
	}
	return nil
}

// unmarkMain drops the marks of entries that stand in the main file: nothing is being
// sealed, so what will be is what stands there.
func (l eventLog) unmarkMain() error {
	var places []uint64
	for k := range l.scan(erased, nil, nil) {
		if l.has(events, k) {
			places = append(places, seqOf(k))
		}
	}
	return l.unmark(places)
}

// shredPages takes up all free pages with zeros. Once most of what was written made the
// file longer, no page was free any more.
func (s *Store) shredPages() error {
	const most = zeroSize * zerosAtOnce * 3 / 4
	for n, before, full := uint64(0), int64(0), false; !full; n += zerosAtOnce {
		err := s.Update(context.Background(), func(t store.Tx) error {
			b := t.(*tx).buckets
			size := b.btx.Size()
			if full = n > 0 && size-before > most; full {
				return nil
			}
			before = size
			for i := range uint64(zerosAtOnce) {
				if err := b.put(zeros, seqKey(n+i), make([]byte, zeroSize)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return errors.Join(err, s.dropZeros())
		}
	}
	return s.dropZeros()
}

func (s *Store) dropZeros() error {
	return s.Update(context.Background(), func(t store.Tx) error { return t.(*tx).buckets.empty(zeros) })
}

// finishShred does what was broken off the last time.
func (s *Store) finishShred() {
	left := false
	err := s.View(context.Background(), func(t store.Tx) error {
		b := t.(*tx).buckets
		for _, which := range []bucket{erased, zeros} {
			k, _ := b.in(which).Cursor().First()
			left = left || k != nil
		}
		return nil
	})
	if err == nil && left {
		err = s.shred()
	}
	if err != nil && !errors.Is(err, store.ErrClosed) {
		s.log.Warn("what was erased is still in the store's files; erase it once more", "path", s.path, "error", err)
	}
}
