package snapshot

import (
	"iter"
	"slices"
)

// rows are those of the groups from one to another.
func (r *Reader) rows(from, to int, after uint64) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for number := from; number < to; number++ {
			at := r.contents.groups[number]
			if at.first+uint64(at.rows) <= after+1 {
				continue
			}
			keep := func(page groupPageAt) bool { return page.first+uint64(page.rows) > after+1 }
			if !r.eachRow(number, keep, func(item uint64, _ int) bool { return item > after }, yield) {
				return
			}
		}
	}
}

// rowsOfAccounts are the rows of some accounts.
func (r *Reader) rowsOfAccounts(accounts []int, after uint64) iter.Seq2[Row, error] {
	keep := func(page groupPageAt) bool {
		return slices.ContainsFunc(accounts, func(n int) bool { return page.groupRows.first <= n && n <= page.last })
	}
	return func(yield func(Row, error) bool) {
		for number := range r.contents.groups {
			if !r.eachRow(number, keep, func(item uint64, account int) bool { return item > after && slices.Contains(accounts, account) }, yield) {
				return
			}
		}
	}
}

// rowsOf are the rows with these items, which ascend.
func (r *Reader) rowsOf(items []uint64) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for rest := items; len(rest) > 0; {
			number, there := r.contents.groupOf(rest[0])
			if !there {
				yield(Row{}, r.none("item", rest[0]))
				return
			}
			at := r.contents.groups[number]
			end, _ := slices.BinarySearch(rest, at.first+uint64(at.rows))
			var wanted []uint64
			wanted, rest = rest[:end], rest[end:]
			keep := func(page groupPageAt) bool {
				i, _ := slices.BinarySearch(wanted, page.first)
				return i < len(wanted) && wanted[i] < page.first+uint64(page.rows)
			}
			is := func(item uint64, _ int) bool { _, found := slices.BinarySearch(wanted, item); return found }
			if !r.eachRow(number, keep, is, yield) {
				return
			}
		}
	}
}

// groupPageAt is a page of a group's rows, with the item of its first.
type groupPageAt struct {
	groupRows
	first uint64
}

// eachRow yields the rows of a group that is says yes to, on the pages that keep says yes
// to. It tells whether to go on.
func (r *Reader) eachRow(number int, keep func(groupPageAt) bool, is func(item uint64, account int) bool, yield func(Row, error) bool) bool {
	g, pages, err := r.group(number)
	if err != nil {
		yield(Row{}, err)
		return false
	}
	first := g.First
	for _, page := range pages {
		at := groupPageAt{page, first}
		first += uint64(page.rows)
		if !keep(at) {
			continue
		}
		if !r.eachOnPage(at, number, is, yield) {
			return false
		}
	}
	return true
}

// takeRoom is room for the columns of a page, until it is given back.
func (r *Reader) takeRoom() (room []uint64, done func()) {
	room = r.room
	r.room = nil
	if room == nil {
		room = make([]uint64, roomForPage)
	}
	return room, func() { r.room = room }
}

// eachOnPage is eachRow of one page. Somebody may read another one meanwhile, who gets
// room of their own.
func (r *Reader) eachOnPage(at groupPageAt, group int, is func(item uint64, account int) bool, yield func(Row, error) bool) bool {
	room, done := r.takeRoom()
	defer done()
	rows, err := r.rowsPage(at, room)
	if err != nil {
		yield(Row{}, err)
		return false
	}
	for i, account := range rows.accounts {
		item := at.first + uint64(i)
		if !is(item, account) {
			continue
		}
		row := rows.row(i)
		if row.Item, row.Group = item, group; !yield(row, nil) {
			return false
		}
	}
	return true
}

// roomForPage is about how many numbers the columns of a page have.
const roomForPage = 48 * rowsPerPage

// rowsPage reads a page of rows.
func (r *Reader) rowsPage(at groupPageAt, room []uint64) (*readRows, error) {
	p, err := loadPage(r.tx, r.contents.Campaign, at.ref, rowsPage)
	if err != nil {
		return nil, err
	}
	rows, err := unpackRows(p.public, room)
	if err != nil || rows.count != at.rows || rows.accounts[0] != at.groupRows.first || rows.accounts[rows.count-1] != at.last {
		return nil, damagedPage(r.contents.Campaign, at.number)
	}
	return &rows, nil
}
