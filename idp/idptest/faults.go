package idptest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"latchkey/idp"
)

// faults are what goes wrong at a vendor.
type faults struct {
	wrong   sync.Mutex
	misled  map[string]string
	twice   map[string]bool                  // groups whose list names its first member once more
	counted map[string]func(int) (int, bool) // how many members it says that groups have
	sticky  map[string]bool                  // groups that take back whom the API removes
	unable  bool                             // to end memberships by itself
	failing *Failure                         // nil: calls work
}

func newFaults() *faults {
	return &faults{misled: map[string]string{}, twice: map[string]bool{}, sticky: map[string]bool{}, counted: map[string]func(int) (int, bool){}}
}

// Miscount has the vendor count so many members too many, or, below zero, too few.
func (f *faults) Miscount(groupID string, by int) {
	f.wrong.Lock()
	defer f.wrong.Unlock()
	f.counted[groupID] = func(n int) (int, bool) { return n + by, true }
}

// HideCount has the vendor not say how many members a group has.
func (f *faults) HideCount(groupID string) {
	f.wrong.Lock()
	defer f.wrong.Unlock()
	f.counted[groupID] = func(int) (int, bool) { return 0, false }
}

// counts is how many members the vendor says that a group has which has n, if it does.
func (f *faults) counts(groupID string, n int) (said int, does bool) {
	f.wrong.Lock()
	defer f.wrong.Unlock()
	if other := f.counted[groupID]; other != nil {
		return other(n)
	}
	return n, true
}

// NameTwice has the list of a group name its first member once more, at its end.
func (f *faults) NameTwice(groupID string) {
	f.wrong.Lock()
	defer f.wrong.Unlock()
	f.twice[groupID] = true
}

func (f *faults) namesTwice(groupID string) bool {
	f.wrong.Lock()
	defer f.wrong.Unlock()
	return f.twice[groupID]
}

// Stick makes a group take back whom the API removes.
func (f *faults) Stick(groupID string) {
	f.wrong.Lock()
	defer f.wrong.Unlock()
	f.sticky[groupID] = true
}

func (f *faults) sticks(groupID string) bool {
	f.wrong.Lock()
	defer f.wrong.Unlock()
	return f.sticky[groupID]
}

// Unable has the vendor's edition not end memberships by itself any more; those that it was told of end all the same.
func (f *faults) Unable(unable bool) {
	f.wrong.Lock()
	defer f.wrong.Unlock()
	f.unable = unable
}

func (f *faults) isUnable() bool {
	f.wrong.Lock()
	defer f.wrong.Unlock()
	return f.unable
}

// Mislead makes the vendor answer whoever asks for one address, name or id with what it knows of another.
func (f *faults) Mislead(asked, answered string) {
	f.wrong.Lock()
	defer f.wrong.Unlock()
	f.misled[asked] = answered
}

// understood is what the vendor takes the asked key for.
func (f *faults) understood(key string) string {
	f.wrong.Lock()
	defer f.wrong.Unlock()
	if other, misled := f.misled[key]; misled {
		return other
	}
	return key
}

// Fail makes calls go wrong until Heal; LostAnswer and Hiccup hit one call.
func (f *faults) Fail(with Failure) {
	f.wrong.Lock()
	defer f.wrong.Unlock()
	f.failing = &with
}

// Heal ends a failure.
func (f *faults) Heal() {
	f.wrong.Lock()
	defer f.wrong.Unlock()
	f.failing = nil
}

var errDown = errors.New("the vendor does not answer; it will be tried again")

// strike is what is wrong with a call: why it isn't carried out, or why whoever made it hears nothing of it.
func (f *faults) strike(vendor string, write bool) (before, after error) {
	f.wrong.Lock()
	defer f.wrong.Unlock()
	if f.failing == nil {
		return nil, nil
	}
	switch *f.failing {
	case Outage:
		return errDown, nil
	case Denied, BadToken:
		return fmt.Errorf("%s refuses the token, renew it: %w", vendor, idp.ErrDenied), nil
	case Throttled:
		return &idp.RateLimited{After: time.Minute}, nil
	case LostAnswer:
		if !write {
			return nil, nil
		}
		f.failing = nil
		return nil, errDown
	}
	f.failing = nil // a hiccup is over before anybody notices
	return nil, nil
}
