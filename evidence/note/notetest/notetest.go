// Package notetest makes keys for tests.
package notetest

import (
	"path/filepath"
	"testing"
	"time"

	"latchkey/evidence/note"
)

// Log is the log that keys are made for.
const Log = "acme.test/latchkey/7f3k9q2m/1"

// Keys are new ones for a log.
func Keys(t testing.TB, log string) note.Keys {
	t.Helper()
	path := filepath.Join(t.TempDir(), "evidence.key")
	if _, err := note.Create(path, log); err != nil {
		t.Fatal(err)
	}
	keys := note.Load(note.Source{File: path}, time.Now)
	if keys.Lacking != nil {
		t.Fatal(keys.Lacking)
	}
	return keys
}

// New is a signer for a log.
func New(t testing.TB, log string) *note.Signer {
	t.Helper()
	return Keys(t, log).Signer
}

// Trust trusts some signers.
func Trust(signers ...*note.Signer) note.Trust {
	var keys []note.Trusted
	for _, s := range signers {
		keys = append(keys, note.Trusted{Public: s.Public()})
	}
	return note.NewTrust(keys...)
}
