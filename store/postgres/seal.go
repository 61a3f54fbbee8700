package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"latchkey/store"
	"latchkey/store/postgres/rewrite"
	"latchkey/store/tree"
)

// The sealer gives entries their places in the tree, in the order in which they were
// written. One replica is it at a time: whoever holds an advisory lock of the database
// in the session that also writes the places. So the lease is the session, and its
// fence: who lost it can write nothing any more. The database ends the session of a
// replica that stands still, after sealerIdle, and others try for the lock all the
// time. That a place is given twice, the primary key excludes anyway.

const (
	// atOnce bounds how many entries get their places in one transaction.
	atOnce = 2000
	// sealerIdle is after which time the database ends the session of a sealer that
	// stands still. sealerLooks is how often it looks at least, and others try to
	// become it.
	sealerIdle  = "15s"
	sealerLooks = time.Second
)

type sealer struct {
	stretch   uint64
	partition uint64
	wake      chan struct{}
	look      *time.Ticker
	ready     uint64 // up to which place there are partitions; the sealing goroutine's own
}

func newSealer(stretch uint64, partition int) *sealer {
	return &sealer{stretch: stretch, partition: uint64(partition), wake: make(chan struct{}, 1), look: time.NewTicker(sealerLooks)}
}

// looksAround tells whether it is time to see who is there: once in sealerLooks.
func (s *sealer) looksAround() bool {
	select {
	case <-s.look.C:
		return true
	default:
		return false
	}
}

func (s *sealer) ring() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// seal is the sealer whenever no other replica is, until the store is closed.
func (s *Store) seal() {
	defer s.sealer.look.Stop()
	for s.ctx.Err() == nil {
		if err := s.sealFor(); err != nil && s.ctx.Err() == nil {
			s.log.Warn("events wait for their places in the log", "database", s.dial.name, "error", brief(err))
		}
		s.idle()
	}
}

// idle waits until there may be something to seal.
func (s *Store) idle() {
	t := time.NewTimer(sealerLooks)
	defer t.Stop()
	select {
	case <-s.sealer.wake:
	case <-t.C:
	case <-s.ctx.Done():
	}
}

// sealFor is the sealer for as long as its session lasts.
func (s *Store) sealFor() error {
	conn, err := s.dial.session(s.ctx, map[string]string{"idle_session_timeout": sealerIdle})
	if err != nil {
		return err
	}
	defer hangUp(conn)
	s.sealer.ready = 0 // what was made in a transaction that failed is gone
	there := 0
	for held := false; s.ctx.Err() == nil; s.idle() {
		if there, err = s.sayPresent(s.ctx, conn, there); err != nil {
			return err
		}
		if !held {
			if held, err = tryLock(s.ctx, conn); err != nil {
				return err
			}
		}
		for more := held; more; {
			if more, err = s.sealSome(conn); err != nil {
				return err
			}
		}
		if s.sealer.looksAround() {
			if err := s.lookAround(s.ctx, conn, held); err != nil {
				return err
			}
		}
	}
	return nil
}

