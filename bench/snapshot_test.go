package main

import (
	"path/filepath"
	"testing"

	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/store/snapshot"
)

// TestACompanyIsPackedWhole holds what review/snapshot relies on: every membership is
// packed, and each reviewer finds theirs.
func TestACompanyIsPackedWhole(t *testing.T) {
	s, err := openStore(filepath.Join(t.TempDir(), "latchkey.db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	h, err := packCompany(t.Context(), s, newCompany(2000, 30))
	if err != nil {
		t.Fatal(err)
	}
	made, of := uint64(0), newCompany(2000, 30)
	for n := range 30 {
		for page := range of.rows(n) {
			made += uint64(len(page))
		}
	}
	if h.Rows != made || made < 3000 {
		t.Errorf("%d memberships of %d were packed", h.Rows, made)
	}
	if err := s.View(t.Context(), func(tx store.Tx) error {
		r, err := snapshot.Open(tx, reviewed)
		if err == nil {
			err = r.Verify()
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	if rows, err := readReviewer(t.Context(), s, personID(0)); err != nil || rows == 0 {
		t.Errorf("a reviewer reads %d rows: %v", rows, err)
	}
}
