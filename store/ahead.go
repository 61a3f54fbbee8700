package store

import (
	"errors"

	"latchkey/access"
)

// Ahead says that Jira has more of a subject's story than this store, which is then
// the older one. Nothing is added to that story here until it has come back: what
// is added would be another one.
type Ahead struct {
	Subject access.Subject
	Version uint64
	N       uint64       // how many events Jira was seen to hold
	Place   access.Issue // where
}

func aheads() table[Ahead] {
	return table[Ahead]{
		kind: "ahead",
		row:  func(a *Ahead) Record { return Record{ID: a.Subject.String(), Version: a.Version} },
		set:  func(a *Ahead, v uint64) { a.Version = v },
	}
}

// IsAhead reports whether Jira has more of a subject's story than this store.
func IsAhead(tx Tx, about access.Subject) (bool, error) {
	_, err := tx.Get(aheads().kind, about.String())
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// PutAhead notes that Jira has more of a subject's story.
func PutAhead(tx Tx, a Ahead) error {
	r, err := tx.Get(aheads().kind, a.Subject.String())
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	a.Version = r.Version
	return aheads().put(tx, &a)
}

// DropAhead says that a subject's story is whole again.
func DropAhead(tx Tx, about access.Subject) error { return tx.Delete(aheads().kind, about.String()) }

// Aheads are all of them.
func Aheads(tx Tx) ([]Ahead, error) { return aheads().whole(tx, "") }
