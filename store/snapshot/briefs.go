package snapshot

import (
	"iter"

	"latchkey/store/snapshot/columns"
)

// Brief is a row as far as it is counted: a tenth of the work of the whole.
type Brief struct {
	Group, Account int
	Excluded       bool // nobody decides on it
	Asked          bool // somebody is to decide on it in the first stage
}

// Briefs are the rows of a group in brief, in the order of their ids. An error is the last thing it yields.
func (r *Reader) Briefs(number int) iter.Seq2[Brief, error] {
	return func(yield func(Brief, error) bool) {
		g, pages, err := r.group(number)
		if err != nil {
			yield(Brief{}, err)
			return
		}
		first := g.First
		for _, page := range pages {
			if !r.briefsOnPage(groupPageAt{page, first}, number, yield) {
				return
			}
			first += uint64(page.rows)
		}
	}
}

func (r *Reader) briefsOnPage(at groupPageAt, group int, yield func(Brief, error) bool) bool {
	room, done := r.takeRoom()
	defer done()
	p, err := loadPage(r.tx, r.contents.Campaign, at.ref, rowsPage)
	if err != nil {
		yield(Brief{}, err)
		return false
	}
	rows, err := unpackBriefs(p.public, room)
	if err != nil || len(rows.accounts) != at.rows {
		yield(Brief{}, damagedPage(r.contents.Campaign, at.number))
		return false
	}
	for i, account := range rows.accounts {
		if !yield(Brief{Group: group, Account: account, Excluded: rows.excluded.At(i) != "", Asked: rows.asked[i] > 0}, nil) {
			return false
		}
	}
	return true
}

// briefRows is a page of rows as far as they are counted.
type briefRows struct {
	accounts []int
	excluded columns.Words
	asked    []uint64 // how many are to decide
}

// unpackBriefs reads a page of rows, and passes over the rest of it.
func unpackBriefs(raw []byte, room []uint64) (briefRows, error) {
	u := &columns.Unpacker{Rest: raw, Room: room}
	n := u.Count(rowsAtMost)
	if n == 0 {
		return briefRows{}, columns.ErrDamaged
	}
	r := briefRows{accounts: accountsFrom(u, n)}
	u.SkipWords(n) // the source
	skipGrants(u, n)
	for range 4 {
		u.SkipMoments(n)
	}
	u.SkipWords(n) // where use is known from
	u.SkipNumbers(n)
	u.SkipNumbers(n)
	u.SkipWords(n) // the earlier decision
	u.SkipWords(n)
	u.SkipWords(u.Total(u.Numbers(n, 1), n*listAtMost)) // the conflicts
	u.SkipWords(n)                                      // the recommendation
	u.SkipWords(n)
	r.excluded = u.Words(n)
	r.asked = askedFrom(u, n)
	return r, u.Err
}

func skipGrants(u *columns.Unpacker, n int) {
	u.SkipIds(n)
	others := 0
	for _, how := range u.Numbers(n, 1) {
		if how == requestOther {
			others++
		}
	}
	u.SkipIds(others)
}

// askedFrom is how many reviewers each row has.
func askedFrom(u *columns.Unpacker, n int) []uint64 {
	out := u.Numbers(n, 1) // whether they are those of the row before
	counts := u.Numbers(n-u.Total(out, n), 1)
	before := uint64(0)
	for i, same := range out {
		switch {
		case same > 1 || same == 0 && len(counts) == 0 || u.Err != nil:
			u.Fail()
			return out
		case same == 0:
			before, counts = counts[0], counts[1:]
		}
		out[i] = before
	}
	return out
}
