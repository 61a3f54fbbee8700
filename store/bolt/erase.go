package bolt

import (
	"fmt"

	"latchkey/access"
)

// An entry in the main file is erased where it stands. One in a stretch is marked: it
// is read as erased from then on, and the stretch is written anew (shred.go). Those in
// the main file are marked, too, because the sealer may just be copying them.

// Erase implements store.Log.
func (l eventLog) Erase(places []uint64) error {
	if err := l.mayWrite(); err != nil {
		return err
	}
	for _, place := range places {
		if err := l.erase(place); err != nil {
			return fmt.Errorf("erase the private part of the event at place %d: %w", place, err)
		}
	}
	return nil
}

func (l eventLog) erase(place uint64) error {
	e, err := l.entry(place)
	if err != nil || len(e.Private) == 0 {
		return err
	}
	if l.get(events, seqKey(place)) != nil {
		raw, err := l.packEntry(e.Erase())
		if err != nil {
			return err
		}
		if err := l.put(events, seqKey(place), raw); err != nil {
			return err
		}
	}
	return l.put(erased, seqKey(place), nil)
}

// without is an entry as it is read: without what was erased of it.
func (l eventLog) without(e access.Entry) access.Entry {
	if len(e.Private) == 0 || !l.has(erased, seqKey(e.Place)) {
		return e
	}
	return e.Erase()
}
