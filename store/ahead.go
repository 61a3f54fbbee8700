package store

import (
	"errors"
	"slices"
	"time"

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

	// What Jira says that its person has by it, and until when: nobody loses that because
	// something else ends here. Empty where only the number of events is known.
	Needs []access.Entitlement `json:",omitempty"`
	Until time.Time            `json:",omitzero"`
}

// NeedsGroup tells whether what Jira has more of is a reason for an account to be in a group.
// One that isn't known may be that account.
func (a Ahead) NeedsGroup(is access.Entitlement, at time.Time) bool {
	if !a.Until.IsZero() && !at.Before(a.Until) {
		return false
	}
	return slices.ContainsFunc(a.Needs, func(e access.Entitlement) bool {
		same := e.Group == is.Group || e.GroupID != "" && e.GroupID == is.GroupID && e.Group.Directory == is.Group.Directory
		return same && (e.Account == is.Account || e.Account == "" || is.Account == "")
	})
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

// PutAhead notes that Jira has more of a subject's story. What somebody has by it is kept
// where only the number of its events is told.
func PutAhead(tx Tx, a Ahead) error {
	was, err := aheads().get(tx, a.Subject.String())
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if a.Version = was.Version; a.Needs == nil && a.N <= was.N {
		a.N, a.Needs, a.Until = was.N, was.Needs, was.Until
	}
	return aheads().put(tx, &a)
}

// DropAhead says that a subject's story is whole again.
func DropAhead(tx Tx, about access.Subject) error { return tx.Delete(aheads().kind, about.String()) }

// Aheads are all of them.
func Aheads(tx Tx) ([]Ahead, error) { return aheads().whole(tx, "") }