// tryLock takes the lock of the sealer of this store, if it is free.
func tryLock(ctx context.Context, conn *pgx.Conn) (held bool, err error) {
	err = conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(hashtextextended('latchkey sealer ' || current_schema(), 0))`).Scan(&held)
	return held, err
}

// sealSome gives places to the oldest entries without one.
func (s *Store) sealSome(conn *pgx.Conn) (more bool, err error) {
	pgtx, err := conn.Begin(s.ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = pgtx.Rollback(context.WithoutCancel(s.ctx)) }() // after a commit there is nothing to roll back
	t := newTx(newBatch(s.ctx, pgtx, true, nil))
	n, err := s.sealer.place(t)
	if err != nil || n == 0 {
		return false, err
	}
	if _, err := pgtx.Exec(s.ctx, `SELECT pg_notify($1, $2)`, channel, placed); err != nil {
		return false, err
	}
	return n == atOnce, pgtx.Commit(s.ctx)
}

const placeEntries = `
	WITH taken AS (
		DELETE FROM latchkey_unsealed WHERE seq IN (SELECT seq FROM latchkey_unsealed ORDER BY seq LIMIT $1) RETURNING *
	), placed AS (
		SELECT $2 + row_number() OVER (ORDER BY seq) AS place, taken.* FROM taken
	), named AS (
		INSERT INTO latchkey_log (name) SELECT DISTINCT log FROM taken WHERE log NOT IN (SELECT name FROM latchkey_log) RETURNING number, name
	), log AS (
		SELECT number, name FROM latchkey_log UNION ALL SELECT number, name FROM named
	), event AS (
		INSERT INTO latchkey_event (place, log, id, subject, n, prev, schema, body, salt, private, erased, leaf, person, app)
		SELECT p.place, l.number, p.id, p.subject, p.n, p.prev, p.schema, p.body, p.salt, p.private, p.erased, p.leaf, p.person, p.app
		FROM placed p LEFT JOIN log l ON l.name = p.log
	)
	INSERT INTO latchkey_leaf (place, leaf) SELECT place, leaf FROM placed`

// place gives places, in the transaction of the sealer's session.
func (s *sealer) place(t *tx) (n int64, err error) {
	err = t.one(of(entries), `SELECT count(*) FROM (SELECT FROM latchkey_unsealed LIMIT $1) u`, []any{atOnce}, &n)
	if err != nil || n == 0 {
		return 0, err
	}
	size, err := t.Size()
	if err != nil {
		return 0, err
	}
	if err := s.room(t, size+uint64(n)); err != nil {
		return 0, err
	}
	if n, err = t.change(placeEntries, n, int64(size)); err != nil {
		return n, err
	}
	return n, s.subtrees(t, size, size+uint64(n))
}

// subtrees keeps the roots of those subtrees that became whole.
func (s *sealer) subtrees(t *tx, before, now uint64) error {
	for last := before - before%s.stretch + s.stretch; last <= now; last += s.stretch {
		leaves, err := t.Leaves(last-s.stretch, int(s.stretch))
		if err != nil {
			return err
		}
		root := tree.Root(leaves)
		if _, err := t.change(`INSERT INTO latchkey_subtree (last, root) VALUES ($1, $2)`, int64(last), hashed(root)); err != nil {
			return err
		}
	}
	return nil
}

// room sees that there are partitions up to a place. Each is made whole before it
// becomes part of the table, so that nobody who reads has to wait.
func (s *sealer) room(t *tx, upTo uint64) error {
	for upTo > s.ready {
		first := s.ready - s.ready%s.partition + 1
		next := first + s.partition
		var there bool
		name := fmt.Sprintf("latchkey_event_%d", first)
		if err := t.one(of(entries), `SELECT to_regclass($1) IS NOT NULL`, []any{name}, &there); err != nil {
			return err
		}
		if !there {
			if _, err := t.change(fmt.Sprintf(`CREATE TABLE %s (LIKE latchkey_event INCLUDING ALL)`, name)); err != nil {
				return err
			}
			if _, err := t.change(rewrite.Unsampled(name)); err != nil {
				return err
			}
			if _, err := t.change(fmt.Sprintf(`ALTER TABLE latchkey_event ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)`, name, first, next)); err != nil {
				return err
			}
		}
		s.ready = next - 1
	}
	return nil
}

// Sealed implements store.Sealer.
func (s *Store) Sealed(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	news, ok := s.waiters.Wait(ctx, []string{placed})
	if !ok {
		return store.ErrClosed
	}
	look := time.NewTicker(sealerLooks)
	defer look.Stop()
	last, err := s.lastUnsealed(ctx, "max(seq)")
	for err == nil && last > 0 {
		var first int64
		if first, err = s.lastUnsealed(ctx, "min(seq)"); err != nil || first == 0 || first > last {
			return err
		}
		select {
		case <-news:
		case <-look.C: // a notice is a hint: one that was lost keeps nobody waiting
		case <-ctx.Done():
			return ctx.Err()
		case <-s.ctx.Done():
			return store.ErrClosed
		}
	}
	return err
}

// lastUnsealed is a number among those of the entries without a place; 0 for none.
func (s *Store) lastUnsealed(ctx context.Context, which string) (seq int64, err error) {
	err = s.View(ctx, func(t store.Tx) error {
		return t.(*tx).one(of(entries), `SELECT coalesce(`+which+`, 0) FROM latchkey_unsealed`, nil, &seq)
	})
	return seq, err
}
