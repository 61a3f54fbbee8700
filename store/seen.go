package store

import (
	"errors"

	"latchkey/access"
)

// Seen is how far Jira was seen to hold the story of a subject: what it answered to
// the last write that went through.
type Seen struct {
	Subject access.Subject
	Version uint64
	N       uint64
	Leaf    access.Hash // of number N
	Noted   bool        // a heads note says so
}

const seenAnew = "new"

func seen() table[Seen] {
	return table[Seen]{
		kind: "seen",
		row: func(s *Seen) Record {
			var keys []string
			if !s.Noted {
				keys = append(keys, seenAnew)
			}
			return Record{ID: s.Subject.String(), Version: s.Version, Index: keys}
		},
		set: func(s *Seen, v uint64) { s.Version = v },
	}
}

// LoadSeen is how far Jira was seen to hold a subject's story. Absent: ErrNotFound.
func LoadSeen(tx Tx, about access.Subject) (Seen, error) { return seen().get(tx, about.String()) }

// PutSeen notes how far Jira was seen to hold a subject's story. What was seen before
// is never taken back: answers can come out of order.
func PutSeen(tx Tx, about access.Subject, n uint64, leaf access.Hash) error {
	s, err := LoadSeen(tx, about)
	var d *Damaged
	if errors.As(err, &d) {
		if err := tx.Delete(seen().kind, about.String()); err != nil {
			return err
		}
	} else if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err == nil && s.N >= n {
		return nil
	}
	s.Subject, s.N, s.Leaf, s.Noted = about, n, leaf, false
	return seen().put(tx, &s)
}

// SeenAnew are up to limit of those that no heads note speaks of yet, by subject.
func SeenAnew(tx Tx, limit int) ([]Seen, error) {
	found, err := tx.Find(seen().kind, seenAnew, "", limit)
	return seen().all(found, err)
}

// NoteSeen says that a heads note speaks of what was seen, unless more was seen since.
func NoteSeen(tx Tx, s Seen) error {
	now, err := LoadSeen(tx, s.Subject)
	if err != nil || now.N != s.N {
		return orAbsent(err)
	}
	now.Noted = true
	return seen().put(tx, &now)
}

func orAbsent(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
