package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"latchkey/store"
	"latchkey/store/postgres/postgrestest"
)

// Where there is no room left for the locks of one who looks through all of the log, only they are refused, and read
// what to do; who needs fewer goes on, and it isn't taken for a database that can't be written to.
func TestWithoutRoomForLocksOthersGoOn(t *testing.T) {
	server := postgrestest.StartDurable(t, "-c", "fsync=off", "-c", "max_locks_per_transaction=10", "-c", "max_connections=30")
	dsn := server.Database(t)
	s := open(t, dsn)
	if err := write(s, "before"); err != nil {
		t.Fatal(err)
	}
	if err := s.Sealed(t.Context()); err != nil {
		t.Fatal(err)
	}
	for n := range 20 {
		do(t, dsn, fmt.Sprintf(`CREATE TABLE latchkey_event_%[1]d PARTITION OF latchkey_event FOR VALUES FROM (%[1]d) TO (%[2]d)`, 100_000_000+n, 100_000_001+n))
	}
	takeAllLocks(t, dsn)
	const sentence = "has no room left for locks: double max_locks_per_transaction there, and restart it"
	through := func(tx store.Tx) error {
		_, err := tx.Entries(store.Filter{Person: "P-ANN"}, 0, 10)
		return err
	}
	if err := s.View(t.Context(), through); err == nil || !strings.Contains(err.Error(), sentence) || store.Rests(err) {
		t.Errorf("a look: %v", err)
	}
	for range 3 {
		if err := s.Update(t.Context(), through); err == nil || !strings.Contains(err.Error(), sentence) || store.Rests(err) {
			t.Errorf("an update: %v", err)
		}
		err := s.Update(t.Context(), func(tx store.Tx) error {
			_ = through(tx) // it makes do without
			_, err := tx.Put(store.Record{Kind: "k", ID: "half"})
			return err
		})
		if err == nil {
			t.Error("an update that made do without what it had asked for is said to be written")
		}
		if s.Trouble() != nil {
			t.Errorf("the replica rests: %v", s.Trouble())
		}
	}
	if err := put(s, "after"); err != nil {
		t.Errorf("who needs few locks: %v", err)
	}
	if err := s.View(t.Context(), func(tx store.Tx) error { _, err := tx.Get("k", "half"); return err }); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what was refused is there: %v", err)
	}
}

func put(s store.Store, id string) error {
	return s.Update(context.Background(), func(tx store.Tx) error {
		_, err := tx.Put(store.Record{Kind: "k", ID: id})
		return err
	})
}

// takeAllLocks takes what locks there are but twenty, until the test ends: who writes at all needs one.
func takeAllLocks(t *testing.T, dsn string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	_, err = conn.Exec(t.Context(), `DO $$ BEGIN FOR n IN 1..10000000 LOOP PERFORM pg_advisory_lock(n); END LOOP; END $$`)
	if err == nil {
		t.Fatal("there is room for any number of locks")
	}
	if !strings.Contains(err.Error(), "53200") {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), `SELECT count(pg_advisory_unlock(n)) FROM generate_series(1, 20) n`); err != nil {
		t.Fatal(err)
	}
}
