package query_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// numbers are those under which things are listed, by their ids.
func (w *world) numbers() map[string]int {
	w.Helper()
	list, err := w.Stuck(w.Context(), operator(), 0, 0)
	if err != nil {
		w.Fatal(err)
	}
	out := map[string]int{}
	for _, s := range list.Items {
		out[s.ID] = s.Number
	}
	return out
}

// sticks makes a grant stuck, and mends one.
func (w *world) sticks(id string) {
	w.grant(access.Grant{ID: id, State: access.GrantStuck, Problem: "Denied", Created: at(0)})
}

func (w *world) mends(id string) {
	w.put(func(tx store.Tx) error {
		g, err := store.Grant(tx, id)
		if err != nil {
			return err
		}
		g.State = access.GrantActive
		return store.PutGrant(tx, &g)
	})
}

// A number is found again by itself, whoever has come before it in the list meanwhile.
func TestWhatIsStuckIsFoundByItsNumber(t *testing.T) {
	w := newWorld(t)
	w.sticks("G-1")
	w.sticks("G-2")
	first := w.numbers()
	if first["G-1"] != 1 || first["G-2"] != 2 {
		t.Fatalf("the numbers are %v", first)
	}
	w.mends("G-1")
	w.grant(access.Grant{ID: "G-0", State: access.GrantStuck, Revoking: true, Problem: "Denied", Created: at(-time.Hour)}) // listed first
	if got, err := w.FindStuck(t.Context(), "2"); err != nil || got.ID != "G-2" {
		t.Errorf("number 2 is %+v, %v", got, err)
	}
	if got, err := w.FindStuck(t.Context(), "1"); !refused(err) {
		t.Errorf("number 1 is %+v, %v", got, err)
	}
	if got, err := w.FindStuck(t.Context(), "3"); err != nil || got.ID != "G-0" {
		t.Errorf("number 3 is %+v, %v", got, err)
	}
}

// Whatever gets stuck and is mended, and however time passes: no two things that are listed have
// the same number, a thing keeps its own, and what a number meant it is for no other thing
// within a month after it was last listed.
func TestNumbersAreNeverConfused(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		type meaning struct {
			id   string
			last time.Time
		}
		stuck, meant := map[string]bool{}, map[int]meaning{}
		for range rapid.IntRange(5, 25).Draw(rt, "steps") {
			id := fmt.Sprint("G-", rapid.IntRange(1, 6).Draw(rt, "which"))
			switch {
			case stuck[id]:
				w.mends(id)
			default:
				w.put(func(tx store.Tx) error {
					g, err := store.Grant(tx, id)
					if err != nil {
						g = access.Grant{ID: id, Created: at(0)}
					}
					g.State, g.Problem = access.GrantStuck, "Denied"
					return store.PutGrant(tx, &g)
				})
			}
			stuck[id] = !stuck[id]
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 40).Draw(rt, "days")) * catalog.Day)
			seen := map[int]string{}
			for id, n := range w.numbers() {
				if n < 1 || seen[n] != "" {
					rt.Fatalf("%s and %s are both number %d", id, seen[n], n)
				}
				if before := meant[n]; before.id != "" && before.id != id && w.now.Sub(before.last) < 30*catalog.Day {
					rt.Fatalf("number %d was %s %s ago, and is %s", n, before.id, w.now.Sub(before.last), id)
				}
				seen[n] = id
			}
			for n, id := range seen {
				for other, m := range meant {
					if m.id == id && other != n && m.last.Equal(w.now) {
						rt.Fatalf("%s is number %d and %d", id, n, other)
					}
				}
				meant[n] = meaning{id, w.now}
			}
		}
	})
}

// Short numbers stay short: those of what is long over are given again.
func TestNumbersStayShort(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		id := "G-" + strconv.Itoa(i)
		w.sticks(id)
		if n := w.numbers()[id]; n > 2 {
			t.Errorf("after %d months the newest is number %d", i, n)
		}
		w.mends(id)
		w.now = w.now.Add(31 * catalog.Day)
	}
}
