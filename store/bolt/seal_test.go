package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"go.etcd.io/bbolt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/store/storetest"
)

// A store that seals all the time is a store like any other.
func TestSealingStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Backend {
		path := filepath.Join(t.TempDir(), "latchkey.db")
		opts := bolt.Options{NoSync: true, Stretch: 1}
		first := open(t, path, opts)
		return storetest.Backend{Store: first, Reopen: func(t *testing.T) store.Store {
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			return open(t, path, opts)
		}, Holds: holdsIn(path)}
	})
}

// Killed at any moment, a store that seals all the time loses nothing.
func TestKillWhileSealing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	storetest.Kill(t, path, func(path string) (store.Store, error) { return bolt.Open(path, bolt.Options{Stretch: 4}) })
}

// sealedLog makes a store whose log of 100 events is mostly sealed, and closes it.
func sealedLog(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path, bolt.Options{Stretch: 8})
		for n := range 50 {
			logTwo(t, s, n)
			synctest.Wait() // the sealer is at rest again
		}
		wholeLog(t, s, 100)
	})
	if got := strings.Join(stretchNames(t, path), " "); !strings.HasPrefix(got, "000000000001-000000000008 ") || len(stretchNames(t, path)) != 11 {
		t.Fatalf("stretches %s", got)
	}
	return path
}

