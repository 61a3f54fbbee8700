package reconcile_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
	"latchkey/clock/clocktest"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/reconcile"
)

// TestGroupsThatMakeAdministratorsAreSeen: at a start and by the calendar. What is new is told once; what can't be seen
// changes nothing; and a start knows what was seen before it asks anybody.
func TestGroupsThatMakeAdministratorsAreSeen(t *testing.T) {
	var carried []catalog.GroupRef
	var config reconcile.Config
	w := newWorldWith(t, catalog.Alert, 0, func(_ *world, c *reconcile.Config) {
		c.Carrying = func(seen []catalog.GroupRef) { carried = seen }
		config = *c
	})
	told := func() int {
		return len(slices.DeleteFunc(w.news(), func(n string) bool { return !strings.Contains(n, "administrator") }))
	}
	expect := func(when string, carries bool, news int) {
		t.Helper()
		if got := told(); len(carried) == 1 != carries || got != news {
			t.Errorf("%s: carrying %v, told %d times since, want %t, %d", when, carried, got, carries, news)
		}
	}
	w.turn()
	expect("a plain group", false, 0)
	w.vendor.MakeAdmin(w.group, "Super Administrator")
	w.Rights().Run(t.Context())
	expect("seen an hour ago", false, 0)
	w.clock.Advance(25 * time.Hour)
	w.Rights().Run(t.Context())
	expect("seen a day ago", true, 1)
	w.turn()
	expect("known", true, 0)

	w.vendor.Fail(idptest.Denied)
	w.clock.Advance(25 * time.Hour)
	w.Rights().Run(t.Context())
	expect("not seen any more", true, 0)

	carried = nil
	again := config
	again.Groups = people.NewGroups(people.GroupsConfig{Units: w.units, Directories: config.Directories})
	if err := reconcile.New(again).Rights().Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect("at a start", true, 0)

	w.vendor.Heal()
	w.vendor.NoAdmin(w.group)
	w.turn()
	expect("taken from it", false, 1)
}

// TestADirectoryThatCantTellOfRights is worked with as before.
func TestADirectoryThatCantTellOfRights(t *testing.T) {
	asked := 0
	w := newWorldWith(t, catalog.Alert, 0, func(w *world, c *reconcile.Config) {
		c.Carrying = func(seen []catalog.GroupRef) { asked += len(seen) }
		c.Directories = people.Directories{idptest.Core(w.vendor.Directory())}
	})
	w.vendor.MakeAdmin(w.group, "Super Administrator")
	w.turn()
	w.expect(fmt.Sprintf("nothing is said of rights: %d", asked), asked == 0)
}

// sharing is a store that several processes have open.
type sharing struct{ store.Store }

func (sharing) Exclusive() bool { return false }

// elsewhere is how many groups make administrators, as another replica has them count, each time that it looks.
func elsewhere(t *testing.T, config reconcile.Config, clock *clocktest.Clock, s store.Store) <-chan int {
	counts := make(chan int)
	ctx, end := context.WithCancel(t.Context())
	config.Units = engine.NewUnits(engine.UnitsConfig{Store: s, Clock: clock, Owner: "other"})
	config.Carrying = func(seen []catalog.GroupRef) {
		select {
		case counts <- len(seen):
		case <-ctx.Done():
		}
	}
	over := make(chan struct{})
	go func() { defer close(over); reconcile.New(config).Rights().Follow(ctx) }()
	t.Cleanup(func() { end(); <-over })
	return counts
}

// TestWhatOneReplicaSawOfRightsCountsOnAllOfThem at once, in both directions: whoever is asked there decides by it as well.
func TestWhatOneReplicaSawOfRightsCountsOnAllOfThem(t *testing.T) {
	var config reconcile.Config
	w := newWorldWith(t, catalog.Alert, 0, func(_ *world, c *reconcile.Config) { config = *c })
	w.turn()
	counts := elsewhere(t, config, clocktest.New(w.clock.Now()), sharing{w.store})
	expect := func(when string, want int) {
		t.Helper()
		if got := <-counts; got != want {
			t.Errorf("%s: %d groups make administrators there, want %d", when, got, want)
		}
	}
	expect("at a start", 0)
	w.vendor.MakeAdmin(w.group, "Super Administrator")
	w.turn()
	expect("seen by another one", 1)
	w.vendor.NoAdmin(w.group)
	w.turn()
	expect("taken from it", 0)
}

// TestAReplicaThatHearsNothingOfRightsLooksByItself within minutes.
func TestAReplicaThatHearsNothingOfRightsLooksByItself(t *testing.T) {
	var config reconcile.Config
	w := newWorldWith(t, catalog.Alert, 0, func(_ *world, c *reconcile.Config) { config = *c })
	w.vendor.MakeAdmin(w.group, "Super Administrator")
	counts := elsewhere(t, config, w.clock, deaf{sharing{w.store}})
	if got := <-counts; got != 0 {
		t.Errorf("%d groups make administrators at a start", got)
	}
	w.turn()
	for begun := w.clock.Now(); w.clock.Now().Sub(begun) < time.Hour; runtime.Gosched() {
		select {
		case got := <-counts:
			if got == 1 {
				return
			}
		default:
			if w.clock.Waiting() > 0 {
				w.clock.Advance(3 * time.Minute)
			}
		}
	}
	t.Error("an hour later the group still counts as a plain one there")
}

// deaf is a store whose notices are lost.
type deaf struct{ store.Store }

func (deaf) Wait(context.Context, ...string) (<-chan struct{}, error) { return nil, nil }
