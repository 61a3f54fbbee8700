package snapshot

import (
	"iter"

	"latchkey/access"
	"latchkey/store/snapshot/columns"
)

// Standings are those of the accounts, in the order of their numbers: People for a fraction of the work. An error is the last
// thing it yields.
func (r *Reader) Standings() iter.Seq2[access.Standing, error] {
	return func(yield func(access.Standing, error) bool) {
		for at := range r.contents.people {
			all, count, err := r.standingsOnPage(at)
			if err != nil {
				yield("", err)
				return
			}
			for i := range count {
				if !yield(access.Standing(all.At(i)), nil) {
					return
				}
			}
		}
	}
}

func (r *Reader) standingsOnPage(at int) (all columns.Words, count int, err error) {
	is := r.contents.people[at]
	p, err := loadPage(r.tx, r.contents.Campaign, is.ref, peoplePage)
	if err != nil {
		return all, 0, err
	}
	first, all, count, err := unpackStandings(p.public)
	if err != nil || first != is.first || first+count != r.peopleUntil(at) {
		return all, 0, damagedPage(r.contents.Campaign, is.number)
	}
	return all, count, nil
}

// unpackStandings reads a page of people, and passes over the rest of it.
func unpackStandings(raw []byte) (first int, all columns.Words, count int, err error) {
	u := &columns.Unpacker{Rest: raw}
	count = u.Count(rowsAtMost)
	first = u.Count(peopleAtMost)
	u.SkipWords(count) // the directories
	u.SkipIds(count)   // their accounts
	u.SkipIds(count)
	u.SkipWords(count) // the managers
	u.SkipWords(count)
	all = u.Words(count)
	if count == 0 && u.Err == nil {
		u.Fail()
	}
	return first, all, count, u.Err
}
