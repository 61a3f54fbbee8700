package store

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
)

// What every back end refuses, and makes of what it is given, is said here once.

// plain refuses texts that a back end can't keep.
func plain(what string, texts ...string) error {
	for _, s := range texts {
		if strings.IndexByte(s, 0) >= 0 {
			return fmt.Errorf("store: a %s can't hold a NUL character: %q", what, s)
		}
	}
	return nil
}

// named is plain for texts that can't be empty either.
func named(what string, texts ...string) error {
	for _, s := range texts {
		if s == "" {
			return fmt.Errorf("store: a %s can't be empty", what)
		}
	}
	return plain(what, texts...)
}

// Check refuses a record that can't be kept.
func (r Record) Check() error {
	if err := named("record's kind and id", r.Kind, r.ID); err != nil {
		return err
	}
	return plain("record's index key", r.Index...)
}

// Keys are the index keys of r in order and without repetition. The empty key finds
// every record anyway.
func (r Record) Keys() []string {
	keys := slices.Clone(r.Index)
	slices.Sort(keys)
	keys = slices.Compact(keys)
	return slices.DeleteFunc(keys, func(k string) bool { return k == "" })
}

// CheckEvent refuses an entry that can't be found again.
func CheckEvent(e access.Entry, about About) error {
	return plain("subject, person or app of an event", e.Subject.String(), string(about.Person), about.App)
}

// Chained puts an entry behind the last one of its subject, which has the number n
// and the leaf; 0 and none for the first. One that has a number already is checked to
// follow it: see Log.Append.
func Chained(e access.Entry, n uint64, leaf access.Hash) (access.Entry, error) {
	if e.N == 0 {
		return e.Chain(e.Log, n, leaf)
	}
	if err := e.Follows(n, leaf); err != nil {
		return access.Entry{}, err
	}
	return e, e.Verify()
}

// Check refuses a filter that asks for two things at once, and an app without a
// person.
func (f Filter) Check() error {
	if f.Subject != (access.Subject{}) && f.Person != "" || f.App != "" && f.Person == "" {
		return fmt.Errorf("store: an event filter takes a subject, or a person with or without an app; got %+v", f)
	}
	return nil
}

// Check refuses a task that can't be kept.
func (t Task) Check() error {
	if err := named("task's id and queue", t.ID, t.Queue); err != nil {
		return err
	}
	return plain("task's lane and lock", t.Lane, t.Lock)
}

// Fresh is a task as it is enqueued: with nothing of what befell it before.
func (t Task) Fresh() Task {
	t.State, t.Attempts, t.Begun, t.Owner, t.Until, t.Problem = Ready, 0, false, "", time.Time{}, ""
	return t
}

// Unclaimed is a task without its claim.
func (t Task) Unclaimed() Task {
	t.State, t.Owner, t.Until = Ready, "", time.Time{}
	return t
}

// Requeued is a task as it stands once it was requeued as next: see Queue.Requeue.
func (t Task) Requeued(next Task) (Task, error) {
	if next.State != Ready && next.State != Stuck {
		return t, fmt.Errorf("store: a task is requeued as %s or %s, not %q", Ready, Stuck, next.State)
	}
	if t.State == Claimed && t.Owner != next.Owner {
		return t, ErrConflict
	}
	t = t.Unclaimed()
	t.State, t.NotBefore, t.Attempts, t.Begun, t.Problem = next.State, next.NotBefore, max(next.Attempts, 0), next.Begun, next.Problem
	return t, nil
}

// StandIn is how a task shows that can't be read back.
func StandIn(id string, seq uint64, err error) Task {
	return Task{ID: id, Seq: seq, State: Stuck, Problem: fmt.Sprintf(
		"What is stored of this task can't be read back (%v). If a newer Latchkey wrote it, start that one; otherwise restore the store from a backup.", err)}
}

// Check refuses a claim that nobody could hold.
func (c Claim) Check() error { return named("claim's queue and owner", c.Queue, c.Owner) }

// CheckLease refuses a lease that nobody could hold.
func CheckLease(name, owner string) error { return named("lease's name and owner", name, owner) }

// Held is how a lease stands. One that ran out stays, for its token.
type Held struct {
	Owner string
	Until time.Time
	Token uint64 // 0 if nobody ever had it
}

// Take is how it stands once owner has it until then; ok is false while somebody else
// holds it beyond at. See Leases.
func (h Held) Take(owner string, at, until time.Time) (next Held, ok bool) {
	holds := h.Until.After(at)
	if holds && h.Owner != owner {
		return h, false
	}
	if !holds {
		h.Token++
	}
	h.Owner, h.Until = owner, until
	return h, true
}

// Guard tells whether a token is the newest: see Leases.
func (h Held) Guard(name string, token uint64) error {
	if h.Token != token {
		return fmt.Errorf("lease %s: %w", name, ErrFenced)
	}
	return nil
}
