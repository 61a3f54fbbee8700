package store

import (
	"errors"
	"time"
)

// Attempt says when the issue of something was tried to be made last, where it is not known yet whether it was.
type Attempt struct {
	ID      string // what the issue is made for
	Version uint64
	At      time.Time
}

func attempts() table[Attempt] {
	return table[Attempt]{
		kind: "attempt",
		row:  func(a *Attempt) Record { return Record{ID: a.ID, Version: a.Version} },
		set:  func(a *Attempt, v uint64) { a.Version = v },
	}
}

// LoadAttempt loads the last attempt; none for what wasn't tried, or of which it is known what came of it. One that can't be read back
// is none, too.
func LoadAttempt(tx Tx, id string) (Attempt, error) {
	a, err := attempts().get(tx, id)
	var d *Damaged
	if errors.Is(err, ErrNotFound) || errors.As(err, &d) {
		return Attempt{ID: id}, nil
	}
	return a, err
}

// PutAttempt stores a in the place of the one before.
func PutAttempt(tx Tx, a Attempt) error {
	r, err := tx.Get(attempts().kind, a.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	a.Version = r.Version
	return attempts().put(tx, &a)
}

// DropAttempt forgets an attempt: it is known what came of it.
func DropAttempt(tx Tx, id string) error { return tx.Delete(attempts().kind, id) }
