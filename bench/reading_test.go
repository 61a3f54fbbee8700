package main

import (
	"path/filepath"
	"testing"

	"latchkey/store/bolt"
)

// TestACompanyIsReadWhole holds what review/reading relies on: a made-up directory is read to its end, with proof.
func TestACompanyIsReadWhole(t *testing.T) {
	s, err := openStore(filepath.Join(t.TempDir(), "latchkey.db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d := readingDirectory{company: newCompany(1000, 10), pages: &arriving{}}
	if err := meetAll(t.Context(), s, d.people); err != nil {
		t.Fatal(err)
	}
	reader, c, err := reviewReader(t.Context(), s, d)
	if err != nil {
		t.Fatal(err)
	}
	found, err := readWhole(t.Context(), reader, c, "RV-BENCH.1")
	if err != nil {
		t.Fatal(err)
	}
	listed := 0
	for n := range 10 {
		list, err := d.Members(t.Context(), groupID(n))
		if err != nil {
			t.Fatal(err)
		}
		for range list.All {
			listed++
		}
	}
	if found.Counts.Rows != listed || listed == 0 {
		t.Errorf("%d rows were read of %d memberships", found.Counts.Rows, listed)
	}
}
