package bolt

import (
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// CheckPages reads every page of the main file at path and sees that they fit
// together: that none is missing, used twice, or out of order. Nothing is changed.
func CheckPages(path string) (err error) {
	defer func() {
		if r := recover(); r != nil { // bbolt's way to refuse pages that it can't make sense of
			err = fmt.Errorf("the pages of %s can't be read: %v", path, r)
		}
	}()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second, PreLoadFreelist: true})
	if err != nil {
		return fmt.Errorf("can't open the store %s: %w", path, err)
	}
	err = db.View(func(btx *bbolt.Tx) error {
		var first error
		faults := 0
		for fault := range btx.Check() {
			if faults++; first == nil {
				first = fault
			}
		}
		if first != nil {
			return fmt.Errorf("%d faults in the pages of %s, the first: %w", faults, path, first)
		}
		return nil
	})
	return errors.Join(err, db.Close())
}
