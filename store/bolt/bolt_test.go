package bolt_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Backend {
		path := filepath.Join(t.TempDir(), "latchkey.db")
		first := open(t, path, bolt.Options{NoSync: true})
		return storetest.Backend{Store: first, Reopen: func(t *testing.T) store.Store {
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			return open(t, path, bolt.Options{NoSync: true})
		}, Holds: holdsIn(path)}
	})
}

func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	storetest.Kill(t, path, func(path string) (store.Store, error) { return bolt.Open(path, bolt.Options{}) })
}

// open opens a store that is closed when the test ends.
func open(t testing.TB, path string, opts bolt.Options) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(path, opts)
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

func TestOpenTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	open(t, path, bolt.Options{})
	_, err := bolt.Open(path, bolt.Options{Timeout: time.Millisecond})
	if err == nil || !strings.Contains(err.Error(), "another latchkey is running on "+path) {
		t.Fatalf("got %v", err)
	}
}

func TestOpenNowhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "no", "such", "folder.db")
	if _, err := bolt.Open(path, bolt.Options{}); err == nil || !strings.Contains(err.Error(), path) {
		t.Fatalf("got %v", err)
	}
}
