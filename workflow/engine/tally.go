package engine

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
)

const (
	// calm is how long somebody must not have done the same for the next time to be the first one again.
	calm = 24 * time.Hour
	// toldEach is how many times of the same are told one by one; after them, the tenth is, the hundredth, and so on.
	toldEach = 3

	// What one person or automation says about one thing in saidIn, beyond which it is only counted.
	mostSaid = 60
	saidIn   = time.Hour
)

// Told is whether one more time of the same is worth a line, and how often it was
// by then.
type Told struct {
	Worth bool
	Times int
	Since time.Time
}

// Repeated adds to a sentence how often it holds, where it is not the first times.
func (t Told) Repeated(what string) string {
	if t.Times <= toldEach {
		return what
	}
	return fmt.Sprintf("%s, %d times since %s", what, t.Times, access.FullMoment(t.Since))
}

// Counted says how often something was done; nothing for the first times.
func (t Told) Counted(what string) string {
	if t.Times <= toldEach {
		return ""
	}
	return t.Repeated(what) + "."
}

// Repeats counts that somebody does the same to one subject once more. A person who
// presses a button a thousand times fills no log.
func (u *Unit) Repeats(by access.Actor, about access.Subject, what string) (Told, error) {
	t, err := u.count(by, about, what, func(t store.Tally) bool { return u.At.Sub(t.Last) >= calm })
	return Told{Worth: t.Count <= toldEach || powerOfTen(t.Count), Times: t.Count, Since: t.Since}, err
}

// Says counts that somebody says something about a subject, and tells how often
// they may in which time. left is how often they still may; once it is negative,
// what they say is too much for people to read.
func (u *Unit) Says(by access.Actor, about access.Subject) (left int, in time.Duration, err error) {
	t, err := u.Within(by, about, "say", saidIn)
	return mostSaid - t.Times, saidIn, err
}

// Within counts that somebody does the same to one subject once more in a stretch of
// time.
func (u *Unit) Within(by access.Actor, about access.Subject, what string, in time.Duration) (Told, error) {
	t, err := u.count(by, about, what, func(t store.Tally) bool { return u.At.Sub(t.Since) >= in })
	return Told{Worth: t.Count <= toldEach || powerOfTen(t.Count), Times: t.Count, Since: t.Since}, err
}

func (u *Unit) count(by access.Actor, about access.Subject, what string, over func(store.Tally) bool) (store.Tally, error) {
	id := strings.Join([]string{about.String(), string(by.Via), cmp.Or(string(by.Person), by.Account), what}, "|")
	t, err := store.LoadTally(u.Tx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		t = store.Tally{ID: id, Since: u.At}
	case err != nil:
		return t, err
	case over(t):
		t.Count, t.Since = 0, u.At
	}
	t.Count, t.Last = t.Count+1, u.At
	return t, store.PutTally(u.Tx, &t)
}

// Counts counts something, and tells how often it was seen in this stretch of time, and
// in the one that it ends if it is the first of a new one.
func (u *Unit) Counts(id string, within time.Duration) (n, before int, err error) {
	t, err := store.LoadTally(u.Tx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		t = store.Tally{ID: id, Since: u.At}
	case err != nil:
		return 0, 0, err
	case u.At.Sub(t.Since) >= within:
		before, t.Count, t.Since = t.Count, 0, u.At
	}
	t.Count, t.Last = t.Count+1, u.At
	return t.Count, before, store.PutTally(u.Tx, &t)
}

// Becomes notes that something holds, or doesn't any more, and tells whether that is
// news: to whichever process sees it first, and not again after a start.
func (u *Unit) Becomes(id string, so bool) (news bool, err error) {
	t, err := store.LoadTally(u.Tx, id)
	if errors.Is(err, store.ErrNotFound) {
		t, err = store.Tally{ID: id}, nil
	}
	if err != nil || t.Count > 0 == so {
		return false, err
	}
	t.Count, t.Since, t.Last = 0, u.At, u.At
	if so {
		t.Count = 1
	}
	return true, store.PutTally(u.Tx, &t)
}

func powerOfTen(n int) bool {
	for n >= 10 && n%10 == 0 {
		n /= 10
	}
	return n == 1
}
