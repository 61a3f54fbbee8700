// Package tree computes parts of the log's Merkle tree (RFC 6962) for back ends that
// keep some of it ready.
package tree

import (
	"golang.org/x/mod/sumdb/tlog"

	"latchkey/access"
)

// Stretch is how many leaves the subtrees have that a store keeps ready: a power of
// two.
const Stretch = 8192

// Root is the root of a perfect tree: of as many leaves as a power of two.
func Root(leaves []access.Hash) access.Hash {
	level := make([]tlog.Hash, len(leaves))
	for i, l := range leaves {
		level[i] = tlog.Hash(l)
	}
	for len(level) > 1 {
		for i := range len(level) / 2 {
			level[i] = tlog.NodeHash(level[2*i], level[2*i+1])
		}
		level = level[:len(level)/2]
	}
	return access.Hash(level[0])
}
