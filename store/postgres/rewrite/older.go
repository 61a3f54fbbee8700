package rewrite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// mark has only those count as older who are there now.
func (s *Session) mark(ctx context.Context) error {
	return s.conn.QueryRow(ctx, `SELECT pg_current_xact_id()::xid::text`).Scan(&s.since)
}

// lookers are those for whose sake the database keeps rows that are dead, the one who goes furthest back first. The
// columns used are those that every role is shown of every other: which kind of process it is, and since when it has
// looked, is not among them. What has no database is a standby, and what clears dead rows away lets others be cleared
// away. Of the catalogue, slots keep more than of tables.
const lookers = `
	SELECT kind, name, role, pid, since FROM (
		SELECT CASE WHEN datid IS NULL THEN 'standby' ELSE 'session' END kind, application_name name, coalesce(usename::text, '') role, pid, xact_start since,
			greatest(age(backend_xmin), age(backend_xid)) age
		FROM pg_stat_activity
		WHERE pid <> pg_backend_pid() AND (datid IS NULL OR datid = (SELECT oid FROM pg_database WHERE datname = current_database()))
			AND pid NOT IN (SELECT pid FROM pg_stat_progress_vacuum)
		UNION ALL
		SELECT 'prepared', gid, owner::text, 0, prepared, age(transaction) FROM pg_prepared_xacts WHERE database = current_database()
		UNION ALL
		SELECT 'slot', slot_name::text, '', 0, NULL, greatest(age(xmin), CASE WHEN $2 THEN age(catalog_xmin) END) FROM pg_replication_slots
	) all_of_them WHERE age >= age($1::text::xid) ORDER BY age DESC LIMIT 1`

// looker is one of them.
type looker struct {
	kind, name, role string
	pid              int
	since            *time.Time // nil where that isn't shown
}

// older fails while somebody can still see of a table what was there before the mark.
func (s *Session) older(ctx context.Context, table string) error {
	if err := s.deferred(ctx); err != nil {
		return err
	}
	var l looker
	err := s.conn.QueryRow(ctx, lookers, s.since, table == "pg_statistic").Scan(&l.kind, &l.name, &l.role, &l.pid, &l.since)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return busy(l.says())
}

// deferred fails where the database is told to keep everything for longer than anybody can see it.
func (s *Session) deferred(ctx context.Context) error {
	var kept int // versions from 16 on can't be told to
	err := s.conn.QueryRow(ctx, `SELECT coalesce(current_setting('vacuum_defer_cleanup_age', true), '0')::int`).Scan(&kept)
	if err == nil && kept > 0 {
		err = busy(fmt.Sprintf("the database keeps what is dead for another %d transactions: set vacuum_defer_cleanup_age = 0 there", kept))
	}
	return err
}

func (l looker) says() string {
	if l.name == "" {
		l.name = "a session"
	}
	who := fmt.Sprintf("%s of the role %s, process %d", l.name, l.role, l.pid)
	switch {
	case l.kind == "prepared":
		return "the prepared transaction " + l.name + " is not over: COMMIT PREPARED or ROLLBACK PREPARED"
	case l.kind == "slot":
		return "the replication slot " + l.name + " keeps what was there before: have whoever uses it catch up, or drop it if nobody does"
	case l.role == "":
		return fmt.Sprintf("the database itself is looking at it (autovacuum, process %d)", l.pid)
	case l.kind == "standby":
		return "a standby still looks at it (" + who + ")"
	case l.since == nil:
		return "somebody has been looking at the database (" + who + ")"
	}
	return "somebody has been looking at the database since " + l.since.UTC().Format("15:04:05 MST") + " (" + who + ")"
}
