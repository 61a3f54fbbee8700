package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"latchkey/config/value"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
)

func inspected(t *testing.T, dsn string) postgres.Inspection {
	t.Helper()
	found, err := postgres.Inspect(t.Context(), postgres.Settings{DSN: value.NewSecret(dsn)})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func connected(t *testing.T, dsn string, n int) {
	t.Helper()
	for range n {
		conn, err := pgx.Connect(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close(context.Background()) }) // it has done nothing
	}
}

// Connections of others count for a role that isn't shown what they do, and those that nobody may have don't; the limits
// of role and database do. Replicas that are there have theirs.
func TestInspectCountsConnections(t *testing.T) {
	server := postgrestest.Start(t) // 200 connections, 3 of which are for administrators
	mine := server.DatabaseOfOwner(t)
	all := postgrestest.Administrator(mine)
	connected(t, all, 50)
	for _, dsn := range []string{mine, all} {
		if found := inspected(t, dsn); found.Room != "147 connections left: room for 14 replicas" || len(found.Faults) > 0 {
			t.Errorf("%s: %+v", dsn, found)
		}
	}
	s := open(t, mine)
	s.Present("one")
	if found := inspected(t, mine); !strings.Contains(found.Room, "connections left: 1 replica is there, room for 13 more") || len(found.Faults) > 0 {
		t.Errorf("with a replica: %+v", found)
	}
	for sql, bound := range map[string]string{
		`ALTER ROLE owner CONNECTION LIMIT 12`:  "room for no more (ALTER ROLE owner CONNECTION LIMIT …, for another one)",
		`ALTER DATABASE t1 CONNECTION LIMIT 70`: "room for no more (ALTER DATABASE t1 CONNECTION LIMIT …, for another one)",
	} {
		do(t, all, sql)
		if found := inspected(t, mine); !strings.Contains(found.Room, bound) || len(found.Faults) > 0 {
			t.Errorf("%s: %+v", sql, found)
		}
		do(t, all, `ALTER ROLE owner CONNECTION LIMIT -1; ALTER DATABASE t1 CONNECTION LIMIT -1`)
	}
	other := server.DatabaseOfOwner(t)
	do(t, all, `ALTER ROLE owner CONNECTION LIMIT 11`)
	if said := errors.Join(inspected(t, other).Faults...); said == nil || !strings.Contains(said.Error(), "a replica takes up to 10, with 2 more while tables are written anew: ALTER ROLE owner CONNECTION LIMIT …") {
		t.Errorf("where none fits: %v", said)
	}
}

// An address that would take anybody for the database is said to; one of this machine is not.
func TestInspectSaysWhereNobodyIsProven(t *testing.T) {
	for dsn, want := range map[string]bool{
		"postgres://lk@db/lk": true, "postgres://lk@db/lk?sslmode=require": true, "postgres://lk@db/lk?sslmode=disable": true, "host=/run/pg,db user=lk": true,
		"postgres://lk@db/lk?sslmode=verify-full": false, "postgres://lk@db/lk?sslmode=verify-ca": false, "postgres://lk@127.0.0.1/lk": false, "postgres://lk@[::1]/lk": false,
		"host=/run/pg user=lk": false, "postgres://lk@localhost/lk?sslmode=disable": false,
	} {
		if got, err := postgres.Unproven(dsn); err != nil || got != want {
			t.Errorf("%s: %v, %v", dsn, got, err)
		}
	}
	if found := inspected(t, postgrestest.Start(t).Database(t)); len(found.Notes) > 0 {
		t.Errorf("on a socket: %v", found.Notes)
	}
}

// Where everybody who looks at all of the log would use up the room for locks, it is said before they do.
func TestInspectCountsLocks(t *testing.T) {
	server := postgrestest.StartDurable(t, "-c", "fsync=off", "-c", "max_locks_per_transaction=10", "-c", "max_connections=30")
	dsn := server.DatabaseOfOwner(t)
	open(t, dsn) // makes the tables
	if found := inspected(t, dsn); found.Locks != "" || len(found.Notes) > 0 {
		t.Errorf("with few partitions: %+v", found)
	}
	for n := range 40 {
		do(t, dsn, fmt.Sprintf(`CREATE TABLE latchkey_event_%[1]d PARTITION OF latchkey_event FOR VALUES FROM (%[1]d) TO (%[2]d)`, 100_000_000+n, 100_000_001+n))
	}
	want := "PostgreSQL has room for about 600 locks, and 8 sessions that look through the log's 40 partitions at once need 1600: set max_locks_per_transaction = 40 there, and restart it"
	if found := inspected(t, dsn); found.Locks != want || !slices.Contains(found.Notes, want) {
		t.Errorf("with many: %+v", found)
	}
}
