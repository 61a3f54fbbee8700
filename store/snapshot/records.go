package snapshot

import (
	"context"
	"fmt"
	"strings"

	"latchkey/store"
)

// readAtOnce is how many pages are read in one transaction where all are.
const readAtOnce = 64

func put(tx store.Records, pages []store.Record) error {
	for _, r := range pages {
		if _, err := tx.Put(r); err != nil {
			return fmt.Errorf("page %s: %w", r.ID, err)
		}
	}
	return nil
}

func drop(tx store.Records, pages []string) error {
	for _, id := range pages {
		if err := tx.Delete(kindPage, id); err != nil {
			return fmt.Errorf("page %s: %w", id, err)
		}
	}
	return nil
}

// eachPage goes through the pages of a campaign, by their numbers.
func eachPage(ctx context.Context, s store.Store, campaign string, do func(store.Record, uint64) error) error {
	for after, more := campaign+"/", true; more; {
		var found []store.Record
		err := s.View(ctx, func(tx store.Tx) (err error) {
			found, err = tx.Find(kindPage, "", after, readAtOnce)
			return err
		})
		if err != nil {
			return fmt.Errorf("snapshot of %s: %w", campaign, err)
		}
		for _, r := range found {
			number, own := pageNumber(campaign, r.ID)
			if !own {
				return nil
			}
			if err := do(r, number); err != nil {
				return err
			}
			after = r.ID
		}
		more = len(found) == readAtOnce
	}
	return nil
}

// pageNumber is the number of a campaign's page.
func pageNumber(campaign, id string) (number uint64, own bool) {
	text, own := strings.CutPrefix(id, campaign+"/")
	if !own {
		return 0, false
	}
	_, err := fmt.Sscanf(text, "%d", &number)
	return number, err == nil
}
