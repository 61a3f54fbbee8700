package bolt

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	berrors "go.etcd.io/bbolt/errors"

	"latchkey/store"
)

// After a write failed, the next is tried soon, and ever more seldom.
const (
	firstRest   = time.Second
	longestRest = time.Minute
)

// rest is the pause after a write that failed for another reason than room.
type rest struct {
	err   error
	pause time.Duration
	over  atomic.Bool // the next write may be tried
}

// refused turns a failed commit into what callers see. A full disk is passing:
// nothing was written, and the next update tries again. After any other failure
// the store rests for a while: nothing is written, reading goes on. Then it tries
// again. It may: what was not flushed is referred to by nothing, because bbolt
// flushes the pages of a transaction before the meta page that makes them count,
// and writes all pages of the next one anew, its meta page into the other slot.
func (s *Store) refused(err error) error {
	if noRoom(err) {
		s.log.Error("the store has no room left", "path", s.path, "error", err)
		return fmt.Errorf("nothing was saved: there is no room left for %s; free some disk space, Latchkey goes on by itself: %w (%w)", s.path, store.ErrFull, err)
	}
	r := &rest{pause: firstRest}
	if before := s.resting.Load(); before != nil {
		r.pause = min(2*before.pause, longestRest)
	}
	r.err = fmt.Errorf("writing to the store %s failed: check the disk; Latchkey tries again by itself: %w (%w)", s.path, store.ErrUnwritable, err)
	s.log.Error("the store can't be written", "path", s.path, "again_in", r.pause, "error", err)
	s.resting.Store(r)
	time.AfterFunc(r.pause, func() { r.over.Store(true) })
	return r.err
}

// rests is why nothing can be written for now; nil if it may be tried.
func (s *Store) rests() error {
	if r := s.resting.Load(); r != nil && !r.over.Load() {
		return r.err
	}
	return nil
}

// wrote takes note that a write went well.
func (s *Store) wrote() {
	if s.resting.Swap(nil) != nil {
		s.log.Info("the store can be written again", "path", s.path)
	}
}

// Trouble is why the store could not be written to last; nil if it could.
func (s *Store) Trouble() error {
	if r := s.resting.Load(); r != nil {
		return r.err
	}
	return nil
}

// noRoom tells a want of room from other failures. bbolt passes some of the
// system's errors on as text only.
func noRoom(err error) bool {
	if errors.Is(err, berrors.ErrMaxSizeReached) {
		return true
	}
	for _, errno := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, errno) || strings.Contains(err.Error(), errno.Error()) {
			return true
		}
	}
	return false
}