// logTwo appends two events in one update.
func logTwo(t *testing.T, s store.Store, n int) {
	t.Helper()
	err := s.Update(context.Background(), func(tx store.Tx) error {
		for _, who := range []access.PersonID{"ann@acme.test", "bob@acme.test"} {
			e := access.Entry{ID: fmt.Sprint(who, n), Log: "acme.test/latchkey/7f3k9q2m/1", Subject: access.RequestSubject(fmt.Sprint("AR-", n%7)),
				Schema: 1, Body: []byte(strings.Repeat("x", n))}
			if _, err := tx.Append(e, store.About{Person: who, App: fmt.Sprint("app", n%3)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// wholeLog checks every entry and every chain, and that every way of asking finds
// what it should.
func wholeLog(t *testing.T, s store.Store, want int) {
	t.Helper()
	err := s.View(context.Background(), func(tx store.Tx) error {
		all, err := tx.Entries(store.Filter{}, 0, 10*want)
		if err != nil {
			return err
		}
		if size, err := tx.Size(); err != nil || len(all) != want || size != uint64(want) {
			return fmt.Errorf("%d entries and the size %d, want %d: %w", len(all), size, want, err)
		}
		ends, persons := map[access.Subject]access.Entry{}, map[access.PersonID]int{}
		for _, e := range all {
			if err := errors.Join(e.Verify(), e.Follows(ends[e.Subject].N, ends[e.Subject].Leaf)); err != nil {
				return err
			}
			ends[e.Subject] = e
			persons[access.PersonID(e.ID[:len("ann@acme.test")])]++
		}
		for who, n := range persons {
			if got, err := tx.Entries(store.Filter{Person: who}, 0, 10*want); err != nil || len(got) != n {
				return fmt.Errorf("%d entries of %s, want %d: %w", len(got), who, n, err)
			}
		}
		for subject, end := range ends {
			if got, err := tx.Entries(store.Filter{Subject: subject}, 0, 10*want); err != nil || uint64(len(got)) != end.N {
				return fmt.Errorf("%d entries of %s, want %d: %w", len(got), subject, end.N, err)
			}
		}
		return wholeTree(tx, all)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// wholeTree checks pages that lie across stretches, and the leaves.
func wholeTree(tx store.Tx, all []access.Entry) error {
	page, err := tx.Entries(store.Filter{}, 15, 10)
	if err != nil || len(page) != 10 || page[0].Place != 16 {
		return fmt.Errorf("a page across two stretches: %d entries, %w", len(page), err)
	}
	leaves, err := tx.Leaves(3, len(all))
	if err != nil || len(leaves) != len(all)-3 {
		return fmt.Errorf("%d leaves: %w", len(leaves), err)
	}
	for i, l := range leaves {
		if l != all[i+3].Leaf {
			return fmt.Errorf("the leaf at place %d is %s, want %s", i+4, l, all[i+3].Leaf)
		}
	}
	return nil
}

func stretchNames(t *testing.T, path string) []string {
	t.Helper()
	found, err := filepath.Glob(path + ".events/*")
	if err != nil {
		t.Fatal(err)
	}
	for i := range found {
		found[i] = filepath.Base(found[i])
	}
	return found
}

func TestSealedLogAfterReopening(t *testing.T) {
	path := sealedLog(t)
	s := open(t, path, bolt.Options{Stretch: 8})
	wholeLog(t, s, 100)
	logTwo(t, s, 50)
	wholeLog(t, s, 102)
}

// Sealed events are no longer in the main file.
func TestSealedEventsLeaveTheMainFile(t *testing.T) {
	path := sealedLog(t)
	if n := keysOf(t, path, "events"); n != 12 {
		t.Errorf("%d events in the main file, want the newest 12", n)
	}
}

// The process died between the file and the transaction: the file is there, the
// main file knows nothing of it.
func TestStretchWithoutRecord(t *testing.T) {
	path := sealedLog(t)
	fresh := filepath.Join(t.TempDir(), "latchkey.db")
	synctest.Test(t, func(t *testing.T) {
		s := open(t, fresh, bolt.Options{}) // the same log, not sealed
		for n := range 50 {
			logTwo(t, s, n)
		}
	})
	editFile(t, fresh, func(tx *bbolt.Tx) error { return tx.Bucket([]byte("about")).Put([]byte("stretch"), []byte("8")) })
	if err := os.Rename(path+".events", fresh+".events"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(fresh+".events/unfinished-1", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s := open(t, fresh, bolt.Options{Stretch: 8})
		wholeLog(t, s, 100)
		synctest.Wait()
		wholeLog(t, s, 100)
	})
	if names := stretchNames(t, fresh); len(names) != 11 {
		t.Errorf("stretches %v, want 11 and nothing unfinished", names)
	}
}

func TestDamagedStretchIsNamed(t *testing.T) {
	for what, damage := range map[string]func(name string) error{
		"missing": os.Remove,
		"empty":   func(name string) error { return os.Truncate(name, 0) },
		"cut":     func(name string) error { return os.Truncate(name, 900) },
		"swapped": func(name string) error {
			return os.Rename(strings.Replace(name, "000000000017-000000000024", "000000000025-000000000032", 1), name)
		},
	} {
		t.Run(what, func(t *testing.T) {
			path := sealedLog(t)
			name := path + ".events/000000000017-000000000024"
			if err := damage(name); err != nil {
				t.Fatal(err)
			}
			s := open(t, path, bolt.Options{Stretch: 8})
			err := s.View(context.Background(), func(tx store.Tx) error {
				_, err := tx.Entries(store.Filter{}, 0, 1000)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("got %v, want an error that names %s", err, name)
			}
		})
	}
}

// The length of stretches is the file's: whatever it is opened with, every stretch
// is a perfect subtree of the same size.
func TestStretchesKeepTheirLength(t *testing.T) {
	path := sealedLog(t)
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path, bolt.Options{Stretch: 2})
		for n := range 20 {
			logTwo(t, s, n)
			synctest.Wait()
		}
		wholeLog(t, s, 140)
		err := s.View(context.Background(), func(tx store.Tx) error {
			if wide, roots, err := tx.Subtrees(); err != nil || wide != 8 || len(roots) != 15 {
				return fmt.Errorf("%d subtrees of %d: %w", len(roots), wide, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func keysOf(t *testing.T, path, bucket string) (n int) {
	t.Helper()
	editFile(t, path, func(tx *bbolt.Tx) error {
		n = tx.Bucket([]byte(bucket)).Stats().KeyN
		return nil
	})
	return n
}

func editFile(t *testing.T, path string, fn func(*bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(fn); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// Of a story a part of which was in a file that is lost, the rest is read, and what
// is lost is named.
func TestALostStretchLeavesTheRestOfAStory(t *testing.T) {
	path := sealedLog(t)
	if err := os.Remove(filepath.Join(path+".events", stretchNames(t, path)[2])); err != nil {
		t.Fatal(err)
	}
	s := open(t, path, bolt.Options{})
	err := s.View(t.Context(), func(tx store.Tx) error {
		story, damage, err := store.Sound(tx.Entries(store.Filter{Subject: access.RequestSubject("AR-2")}, 0, 100))
		if len(damage) == 0 || len(story) == 0 || len(story)+len(damage) != 14 || !strings.Contains(damage.Error(), "restore it from a backup") {
			t.Errorf("%d events are read, lost are %v", len(story), damage)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
