package postgres

import (
	"context"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"latchkey/access"
	"latchkey/store"
)

// A database can be set back while replicas work on it: a standby takes over that lacked the last of what was
// acknowledged, or a copy takes its place. So before a new session writes, what this process knows to be committed is
// looked for there. What comes later in the database's own log is lost only together with what came before.

// lineage is what this process knows of the database that it has written to.
type lineage struct {
	mu    sync.Mutex
	known past
	found store.SetBack
}

// past is what has to be there.
type past struct {
	is   identity
	ends map[access.Subject]end // of the stories that the last group of this process has added to
	last seat
	life int // raised when the database was found to be another one: by then all of this is about that
}

// identity is which database this is; a part is empty where the database doesn't tell it.
type identity struct{ system, timeline string }

// seat is the last entry that was seen to have a place, and its leaf.
type seat struct {
	place int64
	leaf  access.Hash
}

// another tells whether it is seen that this is another database, or the same in another life: on a standby that was
// made the primary, and after a recovery, the timeline is a new one.
func (i identity) another(is identity) bool {
	differ := func(a, b string) bool { return a != "" && b != "" && a != b }
	return differ(i.system, is.system) || differ(i.timeline, is.timeline)
}

// committed takes note of what a group has added to stories.
func (l *lineage) committed(b *batch) {
	if !b.appended {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known.ends = b.ends
}

// seen takes note of the last entry that has a place.
func (l *lineage) seen(last seat) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if last.place > l.known.last.place {
		l.known.last = last
	}
}

// asStandby is what a standby says to whoever writes.
func asStandby() error {
	return &pgconn.PgError{Code: "25006", Message: "this is a standby"}
}

// met takes note of the database as it is now, and tells whether it may have been set back. What it lacks is known to be gone from
// then on.
func (l *lineage) met(known past, is identity, lacks bool) (back bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if known.life != l.known.life {
		return false // another session has found it meanwhile
	}
	if back = lacks || known.is.another(is); back {
		l.found.Times++
		l.found.Lacks = lacks
		l.known.life++
	}
	if lacks {
		l.known.ends, l.known.last = nil, seat{}
	}
	if is.system != "" {
		l.known.is.system = is.system
	}
	if is.timeline != "" {
		l.known.is.timeline = is.timeline
	}
	return back
}

// identify asks a database which one it is. Where it doesn't say, for it is no plain PostgreSQL, what it holds is compared all the same.
func identify(ctx context.Context, conn *pgx.Conn) (is identity) {
	ask := func(sql string) (told string) {
		if err := conn.QueryRow(ctx, sql).Scan(&told); err != nil {
			return ""
		}
		return told
	}
	return identity{
		system:   ask(`SELECT system_identifier::text FROM pg_control_system()`),
		timeline: ask(`SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8)`),
	}
}

// missingEnds are those stories that end before what is known of them, or go on otherwise.
const missingEnds = `
	SELECT count(*) FROM unnest($1::bytea[], $2::bigint[], $3::bytea[]) AS known(subject, n, leaf) LEFT JOIN latchkey_chain c USING (subject)
	WHERE c.n IS NULL OR c.n < known.n OR c.n = known.n AND c.leaf <> known.leaf OR c.n > known.n
	AND NOT EXISTS (SELECT FROM latchkey_unsealed u WHERE u.subject = known.subject AND u.n = known.n AND u.leaf = known.leaf)
	AND NOT EXISTS (SELECT FROM latchkey_event e WHERE e.subject = known.subject AND e.n = known.n AND e.leaf = known.leaf)`

// lacking tells whether something is not there that was.
func (p past) lacking(ctx context.Context, conn *pgx.Conn) (bool, error) {
	if p.last.place > 0 {
		var leaf hash
		err := conn.QueryRow(ctx, `SELECT leaf FROM latchkey_leaf WHERE place = $1`, p.last.place).Scan(&leaf)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return false, err
		}
		if access.Hash(leaf) != p.last.leaf {
			return true, nil
		}
	}
	var subjects, leaves [][]byte
	var numbers []int64
	for about, e := range p.ends {
		if e.n > 0 {
			subjects, numbers, leaves = append(subjects, raw(about.String())), append(numbers, int64(e.n)), append(leaves, hashed(e.leaf))
		}
	}
	if len(subjects) == 0 {
		return false, nil
	}
	missing := 0
	err := conn.QueryRow(ctx, missingEnds, subjects, numbers, leaves).Scan(&missing)
	return missing > 0, err
}
