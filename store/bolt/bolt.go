// Package bolt keeps Latchkey's state in one file, for one process. It is the
// store to begin with: nothing to install, nothing to look after but a backup.
// The older part of the event log is moved into files beside it, in the folder
// of the same name that ends in .events. A copy of these files that is made while
// they are written to is torn; Archive makes one that isn't (archive.go), and Place
// puts one in the place of a store (place.go).
//
// Speed comes from the group committer (commit.go): one goroutine takes every
// update that waits and writes them together, so that a burst of clicks costs a
// few flushes of the disk and not one each. A transaction (tx.go) has a part for
// each part of the contract: records, the log, the queue and leases, which share the
// buckets of the file (bucket.go) and know nothing of each other. Finding comes from
// plain sorted keys (key.go): a time index for what falls due, an index by key for
// records, and a ready list that holds the heads of the lanes only.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/bits"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"latchkey/store"
	"latchkey/store/group"
	"latchkey/store/tree"
	"latchkey/store/wake"
)

// Options tune a store. The zero value is right for production.
type Options struct {
	// Timeout is how long Open waits for another process to let go of the file;
	// zero for one second.
	Timeout time.Duration
	// NoSync leaves flushing to the operating system. An update then survives
	// the death of the process but not of the machine. For tests.
	NoSync bool
	// MaxBytes bounds the file; an update that needs more reports store.ErrFull.
	// Zero for no bound but the disk's.
	MaxBytes int
	// SlowFlush is added to every flush of the disk, of which a commit needs two,
	// to try out how a slower disk would feel. For benchmarks.
	SlowFlush time.Duration
	// Stretch is how many events of the log are moved into a file of their own at
	// a time, a power of two; zero for 8,192. A store keeps what it was made with.
	Stretch int
	// Logger hears about refused writes; nil for silence.
	Logger *slog.Logger
}

// Store is one open file. It implements store.Store.
type Store struct {
	db   *bbolt.DB
	path string
	log  *slog.Logger
	slow time.Duration // added to every commit

	stretches *stretches
	sealer    *sealer

	waiters *wake.Waiters

	line    *group.Line[*tx]
	closing chan struct{} // closed by Close
	stopped chan struct{} // closed when the committer has ended
	kept    bool          // the committer's own: the file holds the list of free pages
	once    sync.Once
	resting atomic.Pointer[rest] // set while writes fail for another reason than room
}

var _ store.Store = (*Store)(nil)

// Open opens the file at path and creates it if it is absent. A file that
// another process has open is an error, after Options.Timeout.
//
// The list of free pages is kept in the file only when nobody has written for a
// second, and by Close, because writing it would double the cost of every
// commit. After a crash in the middle of work, Open therefore looks at the whole
// file, and reads it once in order first, which makes that fast on a cold disk.
func Open(path string, opts Options) (*Store, error) {
	if err := finishInstall(path); err != nil {
		return nil, err
	}
	db, err := bbolt.Open(path, 0o600, settings(path, opts))
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, &inUse{path}
	}
	if err != nil {
		return nil, fmt.Errorf("can't open the store %s: %w", path, err)
	}
	length, err := prepare(db, path, opts.stretch())
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s := &Store{
		db: db, path: path, log: opts.Logger, slow: 2 * opts.SlowFlush,
		stretches: newStretches(path, !opts.NoSync), sealer: newSealer(length), waiters: wake.New(),
		closing: make(chan struct{}), stopped: make(chan struct{}),
	}
	s.line = group.NewLine[*tx](s.closing, store.ErrClosed)
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if err := s.stretches.tidy(); err != nil {
		s.log.Warn("an unfinished file beside the store can't be removed", "path", path, "error", err)
	}
	go s.commitGroups()
	s.sealer.ring()
	go s.seal()
	return s, nil
}

// inUse is the error of a file that another process has open.
type inUse struct{ path string }

func (e *inUse) Error() string {
	return "another latchkey is running on " + e.path + ": stop it first, or give this one a file of its own"
}

// Is makes it a store.ErrInUse.
func (*inUse) Is(target error) bool { return target == store.ErrInUse }

// stretch is the length of a new store's stretches: never another than a power
// of two.
func (o Options) stretch() uint64 {
	if o.Stretch <= 0 {
		return tree.Stretch
	}
	return 1 << bits.Len(uint(o.Stretch-1))
}

func settings(path string, opts Options) *bbolt.Options {
	o := &bbolt.Options{
		Timeout:        opts.Timeout,
		NoSync:         opts.NoSync,
		MaxSize:        opts.MaxBytes,
		NoFreelistSync: true,
		FreelistType:   bbolt.FreelistMapType,
		NoStatistics:   true,
		OpenFile:       openInOrder,
	}
	if o.Timeout == 0 {
		o.Timeout = time.Second
	}
	// While the map is larger than the file, a reader that takes its time (an
	// export to a slow terminal, a backup) never holds up a writer that grows the
	// file. The address space costs nothing where the file isn't stretched to it.
	if strconv.IntSize == 64 && runtime.GOOS != "windows" {
		o.InitialMmapSize = 1 << 30
		if info, err := os.Stat(path); err == nil {
			o.InitialMmapSize = max(o.InitialMmapSize, 4*int(info.Size()))
		}
	}
	return o
}

// Exclusive is true: the file is locked while it is open.
func (s *Store) Exclusive() bool { return true }

// View runs fn on the state of the last commit. It must not call Update.
func (s *Store) View(ctx context.Context, fn func(store.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	btx, err := s.db.Begin(false)
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return store.ErrClosed
	}
	if err != nil {
		return fmt.Errorf("can't read the store %s: %w", s.path, err)
	}
	t := newTx(newBatch(btx, s.stretches, false))
	defer func() {
		t.over = true
		_ = btx.Rollback() // reading changes nothing, so there is nothing to fail
	}()
	return fn(t)
}

// Wait implements store.Store.
func (s *Store) Wait(ctx context.Context, topics ...string) (<-chan struct{}, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c, ok := s.waiters.Wait(ctx, topics)
	if !ok {
		return nil, store.ErrClosed
	}
	return c, nil
}

// Close waits for the group being written and for running views.
func (s *Store) Close() error {
	var err error
	s.once.Do(func() {
		close(s.closing)
		<-s.stopped
		<-s.sealer.done
		s.waiters.Close()
		err = errors.Join(s.db.Close(), s.stretches.close())
	})
	if err != nil {
		return fmt.Errorf("can't close the store %s: %w", s.path, err)
	}
	return nil
}
