package erasure

import (
	"errors"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/engine"
)

// Access reviews keep what directories showed of everybody when they began.

// whose is the person as reviews know them. An account may have been seen before
// it was known whose it is.
func (f *finding) whose() snapshot.Whose {
	return snapshot.Whose{IDs: f.ids(), Accounts: f.seen}
}

// inReviews looks for the reviews that name them, of those that were begun before.
func (f *finding) inReviews(tx store.Tx) error {
	f.snapshots = nil
	for after := ""; ; {
		names, err := snapshot.Snapshots(tx, after, page)
		if err != nil || len(names) == 0 {
			f.Reviews = len(f.snapshots)
			return err
		}
		for _, name := range names {
			after = name
			named, err := f.isNamed(tx, name)
			if err != nil {
				return err
			}
			if named {
				f.snapshots = append(f.snapshots, name)
			}
		}
	}
}

// isNamed tells whether a review's snapshot has to be changed. One that is being deleted
// need not be.
func (f *finding) isNamed(tx store.Tx, name string) (bool, error) {
	begun, err := snapshot.Begun(tx, name)
	if errors.Is(err, store.ErrNotFound) || err == nil && !begun.Before(f.Before) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	n, err := snapshot.Names(tx, name, f.whose())
	return n > 0, err
}

// eraseReview takes them out of a snapshot.
func (f *finding) eraseReview(u *engine.Unit, name string) error {
	_, err := snapshot.Erase(u.Tx, name, f.whose())
	return err
}

// account notes an account in a directory, by which a review may have seen them.
func (f *finding) account(b access.Binding) {
	f.seen = append(f.seen, snapshot.Account{Directory: b.System, ID: b.ID})
}
