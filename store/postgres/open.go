package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"latchkey/store"
)

// Whoever has the store open says so by a lock, shared with all others, in each session that may write. A copy,
// and a version that lays the tables out anew, take it for themselves: they can't begin beside one who writes, and nobody writes
// beside them, whatever became of their other sessions. What is laid out anew meanwhile is found when a session is opened.

// openKey is what everybody who has the store open holds a lock on, and openLock is how that shows.
const (
	openKey  = `hashtextextended('latchkey store ' || coalesce(current_schema(), ''), 0)`
	openLock = `locktype = 'advisory' AND objsubid = 1 AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND classid::bigint = (` + openKey + ` >> 32) & 4294967295 AND objid::bigint = ` + openKey + ` & 4294967295`
)

// comeIn has others see that the store is open, for as long as the session lasts, and sees that the tables still
// are as this version knows them.
func (d *dialer) comeIn(ctx context.Context, conn *pgx.Conn) error {
	if err := d.share(ctx, conn); err != nil {
		return err
	}
	var format int
	if err := conn.QueryRow(ctx, `SELECT value::int FROM latchkey_about WHERE name = 'format'`).Scan(&format); err != nil {
		return d.lost(err)
	}
	return readable(d.name, format)
}

// share takes the lock with all others.
func (d *dialer) share(ctx context.Context, conn *pgx.Conn) error {
	var free bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock_shared(`+openKey+`)`).Scan(&free); err != nil {
		return d.lost(err)
	}
	if !free {
		return &inUse{name: d.name}
	}
	return nil
}

// whoIsIn says from where else the store is open; "" where that can't be told. A process has several sessions.
func whoIsIn(ctx context.Context, conn *pgx.Conn) string {
	rows, err := conn.Query(ctx, `
		SELECT coalesce('from ' || host(client_addr), 'on its own machine') AS place, to_char(min(backend_start) AT TIME ZONE 'UTC', 'DD Mon HH24:MI')
		FROM pg_locks l JOIN pg_stat_activity a USING (pid)
		WHERE `+openLock+` AND pid <> pg_backend_pid()
		GROUP BY place ORDER BY min(backend_start)`)
	if err != nil {
		return ""
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		var where, since string
		err := row.Scan(&where, &since)
		return "one " + where + " since " + since + " UTC", err
	})
	if err != nil {
		return ""
	}
	return strings.Join(all, ", ")
}

// inUse is the error of a database that others have open.
type inUse struct {
	name  string
	alone bool
	who   string
}

func (e *inUse) Error() string {
	switch {
	case e.alone && e.who != "":
		return "a latchkey is running on the database " + e.name + ": stop all of them first (" + e.who + "); of one whose machine is gone the database lets go within half a minute"
	case e.alone:
		return "a latchkey is running on the database " + e.name + ": stop all of them first"
	}
	return "the database " + e.name + " is being copied: wait until that is done"
}

// Is makes it a store.ErrInUse.
func (*inUse) Is(target error) bool { return target == store.ErrInUse }
