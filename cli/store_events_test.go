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

// A store that is a file has no parts that could be moved.
func TestAFileHasNoPartsOfALog(t *testing.T) {
	said, err := ranWith(t, "store", "events", "--config", "../config.yaml")
	if err == nil || !strings.Contains(err.Error(), "only postgres keeps the log in parts") {
		t.Errorf("%v: %s", err, said)
	}
}
