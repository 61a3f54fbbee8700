package erasure

import (
	"context"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/engine"
)

// lists finds the rows of imported lists that name the person: by an address, their number, or an account of theirs.
func (f *finding) lists(ctx context.Context, from *engine.Units) error {
	var all []access.ImportedList
	err := from.View(ctx, func(tx store.Tx) (err error) {
		all, _, err = store.Sound(store.ImportedLists(tx))
		return err
	})
	for _, l := range all {
		for after, more := "", err == nil; more; {
			err = from.View(ctx, func(tx store.Tx) error {
				some, damage, err := store.Sound(store.ImportedRows(tx, l.App, l.Number, "", after, page))
				more = len(some)+len(damage) == page
				for _, r := range some {
					if after = r.ID(); f.names(r) {
						f.listed[r.ID()] = true
					}
				}
				return err
			})
			more = more && err == nil
		}
	}
	return err
}

// names tells whether a row names the person.
func (f *finding) names(r access.ImportedRow) bool {
	return r.Address != "" && slices.ContainsFunc(f.quotes, func(q []byte) bool { return access.NewEmail(string(q)) == r.Address }) ||
		r.Personnel != "" && slices.Contains(f.numbers, r.Personnel) ||
		slices.ContainsFunc(r.Accounts, func(a access.ImportedElsewhere) bool {
			return slices.Contains(f.seen, snapshot.Account{Directory: a.Directory, ID: a.ID})
		})
}

// eraseListed takes what names them out of a row of a list.
func eraseListed(u *engine.Unit, id string) error {
	r, err := store.ImportedRowOf(u.Tx, id)
	if err != nil {
		return err
	}
	return store.PutImportedRow(u.Tx, r.Erase())
}
