package postgres_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/config/value"
	"latchkey/store"
	"latchkey/store/postgres"
)

// Each fault of an address has its own sentence, and none of them shows what may be a password.
func TestWhatIsWrongWithAnAddress(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const encoded = "characters that mean something in an address: in user and password write %2F for /"
	for dsn, want := range map[string]string{
		"":                                 "store.dsn is empty",
		"postgres://lk:se/cret@db/lk":      encoded,
		"postgres://lk:se%cret@db/lk":      encoded,
		"postgres://lk:se cret@db/lk":      encoded,
		"postgres://lk:12/secret@db/lk":    encoded,
		"postgres://lk:1@2#secret@db/lk":   encoded,
		"host=db user=lk password='secret": "a value with spaces, quotes or backslashes stands in quotes",
		"postgres://lk:secret@db/lk?sslmode=verify-full&sslrootcert=/nowhere/ca.pem":   "the file /nowhere/ca.pem can't be read (no such file or directory): mount it there, or correct sslrootcert",
		"postgres://lk:secret@db/lk?sslmode=verify-full&sslrootcert=" + empty:          "the file of sslrootcert has no certificate in it",
		"postgres://lk:secret@db/lk?sslmode=verify-full&sslcert=/no/a.crt&sslkey=/b.k": "the file /b.k can't be read (no such file or directory): mount it there, or correct sslkey",
		"postgres://lk:secret@db/lk?sslmode=yes":                                       "sslmode has to be disable, allow, prefer, require, verify-ca or verify-full",
		"postgres://lk:secret@db/lk?connect_timeout=secret":                            "it has to be a URL such as postgres://",
	} {
		s := postgres.Settings{DSN: value.NewSecret(dsn)}
		_, opened := postgres.Open(t.Context(), s, postgres.Options{})
		_, looked := postgres.Inspect(t.Context(), s)
		for _, err := range []error{opened, looked, postgres.ShredNow(t.Context(), s)} {
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "cret") || store.Rests(err) {
				t.Errorf("%s: %v, want %q", dsn, err, want)
			}
		}
	}
}

// What means nothing in an address may stand in a password.
func TestAPasswordOfManySigns(t *testing.T) {
	for _, dsn := range []string{"postgres://lk:se#?[]&=!*secret@db/lk", "postgres://lk:%2F%40%3A%25%20@db/lk", `host=db user=lk password='a \'b\\/@'`} {
		if _, err := read(t, "dsn: ${DSN}", map[string]string{"DSN": dsn}); err != nil {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}

// read reads what config.yaml says of a store, with an environment.
func read(t *testing.T, text string, env map[string]string) (postgres.Settings, error) {
	t.Helper()
	doc, root := value.Read(value.Source{Name: "config.yaml", Text: []byte(text), Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }})
	s := postgres.Decode(root)
	return s, doc.Err()
}

// A password stands in the file only where it is written there: PGPASSWORD and ~/.pgpass are what the address is to use.
func TestWhereAPasswordStands(t *testing.T) {
	t.Setenv("PGPASSWORD", "elsewhere")
	for dsn, stands := range map[string]bool{
		"postgres://lk@db/lk?sslmode=verify-full":  false,
		"host=db user=lk":                          false,
		"postgres://lk:secret@db/lk":               true,
		"postgres://lk@db/lk?password=secret":      true,
		"postgres://lk@db/lk?pass%77ord=secret":    true,
		"host=db user=lk password=secret":          true,
		"host=db  password = 'secret' user=lk":     true,
		"host=db application_name=my-password_app": false,
	} {
		_, err := read(t, "dsn: \""+dsn+"\"", nil)
		if (err != nil) != stands || stands && !strings.Contains(err.Error(), "store.dsn has a password in it") {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}

// Who has no address is told what lacks, by name: PostgreSQL's own defaults lead to another database.
func TestAnAddressThatIsNotSet(t *testing.T) {
	s, err := read(t, `dsn: "${LATCHKEY_DSN}"`, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = postgres.Open(t.Context(), s, postgres.Options{})
	if err == nil || !strings.Contains(err.Error(), "LATCHKEY_DSN is not set") || errors.Is(err, store.ErrUnwritable) {
		t.Errorf("opened: %v", err)
	}
	if _, err := postgres.There(t.Context(), s); err == nil || !strings.Contains(err.Error(), "LATCHKEY_DSN is not set") {
		t.Errorf("looked for: %v", err)
	}
}
