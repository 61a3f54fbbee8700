package reconcile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
	"latchkey/idp/idptest"
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
