package bolt

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	berrors "go.etcd.io/bbolt/errors"

	"latchkey/store"
)

// refused turns a failed commit into what callers see. A full disk is passing:
// nothing was written, and the next update tries again. After any other failure
// of the disk nobody knows what a later flush would do, so the store takes no
// more writes until it is opened anew; reading goes on.
func (s *Store) refused(err error) error {
	if noRoom(err) {
		s.log.Error("the store has no room left", "path", s.path, "error", err)
		return fmt.Errorf("nothing was saved: there is no room left for %s; free some disk space, Latchkey goes on by itself: %w (%w)", s.path, store.ErrFull, err)
	}
	broken := fmt.Errorf("writing to the store %s failed, so it takes no more changes: check the disk, then restart Latchkey: %w", s.path, err)
	s.log.Error("the store can't be written any more", "path", s.path, "error", err)
	s.broken.Store(&broken)
	return broken
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
