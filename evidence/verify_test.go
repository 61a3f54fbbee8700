package evidence_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/store"
)

// altered is a store whose log somebody has tampered with.
type altered struct {
	store.Store
	change func([]access.Entry) []access.Entry
}

type alteredTx struct {
	store.Tx
	change func([]access.Entry) []access.Entry
}

func (a altered) View(ctx context.Context, fn func(store.Tx) error) error {
	return a.Store.View(ctx, func(tx store.Tx) error { return fn(alteredTx{tx, a.change}) })
}

func (a alteredTx) Entries(f store.Filter, after uint64, limit int) ([]access.Entry, error) {
	entries, err := a.Tx.Entries(f, after, limit)
	return a.change(entries), err
}

// at replaces the entry at a place.
func atPlace(place uint64, change func(access.Entry) access.Entry) func([]access.Entry) []access.Entry {
	return func(all []access.Entry) []access.Entry {
		for i, e := range all {
			if e.Place == place {
				all[i] = change(e)
			}
		}
		return all
	}
}

func (l ledger) verify() evidence.Verification {
	l.Helper()
	v, err := evidence.Verify(context.Background(), l)
	if err != nil {
		l.Fatal(err)
	}
	return v
}

func TestVerifyWhole(t *testing.T) {
	l := open(t)
	if v := l.verify(); !v.Whole() || v.Events != 0 {
		t.Errorf("an empty log: %+v", v)
	}
	l.live(week()...)
	v := l.verify()
	if !v.Whole() || v.Events != 20 || v.HeadIssue != "IT-6" || len(v.Head) != 44 || len(v.Root) != 44 || !strings.HasPrefix(v.Log, "acme.test/latchkey/") {
		t.Errorf("got %+v", v)
	}
}

// Each event that was altered is named, whatever was made to fit besides.
func TestVerifyNamesWhatWasAltered(t *testing.T) {
	l := open(t)
	l.live(week()...)
	for place := range uint64(20) {
		v, err := evidence.Verify(t.Context(), altered{l, atPlace(place+1, func(e access.Entry) access.Entry {
			e.Body = append([]byte(nil), e.Body...)
			e.Body[place%uint64(len(e.Body))] ^= 1
			return e
		})})
		if err != nil || v.Events != int(place) || !strings.Contains(v.Broken, "was altered after it was written") {
			t.Errorf("place %d: %+v, %v", place+1, v, err)
		}
	}
}

func TestVerifySeesWhatDoesNotFollow(t *testing.T) {
	l := open(t)
	l.live(week()...)
	again := func(e access.Entry) access.Entry {
		place, body := e.Place, append([]byte(" "), e.Body...)
		e.Body = body
		e, _ = e.Chain(e.Log, e.N-1, e.Prev)
		e.Place = place
		return e
	}
	for name, c := range map[string]struct {
		change func([]access.Entry) []access.Entry
		broken string
	}{
		"removed": {func(all []access.Entry) []access.Entry {
			return slices.DeleteFunc(all, func(e access.Entry) bool { return e.Place == 3 })
		}, "the event at place 3 is missing"},
		"cut": {func(all []access.Entry) []access.Entry {
			return slices.DeleteFunc(all, func(e access.Entry) bool { return e.Place > 15 })
		}, "the events from place 16 to 20 are missing"},
		"written anew": {atPlace(2, again), "the chain is broken there"},
	} {
		v, err := evidence.Verify(t.Context(), altered{l, c.change})
		if err != nil || v.Whole() || !strings.Contains(v.Broken, c.broken) {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
	}
}

// rooted is a store that keeps the root of its first four leaves.
type rooted struct {
	store.Store
	root access.Hash
}

type rootedTx struct {
	store.Tx
	root access.Hash
}

func (r rooted) View(ctx context.Context, fn func(store.Tx) error) error {
	return r.Store.View(ctx, func(tx store.Tx) error { return fn(rootedTx{tx, r.root}) })
}

func (r rootedTx) Subtrees() (uint64, []access.Hash, error) { return 4, []access.Hash{r.root}, nil }

// Events that were all written anew, leaves included, are not those whose root
// was kept.
func TestVerifyComparesRoots(t *testing.T) {
	l := open(t)
	l.live(week()...)
	l.do(func(tx store.Tx) error {
		root, err := evidence.Root(tx, 4)
		if err != nil {
			return err
		}
		if v, err := evidence.Verify(t.Context(), rooted{l, root}); err != nil || !v.Whole() || v.Events != 20 {
			t.Errorf("with the root: %+v, %v", v, err)
		}
		root[0]++
		v, err := evidence.Verify(t.Context(), rooted{l, root})
		if want := "the events from place 1 to 4 are whole by themselves but not those whose root was kept"; !strings.Contains(v.Broken, want) || v.Events != 3 {
			t.Errorf("with another root: %+v, %v", v, err)
		}
		return err
	})
}

// The tree of the store is the one that anybody computes from the leaves, and
// its proofs are those that anybody can check.
func TestTree(t *testing.T) {
	l := open(t)
	l.live(week()...)
	l.do(func(tx store.Tx) error { return checkTree(t, tx, 20) })
}
