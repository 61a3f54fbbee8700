package ledger

import (
	"context"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/store"
)

// recordMaker makes what the issue of a case carries for machines, with all events
// there are of it by then: nothing, where some of them can't be read back.
func (w requests) recordMaker(ctx context.Context, c access.Case) access.RecordMaker {
	return func(issue string) (access.IssueRecord, error) {
		entries, err := w.entries(ctx, access.RequestSubject(c.Request.ID))
		if _, damage, err := store.Sound(entries, err); err != nil || len(damage) > 0 {
			return access.IssueRecord{}, err
		}
		return evidence.WriteIssue(issue, c, entries, w.units.Now())
	}
}

// entryPage is how many entries are read at once.
const entryPage = 1000

func (w requests) entries(ctx context.Context, about access.Subject) (all []access.Entry, err error) {
	err = w.units.View(ctx, func(tx store.Tx) error {
		all = nil
		for after := uint64(0); ; after = all[len(all)-1].N {
			some, err := tx.Entries(store.Filter{Subject: about}, after, entryPage)
			if err != nil {
				return err
			}
			all = append(all, some...)
			if len(some) < entryPage {
				return nil
			}
		}
	})
	return all, err
}
