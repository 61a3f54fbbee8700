package bolt_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"latchkey/store"
	"latchkey/store/bolt"
)

// TestOrderlyStopKeepsFreePages stops in an orderly way, starts, writes and
// stops again; what bbolt thinks of its pages must hold throughout.
func TestOrderlyStopKeepsFreePages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	for round := range 4 {
		s, err := bolt.Open(path, bolt.Options{})
		if err != nil {
			t.Fatal(err)
		}
		rewrite(t, s, round)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if free := freePages(t, path); free == 0 {
			t.Errorf("round %d: no page is free after a hundred rewrites", round)
		}
	}
}

// rewrite stores the same hundred records over and over, so that pages come free.
func rewrite(t *testing.T, s *bolt.Store, round int) {
	t.Helper()
	for range 10 {
		err := s.Update(context.Background(), func(tx store.Tx) error {
			for n := range 100 {
				r := store.Record{Kind: "a", ID: fmt.Sprint(round, n), Body: make([]byte, 500)}
				if old, err := tx.Get("a", r.ID); err == nil {
					r.Version = old.Version
				}
				if _, err := tx.Put(r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// freePages reads the list that the file itself holds, without a walk, and has
// bbolt check every page.
func freePages(t *testing.T, path string) int {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, PreLoadFreelist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			t.Errorf("%v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return db.Stats().FreePageN + db.Stats().PendingPageN
}
