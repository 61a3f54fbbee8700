package imported

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
)

// How a row was matched to somebody, in words.
const (
	byAccount   = "by their account in a directory"
	byPersonnel = "by the number in the HR file"
	ByAddress   = "by the address"
)

// peoplePage is how many people are read at once.
const peoplePage = 1000

// Whose knows who is behind the rows of a list, by what is known at one moment.
type Whose struct {
	numbers map[string][]access.PersonID // who has a number in the HR file
}

// Whose reads what is needed to match the rows of an import.
func (s *Service) Whose(ctx context.Context, l access.ImportedList) (*Whose, error) {
	w := &Whose{map[string][]access.PersonID{}}
	for after, more := "", true; more; {
		err := s.units.View(ctx, func(tx store.Tx) error {
			all, err := store.AllPeople(tx, after, peoplePage)
			all, damage, err := store.Sound(all, err)
			if err != nil {
				return err
			}
			for _, k := range all {
				if after = string(k.ID); k.Number != "" && k.Same == "" {
					w.numbers[k.Number] = append(w.numbers[k.Number], k.ID)
				}
			}
			more = len(all)+len(damage) == peoplePage
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("whose the accounts on the list of %s are: %w", l.App, err)
		}
	}
	return w, nil
}

// Contradicts says of a row that it names two people, or a number that several have.
const Contradicts = "it names several people"

// In is whose a row is by what is known, and how; "" for nobody, and then how is empty, or says that the row contradicts
// itself. What names an account in a directory says more than a number, and that more than an address.
func (w *Whose) In(tx store.Tx, r access.ImportedRow) (who access.PersonID, how string, err error) {
	said := map[access.PersonID]bool{}
	note := func(id access.PersonID, by string) {
		if id == "" {
			return
		}
		if who == "" {
			who, how = id, by
		}
		said[id] = true
	}
	for _, a := range r.Accounts {
		k, err := unlessAbsent(store.PersonByAccount(tx, a.Directory, a.ID))
		if err != nil {
			return "", "", err
		}
		note(k.ID, byAccount)
	}
	if has := w.numbers[r.Personnel]; r.Personnel != "" && len(has) == 1 {
		note(has[0], byPersonnel)
	} else if len(has) > 1 {
		return "", Contradicts, nil
	}
	if r.Address != "" {
		k, err := unlessAbsent(store.PersonByAddress(tx, r.Address))
		if err != nil {
			return "", "", err
		}
		if k.ID != "" && !k.MeantBy(r.Address) { // somebody else had it before
			return "", Contradicts, nil
		}
		note(k.ID, ByAddress)
	}
	if len(said) > 1 {
		return "", Contradicts, nil
	}
	return who, how, nil
}

// Of are the accounts of somebody that have a role by a list, by what is known of whose they are.
func (s *Service) Of(ctx context.Context, whose *Whose, l access.ImportedList, role string, who access.PersonID) (out []idp.Membership, err error) {
	for after, more := "", true; more && err == nil; {
		var page, theirs []access.ImportedRow
		err = s.units.View(ctx, func(tx store.Tx) (err error) {
			if page, err = s.page(tx, l, role, after); err == nil {
				theirs, err = whose.theirs(tx, page, who)
			}
			return err
		})
		if more = len(page) == rowsAtOnce; more {
			after = page[len(page)-1].ID()
		}
		for _, r := range theirs {
			out = append(out, membership(r))
		}
	}
	return out, err
}

// theirs are those rows that are somebody's.
func (w *Whose) theirs(tx store.Tx, rows []access.ImportedRow, who access.PersonID) (out []access.ImportedRow, err error) {
	for _, r := range rows {
		is, _, err := w.In(tx, r)
		if err != nil {
			return nil, err
		}
		if is == who {
			out = append(out, r)
		}
	}
	return out, nil
}

func unlessAbsent(k store.Known, err error) (store.Known, error) {
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrAmbiguous) {
		return store.Known{}, nil
	}
	return k, err
}
