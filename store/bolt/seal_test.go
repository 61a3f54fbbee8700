package bolt_test

import (
	"context"
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
		}}
	})
}

// Killed at any moment, a store that seals all the time loses nothing.
func TestKillWhileSealing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	storetest.Kill(t, path, func(path string) (store.Store, error) { return bolt.Open(path, bolt.Options{Stretch: 3}) })
}

// sealedLog makes a store whose log of 100 events is mostly sealed, and closes it.
func sealedLog(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path, bolt.Options{Stretch: 10})
		for n := range 50 {
			logTwo(t, s, n)
			synctest.Wait() // the sealer is at rest again
		}
		wholeLog(t, s, 100)
	})
	if got := strings.Join(stretchNames(t, path), " "); !strings.HasPrefix(got, "000000000001-000000000010 ") || len(stretchNames(t, path)) != 9 {
		t.Fatalf("stretches %s", got)
	}
	return path
}

// logTwo appends two events in one update.
func logTwo(t *testing.T, s store.Store, n int) {
	t.Helper()
	err := s.Update(context.Background(), func(tx store.Tx) error {
		for _, who := range []access.PersonID{"ann@acme.test", "bob@acme.test"} {
			e := access.Event{Kind: access.EventNote, Request: fmt.Sprint("AR-", n%7), Person: who, App: fmt.Sprint("app", n%3), Note: strings.Repeat("x", n)}
			if _, err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// wholeLog checks the chain from end to end, and that every way of asking finds
// what it should.
func wholeLog(t *testing.T, s store.Store, want int) {
	t.Helper()
	err := s.View(context.Background(), func(tx store.Tx) error {
		all, err := tx.Events(store.Filter{}, 0, 10*want)
		if err != nil {
			return err
		}
		prev, persons, requests := "", map[access.PersonID]int{}, map[string]int{}
		for i, e := range all {
			if err := e.Verify(prev); err != nil {
				return err
			}
			single, err := tx.Events(store.Filter{Seq: uint64(i + 1)}, 0, 1)
			if err != nil || len(single) != 1 || single[0].Hash != e.Hash {
				return fmt.Errorf("event %d alone: %v, %v", i+1, single, err)
			}
			prev = e.Hash
			persons[e.Person]++
			requests[e.Request]++
		}
		if head, ok, err := tx.Head(); err != nil || !ok || head.Hash != prev || len(all) != want {
			return fmt.Errorf("%d events, want %d; head %d, %v", len(all), want, head.Seq, err)
		}
		for who, n := range persons {
			if got, err := tx.Events(store.Filter{Person: who}, 0, 10*want); err != nil || len(got) != n {
				return fmt.Errorf("%d events of %s, want %d: %w", len(got), who, n, err)
			}
		}
		for id, n := range requests {
			if got, err := tx.Events(store.Filter{Request: id}, 0, 10*want); err != nil || len(got) != n {
				return fmt.Errorf("%d events of %s, want %d: %w", len(got), id, n, err)
			}
		}
		page, err := tx.Events(store.Filter{}, 15, 10)
		if err != nil || len(page) != 10 || page[0].Seq != 16 {
			return fmt.Errorf("a page across two stretches: %d events, %w", len(page), err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
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
	s := open(t, path, bolt.Options{Stretch: 10})
	wholeLog(t, s, 100)
	logTwo(t, s, 50)
	wholeLog(t, s, 102)
}

// Sealed events are no longer in the main file.
func TestSealedEventsLeaveTheMainFile(t *testing.T) {
	path := sealedLog(t)
	if n := keysOf(t, path, "events"); n != 10 {
		t.Errorf("%d events in the main file, want the newest 10", n)
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
	if err := os.Rename(path+".events", fresh+".events"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(fresh+".events/unfinished-1", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s := open(t, fresh, bolt.Options{Stretch: 10})
		wholeLog(t, s, 100)
		synctest.Wait()
		wholeLog(t, s, 100)
	})
	if names := stretchNames(t, fresh); len(names) != 9 {
		t.Errorf("stretches %v, want 9 and nothing unfinished", names)
	}
}

func TestDamagedStretchIsNamed(t *testing.T) {
	for what, damage := range map[string]func(name string) error{
		"missing": os.Remove,
		"empty":   func(name string) error { return os.Truncate(name, 0) },
		"cut":     func(name string) error { return os.Truncate(name, 300) },
		"swapped": func(name string) error {
			return os.Rename(strings.Replace(name, "000000000021-000000000030", "000000000031-000000000040", 1), name)
		},
	} {
		t.Run(what, func(t *testing.T) {
			path := sealedLog(t)
			name := path + ".events/000000000021-000000000030"
			if err := damage(name); err != nil {
				t.Fatal(err)
			}
			s := open(t, path, bolt.Options{Stretch: 10})
			err := s.View(context.Background(), func(tx store.Tx) error {
				_, err := tx.Events(store.Filter{}, 0, 1000)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("got %v, want an error that names %s", err, name)
			}
		})
	}
}

// A file of the layout before goes on as it is.
func TestUnsealedLayoutIsTakenOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	s, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	logTwo(t, s, 0)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	editFile(t, path, func(tx *bbolt.Tx) error {
		if err := tx.DeleteBucket([]byte("sealed")); err != nil {
			return err
		}
		return tx.Bucket([]byte("about")).Put([]byte("format"), []byte("1"))
	})
	again := open(t, path, bolt.Options{})
	logTwo(t, again, 1)
	err = again.View(context.Background(), func(tx store.Tx) error {
		if all, err := tx.Events(store.Filter{}, 0, 10); err != nil || len(all) != 4 {
			return fmt.Errorf("%d events, want 4: %w", len(all), err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
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
