package bolt

import (
	"fmt"

	"latchkey/access"
)

// Leaves implements store.Log.
func (l eventLog) Leaves(after uint64, limit int) ([]access.Hash, error) {
	if err := l.mayRead(); err != nil {
		return nil, err
	}
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
func (l eventLog) leavesFrom(place, last uint64) ([]access.Hash, error) {
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
func (l eventLog) Subtrees() (leaves uint64, roots []access.Hash, err error) {
	if err := l.mayRead(); err != nil {
		return 0, nil, err
	}
	for k, raw := range l.scan(sealed, nil, nil) {
		s, err := unpackStretch(k, raw)
		if err != nil {
			return 0, nil, err
		}
		leaves = s.last - s.first + 1
		roots = append(roots, s.root)
	}
	return leaves, roots, nil
}
