package erasure

import (
	"errors"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// reviews finds the reviews that are over and show the person as they were then. One that goes on keeps what it shows: who
// answers has to see whom it is about.
func (f *finding) reviews(tx store.Tx) error {
	all, _, err := store.Sound(query.All(func(after string, limit int) ([]access.Campaign, error) {
		return store.Campaigns(tx, after, limit)
	}, func(c access.Campaign) string { return c.ID }))
	for _, c := range all {
		if err == nil {
			err = f.review(tx, c)
		}
	}
	return err
}

func (f *finding) review(tx store.Tx, c access.Campaign) error {
	if c.Snapshot == "" || !c.Created.Before(f.Before) {
		return nil
	}
	named, err := snapshot.Names(tx, c.Snapshot, f.whose())
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil // it was read for nothing, or is deleted
	case err != nil || named == 0:
		return err
	case c.Running():
		f.Kept++
	default:
		f.frozen[c.Snapshot] = true
		f.Reviews = len(f.frozen)
	}
	return nil
}

// whose is the person as reviews know them. An account may have been seen before it was known whose it is.
func (f *finding) whose() snapshot.Whose { return snapshot.Whose{IDs: f.ids(), Accounts: f.seen} }

// eraseFrozen takes what names or describes them out of a snapshot.
func (f *finding) eraseFrozen(u *engine.Unit, name string) error {
	_, err := snapshot.Erase(u.Tx, name, f.whose())
	return err
}

// eraseRow takes what names or quotes them out of what was said of a row.
func (f *finding) eraseRow(u *engine.Unit, id string) error {
	campaign, row, err := access.ParseReviewItemID(id)
	if err != nil {
		return err
	}
	i, err := store.ReviewItem(u.Tx, campaign, row)
	if err != nil {
		return err
	}
	for _, who := range f.ids() {
		i = i.Erase(who, f.Before)
	}
	return store.PutReviewItem(u.Tx, &i)
}
