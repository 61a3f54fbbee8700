package anchor

import (
	"errors"
	"sync"
	"time"

	"latchkey/store"
)

// settles is how long it takes until searches and lists show for certain what was
// written: what they don't show before says nothing, and neither does one answer.
const settles = 5 * time.Minute

// absences remembers since when what could be there isn't found. Only what two looks
// miss, and all between them, with time enough for an index to follow, isn't there.
type absences struct {
	mu    sync.Mutex
	since map[string]time.Time
	open  bool // something is missed of which it is not certain yet
}

// missed takes note of what a look misses, and returns what is not there for certain. What
// the look has found begins anew.
func (a *absences) missed(at time.Time, what ...string) (sure []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	was := a.since
	a.since = map[string]time.Time{}
	for _, w := range what {
		first, known := was[w]
		if !known {
			first = at
		}
		if a.since[w] = first; at.Sub(first) >= settles {
			sure = append(sure, w)
		}
	}
	a.open = len(sure) < len(what)
	return sure
}

// unsure tells whether something is missed of which it is not certain yet: it is to be
// looked for again.
func (a *absences) unsure() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.open
}

// unfound is the newest note that was seen to be outside, if a reading shows none as new:
// nil if it does.
func unfound(tx store.Tx, last uint64) (*store.Anchor, error) {
	now, err := store.LoadAnchoring(tx)
	if err != nil {
		return nil, err
	}
	if log, err := store.LogName(tx); err != nil || now.Log != log {
		return nil, err
	}
	for no := now.No; no > last; no-- {
		a, err := store.LoadAnchor(tx, store.AnchorID(now.Log, no))
		if orAbsent(err) != nil {
			return nil, err
		}
		if err == nil && len(a.Posted) > 0 {
			return &a, nil
		}
	}
	return nil, nil
}

// orAbsent is an error, unless it says that there is nothing.
func orAbsent(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
