package postgres

import (
	"context"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// atNight is how many connections all replicas together take besides, while one of them writes tables anew.
const atNight = 2

// room is how many connections there are, and for how many more replicas that is enough.
type room struct {
	replicas int    // that are there
	spare    int    // connections that are left
	more     int    // replicas there is room for
	bound    string // by what
}

// taken are how many connections are left: of the server, of the role and of the database; NULL where it has no limit.
// The columns used of sessions are those that every role is shown of every other. One that writes ahead for a
// standby, and what the database runs by itself, has connections of its own; a role that isn't shown which those are
// counts some of them, too.
const taken = `
	WITH sessions AS (
		SELECT usesysid, datname, application_name FROM pg_stat_activity
		WHERE pid <> pg_backend_pid() AND datid IS NOT NULL AND usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend')
	SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - coalesce(current_setting('reserved_connections', true), '0')::int
			- (SELECT count(*) FROM sessions),
		CASE WHEN rolconnlimit >= 0 AND NOT rolsuper THEN rolconnlimit - (SELECT count(*) FROM sessions WHERE usesysid = r.oid) END,
		CASE WHEN datconnlimit >= 0 AND NOT rolsuper THEN datconnlimit - (SELECT count(*) FROM sessions s WHERE s.datname = d.datname) END,
		(SELECT count(*) FROM sessions s WHERE s.datname = d.datname AND usesysid = r.oid AND application_name = 'latchkey'),
		rolname::text, d.datname::text
	FROM pg_roles r, pg_database d WHERE rolname = session_user AND d.datname = current_database()`

// roomFor counts connections: replicas that are there get what they may still open.
func roomFor(ctx context.Context, conn *pgx.Conn, each, replicas int) (r room, err error) {
	var server, open int
	var ofRole, ofDatabase *int
	var role, database string
	if err := conn.QueryRow(ctx, taken).Scan(&server, &ofRole, &ofDatabase, &open, &role, &database); err != nil {
		return r, err
	}
	r = room{replicas: replicas, spare: server, bound: "raise max_connections there"}
	if ofRole != nil && *ofRole < r.spare {
		r.spare, r.bound = *ofRole, fmt.Sprintf("ALTER ROLE %s CONNECTION LIMIT …", role)
	}
	if ofDatabase != nil && *ofDatabase < r.spare {
		r.spare, r.bound = *ofDatabase, fmt.Sprintf("ALTER DATABASE %s CONNECTION LIMIT …", database)
	}
	r.spare = max(0, r.spare)
	r.more = max(0, r.spare-max(0, replicas*each-open)-atNight) / each
	return r, nil
}

// fault is what is wrong if not even one replica has room.
func (r room) fault(each int) error {
	if r.replicas > 0 || r.more > 0 {
		return nil
	}
	return fmt.Errorf("it has %d connections left for Latchkey, and a replica takes up to %d, with %d more while tables are written anew: %s, or lower store.connections", r.spare, each, atNight, r.bound)
}

// says for how many more replicas there is room.
func (r room) says() string {
	there := ""
	switch {
	case r.replicas == 1:
		there = "1 replica is there, "
	case r.replicas > 1:
		there = fmt.Sprintf("%d replicas are there, ", r.replicas)
	}
	enough, unit := strconv.Itoa(r.more), "more"
	if r.replicas == 0 {
		unit = "replicas"
	}
	if r.more == 0 {
		enough, unit = "no", "more ("+r.bound+", for another one)"
	}
	return fmt.Sprintf("%d connections left: %sroom for %s %s", r.spare, there, enough, unit)
}

// presentNow counts the replicas that are there.
func presentNow(ctx context.Context, conn *pgx.Conn) (n int, err error) {
	rows, err := conn.Query(ctx, owners)
	if err != nil {
		return 0, err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (there bool, err error) {
		var name []byte
		return there, row.Scan(&name, &there)
	})
	for _, there := range all {
		if there {
			n++
		}
	}
	return n, err
}

// locksOf a partition are those that a look at all of them holds: of itself and its four indexes.
const locksOf = 5

// locks says what is wrong with the room for locks where everybody looks at all of the log at once; "" if that
// fits. What several hold of the same is one lock each, for which there is twice the room.
func locks(ctx context.Context, conn *pgx.Conn, looking int) (string, error) {
	var partitions, each, sessions int
	err := conn.QueryRow(ctx, `
		SELECT (SELECT count(*) FROM pg_inherits WHERE inhparent = 'latchkey_event'::regclass), current_setting('max_locks_per_transaction')::int,
			current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int`).Scan(&partitions, &each, &sessions)
	need, there := partitions*locksOf*looking, 2*each*sessions
	if err != nil || need <= there {
		return "", err
	}
	enough := each
	for 2*enough*sessions < need {
		enough *= 2
	}
	return fmt.Sprintf("PostgreSQL has room for about %d locks, and %d sessions that look through the log's %d partitions at once need %d: set max_locks_per_transaction = %d there, and restart it",
		there, looking, partitions, need, enough), nil
}
