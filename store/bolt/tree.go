package bolt

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"latchkey/access"
)

// Leaves implements store.Log.
func (t *tx) Leaves(after uint64, limit int) ([]access.Hash, error) {
	if err := t.mayRead(); err != nil {
		return nil, err
	}
	l := eventlog{t.batch}
	last := l.size()
	if uint64(limit) < last-min(after, last) {
		last = after + uint64(limit)
	}
	if after >= last {
		return nil, nil
	}
	out := make([]access.Hash, 0, last-after)
	for after+uint64(len(out)) < last {
		more, err := l.leavesFrom(after+uint64(len(out))+1, last)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// leavesFrom are the leaves from a place up to the last that is wanted, as far
// as they lie in the same file.
func (l eventlog) leavesFrom(place, last uint64) ([]access.Hash, error) {
	s, ok, err := l.stretchOf(place)
	if err != nil {
		return nil, err
	}
	if ok {
		return l.stretches.leaves(s, place, min(last, s.last))
	}
	var out []access.Hash
	for k, raw := range l.scan(events, nil, seqKey(place)) {
		if seqOf(k) != place+uint64(len(out)) || len(raw) < len(access.Hash{}) {
			return nil, fmt.Errorf("the event at place %d is missing from the log: %w", place+uint64(len(out)), errDamaged)
		}
		out = append(out, access.Hash(raw[:len(access.Hash{})]))
		if seqOf(k) == last {
			return out, nil
		}
	}
	return nil, fmt.Errorf("the event at place %d is missing from the log: %w", place+uint64(len(out)), errDamaged)
}

// Subtrees implements store.Log: one for each sealed stretch.
func (t *tx) Subtrees() (leaves uint64, roots []access.Hash, err error) {
	if err := t.mayRead(); err != nil {
		return 0, nil, err
	}
	for k, raw := range t.scan(sealed, nil, nil) {
		s, err := unpackStretch(k, raw)
		if err != nil {
			return 0, nil, err
		}
		leaves = s.last - s.first + 1
		roots = append(roots, s.root)
	}
	return leaves, roots, nil
}

// rootOf is the root of a perfect tree: of as many leaves as a power of two.
func rootOf(leaves []access.Hash) access.Hash {
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
