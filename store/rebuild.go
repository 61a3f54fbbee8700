package store

import "errors"

// markKind and markID name the record that says that the store is being rebuilt.
const markKind, markID = "rebuild", "under way"

// MarkRebuild says in the store that it is being filled from elsewhere, until
// EndRebuild. Meanwhile it holds a part of the truth, and nobody may act on it.
func MarkRebuild(tx Tx) error {
	_, err := tx.Put(Record{Kind: markKind, ID: markID, Schema: 1})
	return err
}

// EndRebuild says that the store is complete.
func EndRebuild(tx Tx) error { return tx.Delete(markKind, markID) }

// Rebuilding reports whether a rebuild was begun and not ended.
func Rebuilding(tx Tx) (bool, error) {
	_, err := tx.Get(markKind, markID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
