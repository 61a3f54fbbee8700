// Package rewrite writes tables of the database anew, so that nothing is left in their
// files of what was erased, or so that they lie elsewhere. Others go on meanwhile.
//
// PostgreSQL keeps what was changed or deleted as dead rows, and after those are cleared
// away as bytes in the holes of pages: only a new file has none of it. A partition of
// the log is copied and takes the old one's place (partition.go), whatever its size. Other
// tables are written anew by the database itself while nobody uses them (table.go),
// which is for small ones.
//
// One process does it at a time: whoever holds an advisory lock in the session that
// does it. So the lease is the session, and its fence. Everything is one transaction:
// broken off, it has left nothing.
package rewrite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"latchkey/store"
)

// Open opens a session with settings of its own.
type Open func(ctx context.Context, settings map[string]string) (*pgx.Conn, error)

const (
	// lockWait is how long a table is asked for at once: as long as that, others who
	// want it wait behind.
	lockWait = "500ms"
	// pause is how long others have it to themselves before it is asked for again.
	pause = 500 * time.Millisecond
)

// Session is one that rewrites.
type Session struct {
	conn     *pgx.Conn
	open     Open
	patience time.Duration
	since    string // a transaction: whoever began to look before it may still see what is to go
}

// Begin opens a session and waits until no other process rewrites. With patience it is
// said how long anything is waited for.
func Begin(ctx context.Context, open Open, patience time.Duration) (*Session, error) {
	conn, err := open(ctx, map[string]string{
		"statement_timeout": "0", "lock_timeout": lockWait, "enable_seqscan": "on", "idle_in_transaction_session_timeout": "10s",
	})
	if err != nil {
		return nil, err
	}
	s := &Session{conn: conn, open: open, patience: patience}
	if err := s.insist(ctx, s.alone); err != nil {
		s.End()
		return nil, err
	}
	return s, s.mark(ctx)
}

// End ends the session, and with it the lock.
func (s *Session) End() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = s.conn.Close(ctx) // whatever it says, it is over
}

func (s *Session) alone(ctx context.Context) error {
	var held bool
	err := s.conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(hashtextextended('latchkey rewrite ' || current_schema(), 0))`).Scan(&held)
	if err == nil && !held {
		err = busy("another process writes tables anew")
	}
	return err
}

// mark has only those count as older who are there now.
func (s *Session) mark(ctx context.Context) error {
	return s.conn.QueryRow(ctx, `SELECT pg_current_xact_id()::xid::text`).Scan(&s.since)
}

// older fails while somebody looks at the database who began before the mark.
func (s *Session) older(ctx context.Context) error {
	var n int
	var since *time.Time
	err := s.conn.QueryRow(ctx, `
		SELECT count(*), min(xact_start) FROM pg_stat_activity
		WHERE (datname = current_database() AND backend_type <> 'autovacuum worker' OR backend_type = 'walsender') AND pid <> pg_backend_pid()
		AND greatest(age(backend_xmin), age(backend_xid)) >= age($1::text::xid)`, s.since).Scan(&n, &since)
	if err != nil || n == 0 {
		return err
	}
	if since == nil {
		return busy("a standby still looks at it")
	}
	return busy("somebody has been looking at the database since " + since.UTC().Format("15:04:05 MST"))
}

// busy is why something can't be done at the moment.
type busy string

func (b busy) Error() string { return string(b) }

// insist tries something until it works, fails for good, or patience is at its end: that is a
// store.ErrOutstanding. Who was waited for in vain is not waited for again.
func (s *Session) insist(ctx context.Context, try func(context.Context) error) error {
	end := time.NewTimer(s.patience)
	defer end.Stop()
	for {
		err := try(ctx)
		why, wait := meanwhile(err)
		if !wait {
			return err
		}
		select {
		case <-time.After(pause):
		case <-end.C:
			s.patience = 0
			return fmt.Errorf("%w: %s", store.ErrOutstanding, why)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// meanwhile tells whether something may work later, and why not now.
func meanwhile(err error) (why string, wait bool) {
	var b busy
	if errors.As(err, &b) {
		return b.Error(), true
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return "", false
	}
	switch pg.Code {
	case "55P03", "40P01": // a lock, a deadlock
		return "somebody has been reading it all the time", true
	case "57014": // it took too long
		return "it takes too long", true
	}
	return "", false
}

// within runs fn in a transaction of the session.
func (s *Session) within(ctx context.Context, fn func(pgx.Tx) error) error {
	tx, err := s.conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // after a commit there is nothing to roll back
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
