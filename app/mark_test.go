package app

import (
	"os"
	"path/filepath"
	"testing"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/bolt"
)

// A store that was put in the place of a newer one is known by the mark beside it.
func TestAnOlderStoreIsKnownByItsMark(t *testing.T) {
	file := filepath.Join(t.TempDir(), "company.db")
	grow := func() storeMark {
		t.Helper()
		s, err := bolt.Open(file, bolt.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := store.BeginLogNamed(t.Context(), s, "acme.test/latchkey/7f3k9q2m/1"); err != nil {
			t.Fatal(err)
		}
		err = s.Update(t.Context(), func(tx store.Tx) error {
			_, err := store.Append(tx, access.Event{Kind: access.EventNote, Request: "AR-1"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		m, err := markOf(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	older := func() bool {
		t.Helper()
		s, err := bolt.Open(file, bolt.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		yes, err := behindMark(t.Context(), file, s)
		if err != nil {
			t.Fatal(err)
		}
		return yes
	}
	grow()
	if older() {
		t.Error("a store without a mark is taken for an older one")
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	now := grow()
	if err := putMark(markName(file), now); err != nil {
		t.Fatal(err)
	}
	if older() {
		t.Error("the store itself is taken for an older one")
	}
	if err := os.WriteFile(file, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	if !older() {
		t.Error("an older store is not known")
	}
	now.Log = "acme.test/latchkey/7f3k9q2m/2"
	if err := putMark(markName(file), now); err != nil {
		t.Fatal(err)
	}
	if older() {
		t.Error("the mark of another log says something")
	}
}
