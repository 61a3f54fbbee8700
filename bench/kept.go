package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/bolt"
)

// What has to be in the store after kill -9.

func envelopesKept(dir string, acked []int) error {
	return inspect(dir, func(tx store.Tx) error {
		kept := map[string]bool{}
		for after := ""; ; {
			page, err := tx.Find("envelope", "", after, 5_000)
			if err != nil {
				return err
			}
			if len(page) == 0 {
				break
			}
			for _, r := range page {
				kept[r.ID[13:]] = true
				after = r.ID
			}
		}
		for _, n := range acked {
			if id := fmt.Sprintf("%s%012d", idPrefix, n); !kept[id] {
				return fmt.Errorf("envelope %s was acknowledged and is not in the store", id)
			}
		}
		return nil
	})
}

func submissionsKept(dir string, acked []int) error {
	return inspect(dir, func(tx store.Tx) error { return submissionsIn(tx, acked) })
}

func submissionsIn(tx store.Tx, acked []int) error {
	for _, n := range acked {
		if _, err := store.RequestFrom(tx, fmt.Sprintf("V%012d", n)); err != nil {
			return fmt.Errorf("submission %d was acknowledged: %w", n, err)
		}
	}
	return nil
}

func approvalsKept(dir string, acked []int) error {
	return inspect(dir, func(tx store.Tx) error {
		for _, n := range acked {
			r, err := store.Request(tx, requestID(n))
			if err != nil {
				return err
			}
			if r.State != access.RequestApproved && !r.Answered() { // under a burst an answer is kept first, and counts as soon as it is known whose it is
				return fmt.Errorf("the approval of %s was acknowledged and it is %s", r.ID, r.State)
			}
		}
		return nil
	})
}

func inspect(dir string, look func(store.Tx) error) error {
	s, err := bolt.Open(filepath.Join(dir, "latchkey.db"), bolt.Options{})
	if err != nil {
		return err
	}
	return errors.Join(s.View(context.Background(), look), s.Close())
}
