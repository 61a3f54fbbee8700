// Package bolttest opens a store for the tests of what is built on one.
package bolttest

import (
	"path/filepath"
	"testing"

	"latchkey/store"
	"latchkey/store/bolt"
)

// Site is what the log of such a store is named after.
const Site = "acme.test"

// Open opens a new store whose log has begun. It is closed when the test ends.
func Open(t testing.TB) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "latchkey.db"), bolt.Options{NoSync: true})
	if err == nil {
		err = store.BeginLog(t.Context(), s, Site)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
