package postgres

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// Whoever claims tasks says that they are there, by a lock that their sealing session
// holds: it ends with the process, and the database ends it when that stands still. The
// sealer makes the claims of those ready again who are gone, which is a matter of seconds,
// where a claim would hold for minutes. Who was only thought to be gone finds their task
// taken over, as when a claim runs out.

// presence is who is there.
type presence struct {
	mu      sync.Mutex
	owners  []present
	missing map[string]bool // the sealer's own: who was not there at the last look
	seen    atomic.Pointer[attendance]
}

// present is one of this process who is there.
type present struct {
	owner string
	said  func() // once others can see it
}

// sayingPresent is how long it is waited until others can see who is there.
const sayingPresent = 5 * time.Second

// attendance is who was there at the last look of this process.
type attendance struct{ place, of int }

// Present says that owner is there for as long as this store is open: once it isn't, its
// claims are ready for others. It comes back when others can see it, so that nothing is claimed
// by one whom nobody would miss; if that takes long it does without.
func (s *Store) Present(owner string) {
	said := make(chan struct{})
	s.present.mu.Lock()
	s.present.owners = append(s.present.owners, present{owner, sync.OnceFunc(func() { close(said) })})
	s.present.mu.Unlock()
	s.sealer.ring()
	late := time.NewTimer(sayingPresent)
	defer late.Stop()
	select {
	case <-said:
	case <-late.C:
	case <-s.ctx.Done():
	}
}

// all are those who are there.
func (p *presence) all() []present {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.owners)
}

const ownerKey = `hashtextextended('latchkey owner ' || current_schema() || encode(owner, 'hex'), 0)`

// sayPresent takes the locks of those who are there, in a session that has the first held
// of them already.
func (s *Store) sayPresent(ctx context.Context, conn *pgx.Conn, held int) (int, error) {
	for _, one := range s.present.all()[held:] {
		_, err := conn.Exec(ctx, `SELECT pg_advisory_lock_shared(`+ownerKey+`) FROM (SELECT $1::bytea AS owner) o`, raw(one.owner))
		if err == nil {
			_, err = conn.Exec(ctx, `INSERT INTO latchkey_owner VALUES ($1) ON CONFLICT DO NOTHING`, raw(one.owner))
		}
		if err != nil {
			return held, err
		}
		one.said()
		held++
	}
	return held, nil
}

const owners = `
	SELECT owner, EXISTS (
		SELECT FROM pg_locks
		WHERE locktype = 'advisory' AND objsubid = 1 AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND classid::bigint = (` + ownerKey + ` >> 32) & 4294967295 AND objid::bigint = ` + ownerKey + ` & 4294967295)
	FROM latchkey_owner ORDER BY owner`

// owner is somebody who claims tasks, and whether they are there.
type owner struct {
	name  []byte
	there bool
}

// lookAround counts who is there. The sealer makes the claims of those ready who were not
// there twice in a row. A session that is opened anew takes less than that.
func (s *Store) lookAround(ctx context.Context, conn *pgx.Conn, sealer bool) error {
	rows, err := conn.Query(ctx, owners)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o owner, err error) {
		return o, row.Scan(&o.name, &o.there)
	})
	if err != nil {
		return err
	}
	absent := slices.DeleteFunc(slices.Clone(all), func(o owner) bool { return o.there })
	s.attended(slices.DeleteFunc(all, func(o owner) bool { return !o.there }))
	if !sealer {
		absent = nil
	}
	return s.releaseGone(ctx, conn, absent)
}

// attended takes note of those who are there, and has everybody look again if it isn't as many
// as before.
func (s *Store) attended(there []owner) {
	now := attendance{of: max(1, len(there))}
	if own := s.present.all(); len(own) > 0 {
		now.place = max(0, slices.IndexFunc(there, func(o owner) bool { return string(o.name) == own[0].owner }))
	}
	if before := s.present.seen.Swap(&now); before == nil || before.of != now.of {
		s.waiters.WakeAll()
	}
}

// Attendance implements store.Attended.
func (s *Store) Attendance() (place, of int) {
	if now := s.present.seen.Load(); now != nil {
		return now.place, now.of
	}
	return 0, 1
}

func (s *Store) releaseGone(ctx context.Context, conn *pgx.Conn, absent []owner) error {
	missing := map[string]bool{}
	for _, o := range absent {
		owner := o.name
		if !s.present.missing[string(owner)] {
			missing[string(owner)] = true
			continue
		}
		s.log.Warn("a replica is gone; what it had begun goes on at once", "database", s.dial.name, "replica", string(owner))
		_, err := conn.Exec(ctx, `
			WITH gone AS (DELETE FROM latchkey_owner WHERE owner = $1),
			freed AS (UPDATE latchkey_task SET state = 0, owner = '', until = $2 WHERE state = 1 AND owner = $1 RETURNING 1)
			SELECT pg_notify($3, $4) FROM (SELECT count(*) FROM freed) n`, owner, noTime(), channel, anybody)
		if err != nil {
			return err
		}
	}
	s.present.missing = missing
	return nil
}
