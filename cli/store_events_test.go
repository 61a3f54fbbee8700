package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/app"
	"latchkey/config/value"
	"latchkey/store"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
)

// onPostgres is the configuration of a company whose store is in a database, with a log of so many events.
func onPostgres(t *testing.T, server *postgrestest.Server, events int) (path string) {
	t.Helper()
	dsn := server.Database(t)
	s, err := postgres.Open(t.Context(), postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{Partition: 16})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(-72 * time.Hour)
	err = store.BeginLog(t.Context(), s, "acme.atlassian.net")
	for n := 0; n < events && err == nil; n++ {
		err = s.Update(t.Context(), func(tx store.Tx) error {
			_, err := store.Append(tx, access.Event{ID: fmt.Sprint("E-", n), Kind: access.EventNote, At: at, Request: "AR-1", Note: "Looked at."})
			return err
		})
	}
	if err == nil {
		err = s.Sealed(t.Context())
	}
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	given := strings.Replace(strings.Replace(string(example), "  path: latchkey.db\n", "", 1), "type: bolt ", "type: postgres\n  dsn: \""+dsn+"\"\n  retention: {after: 1d, tablespace: cold}\n", 1)
	path = filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(given), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// ranWith is what a command prints and says.
func ranWith(t *testing.T, args ...string) (said string, err error) {
	t.Helper()
	var out bytes.Buffer
	c := commands(nil)
	c.SetArgs(args)
	c.SetOut(&out)
	c.SetErr(&out)
	err = c.ExecuteContext(t.Context())
	return out.String(), err
}

// Where old events lie is said, they are moved once there is a place for them, and what was erased goes out of the files.
func TestOldEventsAreMovedByACommand(t *testing.T) {
	server := postgrestest.Start(t)
	path := onPostgres(t, server, 20)
	if said, err := ranWith(t, "store", "events", "--config", path); err != nil || !strings.Contains(said, "events 1 to 16, until ") || !strings.Contains(said, ": old, ") || !strings.Contains(said, "events 17 to 20") || !strings.Contains(said, "not full yet") {
		t.Errorf("%v: %s", err, said)
	}
	if said, err := ranWith(t, "store", "events", "--move", "--config", path); err == nil || !strings.Contains(err.Error(), "it has no tablespace cold") {
		t.Errorf("without a tablespace: %v: %s", err, said)
	}
	server.Elsewhere(t, "cold")
	if said, err := ranWith(t, "store", "events", "--move", "--config", path); err != nil || !strings.Contains(said, "Moved: events 1 to 16.") || !strings.Contains(said, "in the tablespace cold") {
		t.Errorf("%v: %s", err, said)
	}
	said, err := ranWith(t, "store", "events", "--json", "--config", path)
	var parts []app.LogPart
	if err != nil || json.Unmarshal([]byte(said), &parts) != nil || len(parts) != 2 || parts[0].Where != "cold" || parts[1].Where != "" {
		t.Errorf("%v: %s", err, said)
	}
	for _, args := range [][]string{{"store", "shred", "--config", path}, {"store", "shred", "--now", "--config", path}} {
		if said, err := ranWith(t, args...); err != nil || !strings.Contains(said, "Nothing of what was erased is in the store's files any more.") {
			t.Errorf("%q: %v: %s", args, err, said)
		}
	}
}

// Where the parts, and those who look through them, are too many for the database, that is said with them.
func TestTooManyPartsAreSaid(t *testing.T) {
	path := onPostgres(t, postgrestest.StartDurable(t, "-c", "fsync=off", "-c", "max_locks_per_transaction=10", "-c", "max_connections=30"), 20)
	text, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, []byte(strings.Replace(string(text), "\n  retention:", "\n  connections: 200\n  retention:", 1)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	said, err := ranWith(t, "store", "events", "--config", path)
	if err != nil || !strings.Contains(said, "Note: PostgreSQL has room for about 600 locks, and 198 sessions that look through the log's 2 partitions at once need 1980: set max_locks_per_transaction = 40 there, and restart it.") {
		t.Errorf("%v: %s", err, said)
	}
}

// A part of a copy is not told of, and nothing is done in it; there is nothing to empty but a database.
func TestAPartOfACopyIsRefusedInADatabase(t *testing.T) {
	server := postgrestest.Start(t)
	path := onPostgres(t, server, 3)
	c, err := load(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := postgres.Open(t.Context(), c.Store.Settings.(postgres.Settings), postgres.Options{})
	if err == nil {
		err = s.Update(t.Context(), func(tx store.Tx) error {
			_, err := tx.Put(store.Record{Kind: "copy", ID: "unfinished", Schema: 1, Body: []byte("3 leaf")})
			return err
		})
		err = errors.Join(err, s.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"store", "events"}, {"store", "events", "--move"}, {"store", "shred"}, {"store", "shred", "--now"}} {
		if said, err := ranWith(t, append(args, "--config", path)...); err == nil || !strings.Contains(err.Error(), "is a part of a copy that was broken off: run latchkey store copy again") {
			t.Errorf("%v: %v: %s", args, err, said)
		}
	}
	file, database := onFile(t)
	changed(t, database, func(s store.Store) error {
		return errors.Join(store.BeginLog(t.Context(), s, "acme.atlassian.net"), s.Update(t.Context(), func(tx store.Tx) error {
			_, err := store.Append(tx, access.Event{ID: "E-1", Kind: access.EventNote, At: time.Now(), Request: "AR-1", Note: "Looked at."})
			return err
		}))
	})
	if _, err := ranWith(t, "store", "copy", "--from", file, "--to", path); err == nil || !strings.Contains(err.Error(), "empty it first; nothing was changed in it. Make another database") {
		t.Errorf("copied: %v", err)
	}
}

// A store that is a file has no parts that could be moved.
func TestAFileHasNoPartsOfALog(t *testing.T) {
	said, err := ranWith(t, "store", "events", "--config", "../config.yaml")
	if err == nil || !strings.Contains(err.Error(), "only postgres keeps the log in parts") {
		t.Errorf("%v: %s", err, said)
	}
}
