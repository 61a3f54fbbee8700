// Package postgres keeps Latchkey's state in a PostgreSQL database that several
// processes share: its replicas.
//
// What a replica writes goes through its writers (commit.go): whoever waits while one
// group of updates is written shares the next transaction. Transactions are
// serializable, and one that the database refuses because of another replica is tried
// again inside. A transaction (tx.go) has a part for each part of the contract:
// records, the log, the queue and leases.
//
// An entry of the log is in the chain of its subject when its transaction is durable.
// One of the replicas, the sealer (seal.go), gives it its place in the tree a moment
// later. What other replicas notify is heard on a session of its own (listen.go).
//
// No clock is read here, neither this machine's nor the database's: every time that
// is compared comes in as an argument. Timeouts only bound how long somebody is waited
// for.
package postgres

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"latchkey/store"
	"latchkey/store/group"
	"latchkey/store/wake"
)

// Options tune a store. The zero value is right for production.
type Options struct {
	// Stretch is how many leaves the subtrees have that are kept ready, a power of
	// two; zero for 8,192. A database keeps what it was made with.
	Stretch int
	// Partition is how many events a partition holds; zero for 1,048,576. One that is
	// there stays as it is.
	Partition int
	// Alone keeps others from having the database open meanwhile; one that others have
	// open is a store.ErrInUse. For copies.
	Alone bool
	// Patience is how long Shred and MovePart wait for those who stand in their way; zero for 15
	// seconds.
	Patience time.Duration
	// Logger hears about refused writes and lost sessions; nil for silence.
	Logger *slog.Logger
}

const (
	// writers is how many groups of updates are written at once.
	writers   = 1
	partition = 1 << 20
	// rewritePatience is how long somebody is waited for who stands in the way of writing tables anew.
	rewritePatience = 15 * time.Second
)

// Store is one replica's way to the database. It implements store.Store.
type Store struct {
	dial *dialer
	log  *slog.Logger

	alone    bool
	patience time.Duration

	views   *pgxpool.Pool
	line    *group.Line[*tx]
	waiters *wake.Waiters
	sealer  *sealer
	present presence
	resting atomic.Pointer[trouble] // set while the database can't be written to

	ctx     context.Context // ends when the store is closed
	end     context.CancelFunc
	running sync.WaitGroup // writers, sealer and listener
	once    sync.Once
}

var (
	_ store.Store    = (*Store)(nil)
	_ store.Sealer   = (*Store)(nil)
	_ store.Shredder = (*Store)(nil)
	_ store.Parted   = (*Store)(nil)
)

// Open connects to the database that the settings name, brings its tables up to date
// and begins to listen and to seal.
func Open(ctx context.Context, settings Settings, opts Options) (*Store, error) {
	dial, err := newDialer(settings.DSN)
	if err != nil {
		return nil, err
	}
	stretch, err := migrate(ctx, dial, opts)
	if err != nil {
		return nil, err
	}
	s := &Store{dial: dial, log: opts.Logger, waiters: wake.New(), sealer: newSealer(stretch, or(opts.Partition, partition))}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.ctx, s.end = context.WithCancel(context.Background())
	s.line = group.NewLine[*tx](s.ctx.Done(), store.ErrClosed)
	if s.views, err = dial.pool(ctx, settings.readers()); err != nil {
		s.end()
		return nil, err
	}
	s.alone, s.patience = opts.Alone, cmp.Or(opts.Patience, rewritePatience)
	ear, err := s.hear(ctx)
	if err != nil {
		s.end()
		s.views.Close()
		return nil, err
	}
	s.running.Go(func() { s.listen(ear) })
	s.running.Go(s.seal)
	for range writers {
		s.running.Go(s.write)
	}
	return s, nil
}

func or(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// Exclusive is false: the database has any number of users.
func (s *Store) Exclusive() bool { return false }

// View runs fn on the state that the database is in when fn reads for the first time.
func (s *Store) View(ctx context.Context, fn func(store.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.ctx.Err() != nil {
		return store.ErrClosed
	}
	pgtx, err := s.beginView(ctx)
	if err != nil {
		return s.unread(ctx, err)
	}
	t := newTx(newView(ctx, pgtx))
	defer func() {
		t.over = true
		_ = pgtx.Rollback(context.WithoutCancel(ctx)) // reading changes nothing, so there is nothing to fail
	}()
	err = fn(t)
	if err != nil && t.failed != nil && broken(t.failed) {
		return s.unread(ctx, t.failed)
	}
	return err
}

// beginView begins a view. A session that was idle may have ended meanwhile, which
// shows now; then the next one is tried.
func (s *Store) beginView(ctx context.Context) (pgtx pgx.Tx, err error) {
	for range s.views.Config().MaxConns + 1 {
		pgtx, err = s.views.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
		var unreachable *pgconn.ConnectError
		if err == nil || ctx.Err() != nil || errors.As(err, &unreachable) {
			break
		}
	}
	return pgtx, err
}

// unread is why the database could not be read.
func (s *Store) unread(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case s.ctx.Err() != nil:
		return store.ErrClosed
	}
	return s.dial.lost(err)
}

// Wait implements store.Store. While the session that listens is down, notices are
// missed; everybody is woken once it is there again.
func (s *Store) Wait(ctx context.Context, topics ...string) (<-chan struct{}, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	heard := make([]string, len(topics))
	for i, topic := range topics {
		heard[i] = payload(topic)
	}
	c, ok := s.waiters.Wait(ctx, heard)
	if !ok {
		return nil, store.ErrClosed
	}
	return c, nil
}

// Close waits for the groups being written and ends all sessions.
func (s *Store) Close() error {
	s.once.Do(func() {
		s.end()
		s.running.Wait()
		s.waiters.Close()
		s.views.Close()
	})
	return nil
}

// Reachable tells whether the database answers, without changing anything.
func (s *Store) Reachable(ctx context.Context) error {
	if err := s.views.Ping(ctx); err != nil {
		return s.unread(ctx, err)
	}
	return nil
}

// trouble is why nothing can be written.
type trouble struct{ err error }

// Trouble is why the database could not be written to last; nil if it could.
func (s *Store) Trouble() error {
	if r := s.resting.Load(); r != nil {
		return r.err
	}
	return nil
}

// wrote takes note that a write went well.
func (s *Store) wrote() {
	if s.resting.Swap(nil) != nil {
		s.log.Info("the database can be written again", "database", s.dial.name)
	}
}

// refused takes note of a write that failed because of the database itself.
func (s *Store) refused(err error) error {
	err = s.dial.lost(err)
	if s.ctx.Err() != nil {
		return errors.Join(store.ErrClosed, err)
	}
	if s.resting.Swap(&trouble{err}) == nil {
		s.log.Error("the database can't be written", "database", s.dial.name, "error", err)
	}
	return err
}
