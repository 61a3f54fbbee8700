package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/app"
	"latchkey/store"
)

// configuredOn is the configuration of a company whose store is in a database with an address.
func configuredOn(t *testing.T, dsn string) string {
	t.Helper()
	example, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "config.yaml")
	given := strings.Replace(strings.Replace(string(example), "  path: latchkey.db\n", "", 1), "type: bolt ", "type: postgres\n  dsn: \""+dsn+"\"\n", 1)
	if err := os.WriteFile(path, []byte(given), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Every command that needs the database says which variable lacks, instead of looking for it where PostgreSQL does by itself.
func TestAnAddressThatIsNotSetIsNamed(t *testing.T) {
	lacking, key := configuredOn(t, "${ADDRESS_OF_NOBODY}"), filepath.Join(t.TempDir(), "evidence.key")
	for _, args := range [][]string{
		{"run"}, {"stuck"}, {"store", "events"}, {"store", "shred"}, {"store", "shred", "--now"}, {"evidence", "verify"}, {"evidence", "key", "create", key}, {"report"}, {"people", "show", "ann@acme.example"},
		{"offboard", "ann@acme.example", "--reason", "She left."}, {"recover", "--dry-run"},
	} {
		_, err := ranWith(t, append(args, "--config", lacking)...)
		if err == nil || !strings.Contains(err.Error(), "ADDRESS_OF_NOBODY is not set") || exitCode(err) != exitUsage {
			t.Errorf("%v: %v", args, err)
		}
	}
	file, database := onFile(t)
	changed(t, database, func(store.Store) error { return nil })
	for _, args := range [][]string{{"--from", lacking, "--to", file}, {"--from", file, "--to", lacking}} {
		if _, err := ranWith(t, append([]string{"store", "copy"}, args...)...); err == nil || !strings.Contains(err.Error(), "ADDRESS_OF_NOBODY is not set") || exitCode(err) != exitUsage {
			t.Errorf("copy %v: %v", args, err)
		}
	}
	if _, err := os.Stat(key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key was made: %v", err)
	}
}

// While the database can't be asked which log it keeps, no key is made, which would be for another one; and a bot that lacks a
// token waits for it, because it may have access to end.
func TestADatabaseOutOfReachIsNotTakenForNone(t *testing.T) {
	away, key := configuredOn(t, "host="+t.TempDir()+" user=latchkey dbname=latchkey"), filepath.Join(t.TempDir(), "evidence.key")
	if _, err := ranWith(t, "evidence", "key", "create", key, "--config", away); err == nil || !strings.Contains(err.Error(), "a key is for one log, and which that is stands in the store: the database ") {
		t.Errorf("a key: %v", err)
	}
	if _, err := os.Stat(key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key was made: %v", err)
	}
	c, err := load(away)
	if err != nil {
		t.Fatal(err)
	}
	if lacking := c.RequireSecrets(); lacking == nil || app.SecretsToBegin(c) != nil {
		t.Errorf("without %v, it doesn't wait: %v", lacking, app.SecretsToBegin(c))
	}
}
