package bolt_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"latchkey/store"
	"latchkey/store/bolt"
)

// fixture is a store whose file can be damaged.
type fixture struct {
	*testing.T
	*bolt.Store
	path string
	at   time.Time
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	s := &fixture{T: t, path: filepath.Join(t.TempDir(), "latchkey.db"), at: time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)}
	s.Store = open(t, s.path, bolt.Options{NoSync: true})
	return s
}

// rewrite closes the store, changes raw values of a bucket, and opens it again.
func (s *fixture) rewrite(bucket string, change func(old []byte) []byte, keys ...string) {
	s.Helper()
	if err := s.Close(); err != nil {
		s.Fatal(err)
	}
	db, err := bbolt.Open(s.path, 0o600, nil)
	if err != nil {
		s.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		for _, key := range keys {
			old := slices.Clone(b.Get([]byte(key)))
			if old == nil {
				s.Fatalf("there is no %q in %s", key, bucket)
			}
			if err := b.Put([]byte(key), change(old)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	if err := db.Close(); err != nil {
		s.Fatal(err)
	}
	s.Store = open(s.T, s.path, bolt.Options{NoSync: true})
}

func cutShort([]byte) []byte { return []byte{0xff} }

func (s *fixture) do(fn func(store.Tx) error) {
	s.Helper()
	if err := s.Update(context.Background(), fn); err != nil {
		s.Fatal(err)
	}
}

func (s *fixture) enqueue(all ...store.Task) {
	s.Helper()
	s.do(func(tx store.Tx) error {
		for _, k := range all {
			k.Queue = "q"
			if _, err := tx.Enqueue(k); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *fixture) claim(limit int) (ids []string) {
	s.Helper()
	s.do(func(tx store.Tx) error {
		all, err := tx.Claim(store.Claim{Queue: "q", Owner: "one", At: s.at, Until: s.at.Add(time.Minute), Limit: limit})
		ids = nil
		for _, k := range all {
			ids = append(ids, k.ID)
		}
		return err
	})
	return ids
}

func (s *fixture) tasks(state store.TaskState) (ids []string) {
	s.Helper()
	s.do(func(tx store.Tx) error {
		all, err := tx.Tasks(state, 0, 100)
		ids = nil
		for _, k := range all {
			ids = append(ids, k.ID)
		}
		return err
	})
	return ids
}

func (s *fixture) equal(what string, got []string, want ...string) {
	s.Helper()
	if !slices.Equal(got, want) {
		s.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestATaskThatCantBeReadIsSetAside(t *testing.T) {
	s := newFixture(t)
	s.enqueue(store.Task{ID: "bad-1"}, store.Task{ID: "good-1"}, store.Task{ID: "bad-2"}, store.Task{ID: "good-2"})
	s.rewrite("tasks", cutShort, "bad-1", "bad-2")
	s.equal("claimed", s.claim(1), "good-1")
	s.equal("claimed", s.claim(10), "good-2")
	s.equal("stuck", s.tasks(store.Stuck), "bad-1", "bad-2")
	s.equal("all", s.tasks(""), "bad-1", "good-1", "bad-2", "good-2")
	s.do(func(tx store.Tx) error {
		k, err := tx.Task("bad-2")
		if k.State != store.Stuck || k.Seq != 3 || !strings.Contains(k.Problem, "can't be read back") {
			t.Errorf("it shows as %+v", k)
		}
		if err := tx.Requeue(store.Task{ID: "bad-2", State: store.Ready}); err == nil {
			t.Error("what can't be read is requeued")
		}
		return err
	})
	s.do(func(tx store.Tx) error { return tx.Done("bad-1", "") })
	s.equal("after one was removed", s.tasks(""), "good-1", "bad-2", "good-2")
	s.enqueue(store.Task{ID: "bad-1"})
	s.equal("after it was enqueued anew", s.claim(10), "bad-1")
}

func TestAClaimThatCantBeReadEnds(t *testing.T) {
	for name, ends := range map[string]func(*fixture){
		"because it runs out": func(s *fixture) { s.at = s.at.Add(time.Hour) },
		"at the next start": func(s *fixture) {
			s.do(func(tx store.Tx) error {
				n, err := tx.Release("q", "two")
				if n != 1 {
					t.Errorf("%d claims were freed", n)
				}
				return err
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newFixture(t)
			s.enqueue(store.Task{ID: "bad", Lock: "l"}, store.Task{ID: "good"}, store.Task{ID: "waits", Lock: "l"})
			s.equal("claimed", s.claim(10), "bad", "good")
			s.rewrite("tasks", cutShort, "bad")
			ends(s)
			s.equal("claimed again", s.claim(10), "good", "waits")
			s.equal("stuck", s.tasks(store.Stuck), "bad")
		})
	}
}

func TestALaneWaitsForAHeadThatCantBeRead(t *testing.T) {
	s := newFixture(t)
	s.enqueue(store.Task{ID: "1", Lane: "l"}, store.Task{ID: "2", Lane: "l"}, store.Task{ID: "3", Lane: "l"}, store.Task{ID: "other"})
	s.rewrite("tasks", cutShort, "2")
	s.equal("claimed", s.claim(10), "1", "other")
	s.do(func(tx store.Tx) error { return tx.Done("1", "one") })
	s.equal("behind the head", s.claim(10))
	s.equal("stuck", s.tasks(store.Stuck), "2")
	s.do(func(tx store.Tx) error { return tx.Done("2", "") })
	s.equal("when it was removed", s.claim(10), "3")
}

// A version that can read what another one set aside goes on with it.
func TestWhatWasSetAsideIsTakenBack(t *testing.T) {
	s := newFixture(t)
	s.enqueue(store.Task{ID: "newer"}, store.Task{ID: "running"})
	s.equal("claimed", s.claim(1), "newer")
	kept := map[string][]byte{}
	for _, id := range []string{"newer", "running"} {
		s.rewrite("tasks", func(old []byte) []byte { kept[id] = old; return cutShort(nil) }, id)
	}
	s.at = s.at.Add(time.Hour)
	s.equal("claimed", s.claim(10))
	s.equal("stuck", s.tasks(store.Stuck), "newer", "running")
	for _, id := range []string{"newer", "running"} {
		s.rewrite("tasks", func([]byte) []byte { return kept[id] }, id)
	}
	s.do(func(tx store.Tx) error { _, err := tx.Release("q", "two"); return err })
	s.equal("claimed by a version that can read it", s.claim(10), "newer", "running")
	s.equal("stuck", s.tasks(store.Stuck))
}

// A record whose frame is damaged is listed without a body, which nobody can read
// anything from, and keeps no others from being listed.
func TestARecordThatCantBeTakenApart(t *testing.T) {
	s := newFixture(t)
	s.do(func(tx store.Tx) error {
		for _, id := range []string{"a", "b"} {
			if _, err := tx.Put(store.Record{Kind: "grant", ID: id, Body: []byte("{}"), Index: []string{"k"}, Due: s.at}); err != nil {
				return err
			}
		}
		return nil
	})
	s.rewrite("records", cutShort, "grant\x00a")
	s.do(func(tx store.Tx) error {
		for what, list := range map[string]func() ([]store.Record, error){
			"found": func() ([]store.Record, error) { return tx.Find("grant", "k", "", 10) },
			"due":   func() ([]store.Record, error) { return tx.Due("grant", s.at, 10) },
		} {
			all, err := list()
			if err != nil || len(all) != 2 || all[0].ID != "a" || all[0].Body != nil || string(all[1].Body) != "{}" {
				t.Errorf("%s: %+v, %v", what, all, err)
			}
		}
		return nil
	})
}
