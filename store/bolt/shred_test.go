package bolt_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/bolt"
)

// secretLog is a store, mostly sealed, whose every third event has a private part.
func secretLog(t *testing.T, path string, events int) {
	synctest.Test(t, func(t *testing.T) {
		s, err := bolt.Open(path, bolt.Options{Stretch: 8})
		if err != nil {
			t.Fatal(err)
		}
		for n := range events {
			err := s.Update(context.Background(), func(tx store.Tx) error {
				e := access.Entry{ID: fmt.Sprint(n), Log: "acme.test/latchkey/7f3k9q2m/1", Subject: access.RequestSubject(fmt.Sprint("AR-", n%7)), Schema: 1, Body: []byte("{}")}
				if n%3 == 0 {
					e.Salt, e.Private = []byte("0123456789abcdef"), []byte(fmt.Sprintf("secret-%04d-%s", n, strings.Repeat("x", 40*(n%50))))
				}
				_, err := tx.Append(e, store.About{Person: "P-ANN", App: "crm"})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// secretsIn are the private parts, by number, that stand anywhere in a store's files,
// whether anything refers to them or not.
func secretsIn(t *testing.T, path string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(filepath.Dir(path), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(name)
		for rest := raw; ; {
			i := bytes.Index(rest, []byte("secret-"))
			if i < 0 {
				return err
			}
			found[string(rest[i+7:i+11])] = true
			rest = rest[i+7:]
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// holdsIn tells whether a text stands anywhere in a store's files.
func holdsIn(path string) func(t *testing.T, text string) bool {
	return func(t *testing.T, text string) (is bool) {
		t.Helper()
		err := filepath.WalkDir(filepath.Dir(path), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(name)
			is = is || bytes.Contains(raw, []byte(text))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
}

// Nothing of what was erased is in the files any more: neither in stretches nor in
// pages that are free by now. What was not erased is.
func TestErasedBytesAreGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	secretLog(t, path, 120)
	s := open(t, path, bolt.Options{Stretch: 8})
	var places []uint64
	for place := uint64(1); place <= 120; place += 6 { // every second one with a private part, sealed or not
		places = append(places, place)
	}
	if err := s.Update(context.Background(), func(tx store.Tx) error { return tx.Erase(places) }); err != nil {
		t.Fatal(err)
	}
	if err := s.Shred(context.Background()); err != nil {
		t.Fatal(err)
	}
	wholeLog2(t, s, 120, len(places))
	left := secretsIn(t, path)
	for n := 0; n < 120; n += 3 {
		if is, want := left[fmt.Sprintf("%04d", n)], n%6 != 0; is != want {
			t.Errorf("event %d: in the files %v, want %v", n+1, is, want)
		}
	}
}

// wholeLog2 sees that every entry verifies, and that as many are erased.
func wholeLog2(t *testing.T, s store.Store, want, erased int) {
	t.Helper()
	err := s.View(context.Background(), func(tx store.Tx) error {
		all, err := tx.Entries(store.Filter{}, 0, 10*want)
		if err != nil || len(all) != want {
			return fmt.Errorf("%d entries, want %d: %w", len(all), want, err)
		}
		for _, e := range all {
			if err := e.Verify(); err != nil {
				return err
			}
			if e.Erased != (access.Hash{}) {
				erased--
			}
		}
		if erased != 0 {
			return fmt.Errorf("%d entries less are erased than should be", erased)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A process that ends between erasing and overwriting leaves the rest to the next one.
func TestShredAfterAStart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	secretLog(t, path, 60)
	s, err := bolt.Open(path, bolt.Options{Stretch: 8})
	if err == nil {
		err = s.Update(context.Background(), func(tx store.Tx) error { return tx.Erase([]uint64{1, 58}) })
	}
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if left := secretsIn(t, path); !left["0000"] {
		t.Fatal("the sealed one is gone without anybody having written its stretch anew: this tests nothing")
	}
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path, bolt.Options{Stretch: 8})
		synctest.Wait()
		wholeLog2(t, s, 60, 2)
	})
	if left := secretsIn(t, path); left["0000"] || left["0057"] || !left["0003"] {
		t.Errorf("left in the files: %v", left)
	}
}

// A reader that goes through the log while its stretches are written anew reads every
// entry, erased or not.
func TestReadingWhileStretchesAreWrittenAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	secretLog(t, path, 120)
	s := open(t, path, bolt.Options{Stretch: 8})
	stop := make(chan struct{})
	read := make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				read <- nil
				return
			default:
			}
			err := s.View(context.Background(), func(tx store.Tx) error {
				all, err := tx.Entries(store.Filter{}, 0, 1000)
				for _, e := range all {
					if err == nil {
						err = e.Verify()
					}
				}
				return err
			})
			if err != nil {
				read <- err
				return
			}
		}
	}()
	for place := uint64(1); place <= 120; place += 9 {
		err := s.Update(context.Background(), func(tx store.Tx) error { return tx.Erase([]uint64{place}) })
		if err == nil {
			err = s.Shred(context.Background())
		}
		if err != nil {
			t.Error(err)
		}
	}
	close(stop)
	if err := <-read; err != nil {
		t.Error(err)
	}
}
