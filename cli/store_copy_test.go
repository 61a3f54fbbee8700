package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/app"
	"latchkey/store"
	"latchkey/store/bolt"
)

// onFile is the configuration of a company whose store is a file in a folder of its own, and where that is.
func onFile(t *testing.T) (config, file string) {
	t.Helper()
	example, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	config, file = filepath.Join(dir, "config.yaml"), filepath.Join(dir, "latchkey.db")
	if err := os.WriteFile(config, []byte(strings.Replace(string(example), "path: latchkey.db", "path: "+file, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return config, file
}

// changed does something in the store of a file while nobody else has it open.
func changed(t *testing.T, file string, do func(store.Store) error) {
	t.Helper()
	s, err := bolt.Open(file, bolt.Options{})
	if err == nil {
		err = errors.Join(do(s), s.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestAStoreIsCopiedByACommand, not while somebody is at work on it, and into nothing that has something in it. A part of a copy
// is neither worked on, told of, nor copied further.
func TestAStoreIsCopiedByACommand(t *testing.T) {
	from, source := onFile(t)
	to, _ := onFile(t)
	further, _ := onFile(t)
	changed(t, source, func(s store.Store) error {
		if err := store.BeginLog(t.Context(), s, "acme.atlassian.net"); err != nil {
			return err
		}
		for n := range 3 {
			err := s.Update(t.Context(), func(tx store.Tx) error {
				_, err := store.Append(tx, access.Event{ID: fmt.Sprint("E-", n), Kind: access.EventNote, At: time.Now(), Request: "AR-1", Note: "Looked at."})
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	refused := func(says string, args ...string) {
		t.Helper()
		if said, err := ranWith(t, args...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, want %q; %s", args, err, says, said)
		}
	}
	changed(t, source, func(store.Store) error {
		refused("the store to copy: ", "store", "copy", "--from", from, "--to", to)
		return nil
	})
	if said, err := ranWith(t, "store", "copy", "--from", from, "--to", to); err != nil || !strings.Contains(said, "Copied: 3 events") || !strings.Contains(said, "are the same") {
		t.Errorf("%v: %s", err, said)
	}
	refused("is not empty; nothing was changed in it", "store", "copy", "--from", from, "--to", to)

	changed(t, source, func(s store.Store) error { // as a copy leaves it that was broken off
		return s.Update(t.Context(), func(tx store.Tx) error {
			_, err := tx.Put(store.Record{Kind: "copy", ID: "unfinished", Schema: 1, Body: []byte("3 leaf")})
			return err
		})
	})
	refused("itself a part of a copy", "store", "copy", "--from", from, "--to", further)
	for _, args := range [][]string{{"stuck"}, {"report"}, {"backup", filepath.Join(t.TempDir(), "backup")}} {
		refused("is a part of a copy that was broken off: run latchkey store copy again", append(args, "--config", from)...)
	}
	c, err := load(from)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.Open(t.Context(), c, app.Hooks{}); err == nil || !strings.Contains(err.Error(), "is a part of a copy") {
		t.Errorf("a bot starts on it: %v", err)
	}
}
