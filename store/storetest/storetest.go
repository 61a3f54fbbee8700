// Package storetest is what a store has to live up to. Every back end runs the
// whole of it; there is no way to leave a group out.
package storetest

import (
	"context"
	"crypto/sha256"
	"errors"
	"math/bits"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// Backend is a fresh, empty store under test.
type Backend struct {
	store.Store
	// Reopen ends the store the way a stopped process does and opens what it
	// left behind.
	Reopen func(t *testing.T) store.Store
	// Beside opens the same store once more, as another process would. A store
	// that is Exclusive has none.
	Beside func(t *testing.T) store.Store
	// Holds tells whether a text stands anywhere in the store's files, whether anything
	// refers to it or not.
	Holds func(t *testing.T, text string) bool
}

// Run runs the suite twice, the second time with every update's function run
// twice. open makes an empty store and sees to its end (t.Cleanup).
func Run(t *testing.T, open func(t *testing.T) Backend) {
	t.Helper()
	for _, g := range groups() {
		t.Run(g.name, func(t *testing.T) {
			for _, c := range g.checks {
				t.Run(c.name, func(t *testing.T) { c.do(t, open(t)) })
			}
		})
		t.Run(g.name+", every update twice", func(t *testing.T) {
			for _, c := range g.checks {
				t.Run(c.name, func(t *testing.T) { c.do(t, open(t).again()) })
			}
		})
	}
}

type group struct {
	name   string
	checks []check
}

type check struct {
	name string
	do   func(t *testing.T, b Backend)
}

func groups() []group {
	return []group{
		{"records", recordChecks()},
		{"due", dueChecks()},
		{"log", logChecks()},
		{"queue", queueChecks()},
		{"lanes", laneChecks()},
		{"locks", lockChecks()},
		{"claims", claimChecks()},
		{"model", modelChecks()},
		{"leases", leaseChecks()},
		{"wait", waitChecks()},
		{"isolation", isolationChecks()},
		{"concurrency", concurrencyChecks()},
		{"linearizability", linearChecks()},
		{"reopen", reopenChecks()},
	}
}

// failer is what the tools below need of a test, a property included.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// monday is when every check begins. Times are whole seconds, which every back
// end keeps exactly.
func monday() time.Time { return time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC) }

// in is a time some seconds after monday.
func in(seconds int) time.Time { return monday().Add(time.Duration(seconds) * time.Second) }

// update runs fn in an update that has to succeed.
func update(t failer, s store.Store, fn func(tx store.Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), fn); err != nil {
		t.Fatalf("update: %v", err)
	}
}

// view runs fn in a view that has to succeed.
func view(t failer, s store.Store, fn func(tx store.Tx) error) {
	t.Helper()
	if err := s.View(context.Background(), fn); err != nil {
		t.Fatalf("view: %v", err)
	}
}

// read is what fn finds in a view.
func read[T any](t failer, s store.Store, fn func(tx store.Tx) (T, error)) T {
	t.Helper()
	var found T
	view(t, s, func(tx store.Tx) (err error) {
		found, err = fn(tx)
		return err
	})
	return found
}

// write is what fn returns from an update.
func write[T any](t failer, s store.Store, fn func(tx store.Tx) (T, error)) T {
	t.Helper()
	var made T
	update(t, s, func(tx store.Tx) (err error) {
		made, err = fn(tx)
		return err
	})
	return made
}

// put stores records in one update.
func put(t failer, s store.Store, rows ...store.Record) {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		for _, r := range rows {
			if _, err := tx.Put(r); err != nil {
				return err
			}
		}
		return nil
	})
}

// recordIDs are the ids of records, in order.
func recordIDs(rows []store.Record) []string {
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

// same fails the test unless got is want, order included.
func same[T comparable](t failer, what string, got []T, want ...T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

// bare is the back end itself.
func bare(s store.Store) store.Store {
	for {
		switch around := s.(type) {
		case Backend:
			s = around.Store
		case twice:
			s = around.Store
		default:
			return s
		}
	}
}

// settle waits until every entry has its place, where that takes a moment.
func settle(t failer, s store.Store) {
	t.Helper()
	if later, ok := bare(s).(store.Sealer); ok {
		if err := later.Sealed(context.Background()); err != nil {
			t.Fatalf("sealed: %v", err)
		}
	}
}

// whole fails the test unless every entry is as it was written, every subject has
// an unbroken chain, and the tree is the one over all of them; it returns them.
func whole(t failer, s store.Store) []access.Entry {
	t.Helper()
	settle(t, s)
	all := read(t, s, func(tx store.Tx) ([]access.Entry, error) {
		return tx.Entries(store.Filter{}, 0, 1_000_000)
	})
	chains := map[access.Subject]access.Entry{}
	for i, e := range all {
		if e.Place != uint64(i)+1 {
			t.Fatalf("the entry at place %d says that it is at %d", i+1, e.Place)
		}
		last := chains[e.Subject]
		if err := errors.Join(e.Verify(), e.Follows(last.N, last.Leaf)); err != nil {
			t.Fatalf("%v", err)
		}
		chains[e.Subject] = e
	}
	wholeTree(t, s, all)
	return all
}

func wholeTree(t failer, s store.Store, all []access.Entry) {
	t.Helper()
	view(t, s, func(tx store.Tx) error {
		leaves, err := tx.Leaves(0, len(all)+1)
		if err != nil {
			return err
		}
		if size, err := tx.Size(); err != nil || size != uint64(len(all)) || len(leaves) != len(all) {
			t.Fatalf("%d leaves and the size %d for %d entries, %v", len(leaves), size, len(all), err)
		}
		for i, e := range all {
			if leaves[i] != e.Leaf {
				t.Fatalf("leaf %s at place %d, want %s", leaves[i], e.Place, e.Leaf)
			}
		}
		wide, roots, err := tx.Subtrees()
		for i, root := range roots {
			if want := rootOf(leaves[uint64(i)*wide : uint64(i+1)*wide]); root != want {
				t.Errorf("the root of subtree %d is %s, want %s", i, root, want)
			}
		}
		return err
	})
}

// rootOf is the root of a tree, as RFC 6962 defines it.
func rootOf(leaves []access.Hash) access.Hash {
	if len(leaves) == 1 {
		return leaves[0]
	}
	half := 1 << (bits.Len(uint(len(leaves)-1)) - 1)
	left, right := rootOf(leaves[:half]), rootOf(leaves[half:])
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}
