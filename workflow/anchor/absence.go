package anchor

import (
	"fmt"
	"sync"
	"time"

	"latchkey/access"
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

// weigh says what is missing for certain of what a look should have shown. Where Jira did
// not answer, nothing is: nobody has looked.
func (s *Service) weigh(l *look) {
	if l.jira != nil {
		return
	}
	missed := l.reading.Lost()
	newest := ""
	if l.unfound != nil {
		newest = fmt.Sprintf("The newest note, no. %d, was posted and isn't found any more.", l.unfound.No)
		missed = append(missed, newest)
	}
	l.lost = s.absent.missed(s.units.Now(), missed...)
	for _, sure := range l.lost {
		l.gone = l.gone || sure == newest
	}
}

// tooShort refuses to take for a comparison what shows less than was posted, until it is
// certain that the rest is gone.
func (l look) tooShort() error {
	if l.unfound == nil || l.gone {
		return nil
	}
	return &access.Failure{Class: access.Limited, After: time.Minute,
		Sentence: fmt.Sprintf("What is anchored is not shown as far as it was posted: note no. %d isn't found. It is looked for again before anything follows from that", l.unfound.No)}
}
