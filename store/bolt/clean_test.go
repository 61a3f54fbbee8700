package bolt_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

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

// TestQuietStoreKeepsFreePages dies, as it were, a moment after the last write
// and then a second later: by then the file needs no walk any more.
func TestQuietStoreKeepsFreePages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "latchkey.db")
		s := open(t, path, bolt.Options{})
		rewrite(t, s, 0)
		if synced(t, path) {
			t.Error("the list of free pages was written in the middle of work")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if !synced(t, path) {
			t.Error("the list of free pages was not written in a quiet moment")
		}
		rewrite(t, s, 1)
		if synced(t, path) {
			t.Error("the list of free pages is said to be current and is not")
		}
	})
}

// synced copies the file as a crash would leave it and tells whether bbolt finds
// a list of free pages in it.
func synced(t *testing.T, path string) bool {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	left := path + ".left"
	if err := os.WriteFile(left, body, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(left, 0o600, &bbolt.Options{ReadOnly: true, PreLoadFreelist: false})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	found := false
	err = db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			t.Errorf("%v", err)
		}
		for id := 0; ; id++ {
			p, err := tx.Page(id)
			if err != nil || p == nil {
				return err
			}
			found = found || p.Type == "freelist"
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
