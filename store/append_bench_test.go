package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/bolt"
)

// BenchmarkAppend is what an event costs besides the flush: a hundred in each
// transaction, of as many requests.
func BenchmarkAppend(b *testing.B) {
	s, err := bolt.Open(filepath.Join(b.TempDir(), "latchkey.db"), bolt.Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if err := store.BeginLog(b.Context(), s, "acme.test"); err != nil {
		b.Fatal(err)
	}
	r := request()
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if err := s.Update(context.Background(), func(tx store.Tx) error {
			for i := range 100 {
				r.ID = fmt.Sprintf("AR-%08d", n%100*100+i)
				e := r.Event(access.EventApproved, access.Actor{Person: "cleo@acme.test", Via: access.ViaSlack, Account: "U1"}, monday())
				e.Reason, e.Approvers = "as agreed", []access.PersonID{"cleo@acme.test"}
				if _, err := store.Append(tx, e); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
}
