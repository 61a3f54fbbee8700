package store_test

import (
	"errors"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// TestWhatJiraIsAheadByOnlyGrows: a look that knows less takes nothing away from what is known.
func TestWhatJiraIsAheadByOnlyGrows(t *testing.T) {
	d, about := open(t), access.RequestSubject("AR-1")
	is := func(tx store.Tx) (bool, error) { return store.IsAhead(tx, about) }
	d.equal("before", false, found(d, is))
	needs := []access.Entitlement{{Group: figma()}}
	for _, a := range []store.Ahead{{N: 7, Needs: needs, Until: monday()}, {N: 5}, {N: 7}} {
		a.Subject = about
		d.update(func(tx store.Tx) error { return store.PutAhead(tx, a) })
	}
	all := found(d, store.Aheads)
	if len(all) != 1 || all[0].N != 7 || len(all[0].Needs) != 1 || !all[0].Until.Equal(monday()) {
		t.Errorf("kept is %+v", all)
	}
	d.update(func(tx store.Tx) error { return store.PutAhead(tx, store.Ahead{Subject: about, N: 9}) })
	if all := found(d, store.Aheads); all[0].N != 9 || all[0].Needs != nil {
		t.Errorf("where more is known, what was known before doesn't count: %+v", all)
	}
	d.update(func(tx store.Tx) error { return store.DropAhead(tx, about) })
	d.equal("after", false, found(d, is))
}

// TestAGroupThatJiraSaysIsNeeded is known by its name or by its id, for that account, until its end.
func TestAGroupThatJiraSaysIsNeeded(t *testing.T) {
	other := catalog.GroupRef{Directory: "okta", Group: "other"}
	a := store.Ahead{Until: monday(), Needs: []access.Entitlement{{Group: figma(), GroupID: "g1", Account: "u1"}}}
	for name, c := range map[string]struct {
		is   access.Entitlement
		at   time.Time
		want bool
	}{
		"the same":                  {access.Entitlement{Group: figma(), Account: "u1"}, monday().Add(-1), true},
		"at its end":                {access.Entitlement{Group: figma(), Account: "u1"}, monday(), false},
		"renamed since":             {access.Entitlement{Group: other, GroupID: "g1", Account: "u1"}, monday().Add(-1), true},
		"another group":             {access.Entitlement{Group: other, GroupID: "g2", Account: "u1"}, monday().Add(-1), false},
		"the id in another one":     {access.Entitlement{Group: catalog.GroupRef{Directory: "entra", Group: "x"}, GroupID: "g1"}, monday().Add(-1), false},
		"another account":           {access.Entitlement{Group: figma(), Account: "u2"}, monday().Add(-1), false},
		"whose account isn't known": {access.Entitlement{Group: figma()}, monday().Add(-1), true},
	} {
		if got := a.NeedsGroup(c.is, c.at); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestWhatJiraWasSeenToHold goes forward alone, and waits to be noted outside.
func TestWhatJiraWasSeenToHold(t *testing.T) {
	d, about := open(t), access.RequestSubject("AR-1")
	put := func(n uint64, leaf byte) {
		d.update(func(tx store.Tx) error { return store.PutSeen(tx, about, n, access.Hash{leaf}) })
	}
	seen := func(tx store.Tx) (store.Seen, error) { return store.LoadSeen(tx, about) }
	anew := func() []store.Seen {
		return found(d, func(tx store.Tx) ([]store.Seen, error) { return store.SeenAnew(tx, 10) })
	}
	put(3, 3)
	put(2, 2)
	if got := found(d, seen); got.N != 3 || got.Leaf != (access.Hash{3}) || len(anew()) != 1 {
		t.Errorf("it went back to %+v", got)
	}
	early := found(d, seen)
	put(4, 4)
	d.update(func(tx store.Tx) error { return store.NoteSeen(tx, early) })
	if len(anew()) != 1 {
		t.Error("what came since counts as noted")
	}
	d.update(func(tx store.Tx) error { return store.NoteSeen(tx, anew()[0]) })
	if got := found(d, seen); !got.Noted || len(anew()) != 0 {
		t.Errorf("noted is %+v", got)
	}
	d.update(func(tx store.Tx) error { return store.NoteSeen(tx, store.Seen{Subject: access.RequestSubject("AR-9")}) }) // erased meanwhile
	d.update(func(tx store.Tx) error {
		r, err := tx.Get("seen", about.String())
		r.Body = []byte("{")
		_, put := tx.Put(r)
		return errors.Join(err, put)
	})
	put(5, 5)
	if got := found(d, seen); got.N != 5 || got.Noted {
		t.Errorf("in the place of what can't be read back there is %+v", got)
	}
}
