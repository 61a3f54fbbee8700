package evidence_test

import (
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/store"
)

// mth is RFC 6962's definition of a tree's root, as it stands there.
func mth(leaves []access.Hash) access.Hash {
	if len(leaves) == 1 {
		return leaves[0]
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	return access.Hash(tlog.NodeHash(tlog.Hash(mth(leaves[:k])), tlog.Hash(mth(leaves[k:]))))
}

func checkTree(t *testing.T, tx store.Tx, size uint64) error {
	leaves, err := tx.Leaves(0, int(size))
	if err != nil {
		return err
	}
	for n := uint64(1); n <= size; n++ {
		root, err := evidence.Root(tx, n)
		if err != nil || root != mth(leaves[:n]) {
			t.Errorf("the root of %d is %s, want %s, %v", n, root, mth(leaves[:n]), err)
		}
		for place := uint64(1); place <= n; place++ {
			proof, err := evidence.ProveEvent(tx, place, n)
			if err := errors.Join(err, tlog.CheckRecord(proof, int64(n), tlog.Hash(root), int64(place)-1, tlog.Hash(leaves[place-1]))); err != nil {
				t.Errorf("place %d of %d: %v", place, n, err)
			}
			growth, err := evidence.ProveGrowth(tx, place, n)
			if err := errors.Join(err, tlog.CheckTree(growth, int64(n), tlog.Hash(root), int64(place), tlog.Hash(mth(leaves[:place])))); err != nil {
				t.Errorf("from %d to %d: %v", place, n, err)
			}
		}
	}
	if _, err := evidence.Root(tx, size+1); err == nil {
		t.Error("there is a root of more events than there are")
	}
	return nil
}
