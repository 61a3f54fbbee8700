package store_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
)

// TestReclaims: a question about an idle seat is found by whom it is about, its seat, its app, its state, its grants, and as long
// as something is still to happen.
func TestReclaims(t *testing.T) {
	s := bolttest.Open(t)
	at := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	open := access.Reclaim{ID: "RC-1", Person: "p1", App: "figma", Grant: "G-1", Grants: []string{"G-1", "G-2"}, State: access.ReclaimAsked, Until: at}
	over := access.Reclaim{ID: "RC-2", Person: "p1", App: "crm", Grant: "G-3", Grants: []string{"G-3"}, State: access.ReclaimNeeded}
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for _, r := range []*access.Reclaim{&open, &over} {
			if err := store.PutReclaim(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := func(what string, ids string, find func(store.Tx) ([]access.Reclaim, error)) {
		t.Helper()
		err := s.View(t.Context(), func(tx store.Tx) error {
			all, err := find(tx)
			got := ""
			for _, r := range all {
				got += r.ID + " "
			}
			if got != ids {
				t.Errorf("%s: %q, want %q", what, got, ids)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	want("all", "RC-1 RC-2 ", func(tx store.Tx) ([]access.Reclaim, error) { return store.Reclaims(tx, "", 9) })
	want("open", "RC-1 ", func(tx store.Tx) ([]access.Reclaim, error) { return store.ReclaimsOpen(tx, "", 9) })
	want("needed", "RC-2 ", func(tx store.Tx) ([]access.Reclaim, error) { return store.ReclaimsIn(tx, access.ReclaimNeeded, "", 9) })
	want("on an app", "RC-1 ", func(tx store.Tx) ([]access.Reclaim, error) { return store.ReclaimsOn(tx, "figma", "", 9) })
	want("about somebody", "RC-1 RC-2 ", func(tx store.Tx) ([]access.Reclaim, error) { return store.ReclaimsAbout(tx, "p1", "", 9) })
	want("of a seat", "RC-2 ", func(tx store.Tx) ([]access.Reclaim, error) { return store.ReclaimsOfSeat(tx, "p1", "crm") })
	want("of a grant", "RC-1 ", func(tx store.Tx) ([]access.Reclaim, error) { return store.ReclaimsOfGrant(tx, "G-2") })
	err = s.View(t.Context(), func(tx store.Tx) error {
		r, err := store.Reclaim(tx, "RC-1")
		if err == nil && (r.Version != open.Version || !r.Until.Equal(at)) {
			t.Errorf("it came back as %+v", r)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	stale := open
	stale.Version--
	if err := s.Update(t.Context(), func(tx store.Tx) error { return store.PutReclaim(tx, &stale) }); err == nil {
		t.Error("an older one takes the place of a newer one")
	}
}
