package evidence

import (
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"

	"latchkey/access"
	"latchkey/store"
)

// The leaves of all events, in the order of their places, are the leaves of one
// Merkle tree, hashed as RFC 6962 says. Its root stands for the whole log.

// Root is the root of the tree of the first events, as many as size says.
func Root(tx store.Tx, size uint64) (access.Hash, error) {
	t, err := treeOf(tx, size)
	if err != nil {
		return access.Hash{}, err
	}
	root, err := tlog.TreeHash(int64(size), t)
	return access.Hash(root), err
}

// ProveEvent shows that the event at a place is in the tree of a size.
func ProveEvent(tx store.Tx, place, size uint64) (tlog.RecordProof, error) {
	t, err := treeOf(tx, size)
	if err != nil {
		return nil, err
	}
	return tlog.ProveRecord(int64(size), int64(place)-1, t)
}

// ProveGrowth shows that the tree of a size begins with the one of an older size.
func ProveGrowth(tx store.Tx, older, size uint64) (tlog.TreeProof, error) {
	t, err := treeOf(tx, size)
	if err != nil {
		return nil, err
	}
	return tlog.ProveTree(int64(size), int64(older), t)
}

// tree finds the hashes of the tree's nodes: from the subtrees that the store
// keeps ready as far as these go, from the leaves otherwise.
type tree struct {
	tx     store.Tx
	leaves uint64 // of a subtree that is kept ready
	roots  []access.Hash
}

func treeOf(tx store.Tx, size uint64) (tree, error) {
	has, err := tx.Size()
	if err == nil && size > has {
		err = fmt.Errorf("the log holds %d events, so there is no tree of %d", has, size)
	}
	if err != nil {
		return tree{}, err
	}
	leaves, roots, err := tx.Subtrees()
	return tree{tx, leaves, roots}, err
}

// ReadHashes implements tlog.HashReader.
func (t tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		h, err := t.node(level, uint64(n))
		if err != nil {
			return nil, err
		}
		out[i] = tlog.Hash(h)
	}
	return out, nil
}

// node is the n-th perfect subtree of a level.
func (t tree) node(level int, n uint64) (access.Hash, error) {
	if wide := uint64(1) << level; t.leaves > 0 && wide >= t.leaves {
		up := wide / t.leaves
		if from := n * up; from+up <= uint64(len(t.roots)) {
			return perfect(t.roots[from : from+up]), nil
		}
	}
	count := uint64(1) << level
	found, err := t.tx.Leaves(n*count, int(count))
	if err != nil {
		return access.Hash{}, err
	}
	if uint64(len(found)) != count {
		return access.Hash{}, fmt.Errorf("the leaves from place %d to %d are not all in the store", n*count+1, (n+1)*count)
	}
	return perfect(found), nil
}

// perfect is the root over as many hashes as a power of two.
func perfect(hashes []access.Hash) access.Hash {
	var f frontier
	for _, h := range hashes {
		f.add(h)
	}
	return f.nodes[0]
}

// frontier is a tree that grows to the right: the roots of its perfect subtrees,
// the largest first.
type frontier struct {
	size  uint64
	nodes []access.Hash
}

func (f *frontier) add(leaf access.Hash) {
	for range bits.TrailingZeros64(f.size + 1) {
		last := len(f.nodes) - 1
		leaf = access.Hash(tlog.NodeHash(tlog.Hash(f.nodes[last]), tlog.Hash(leaf)))
		f.nodes = f.nodes[:last]
	}
	f.nodes = append(f.nodes, leaf)
	f.size++
}

// root is the root over all leaves so far; none while there are none.
func (f frontier) root() access.Hash {
	if len(f.nodes) == 0 {
		return access.Hash{}
	}
	root := f.nodes[len(f.nodes)-1]
	for i := len(f.nodes) - 2; i >= 0; i-- {
		root = access.Hash(tlog.NodeHash(tlog.Hash(f.nodes[i]), tlog.Hash(root)))
	}
	return root
}
