package snapshot

import (
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// Bounds of a page of rows. A reader goes by its own, which are wider.
const (
	rowsPerPage = 512
	rowsAtMost  = 1 << 14
	listAtMost  = 255 // conflicts and reviewers of one row
)

// column is what get finds in each of the rows.
func column[T any](rows []*Row, get func(*Row) T) []T {
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = get(r)
	}
	return out
}

// packRows packs rows in the order of their accounts, each of which is there once.
func packRows(rows []*Row) []byte {
	p := make(packer, 0, 32*len(rows))
	p.count(len(rows))
	p.accounts(rows)
	p.words(column(rows, func(r *Row) string { return string(r.Source) }))
	p.grants(rows)
	p.times(column(rows, func(r *Row) time.Time { return r.Since }))
	p.uses(column(rows, func(r *Row) Use { return r.Use }))
	p.numbers(column(rows, func(r *Row) uint64 { return uint64(r.Peers.Some) }), 1)
	p.numbers(column(rows, func(r *Row) uint64 { return uint64(r.Peers.All) }), 1)
	p.words(column(rows, func(r *Row) string { return r.Earlier.Decision }))
	p.words(column(rows, func(r *Row) string { return r.Earlier.Campaign }))
	p.numbers(column(rows, func(r *Row) uint64 { return uint64(len(r.Conflicts)) }), 1)
	p.words(slices.Concat(column(rows, func(r *Row) []string { return r.Conflicts })...))
	p.words(column(rows, func(r *Row) string { return r.Recommendation }))
	p.words(column(rows, func(r *Row) string { return r.Reason }))
	p.words(column(rows, func(r *Row) string { return r.Excluded }))
	p.reviewers(rows)
	return p
}

// unpackRows reads what packRows wrote. Items and groups are not in it.
func unpackRows(raw []byte) ([]Row, error) {
	u := &unpacker{rest: raw}
	rows := make([]Row, u.count(rowsAtMost))
	u.accounts(rows)
	set(rows, u.words(len(rows)), func(r *Row, s string) { r.Source = access.Source(s) })
	u.grants(rows)
	set(rows, u.times(len(rows)), func(r *Row, t time.Time) { r.Since = t })
	set(rows, u.uses(len(rows)), func(r *Row, is Use) { r.Use = is })
	some, all := u.numbers(len(rows), 1), u.numbers(len(rows), 1)
	for i := range rows {
		rows[i].Peers = catalog.Share{Some: int(some[i]), All: int(all[i])}
	}
	set(rows, u.words(len(rows)), func(r *Row, s string) { r.Earlier.Decision = s })
	set(rows, u.words(len(rows)), func(r *Row, s string) { r.Earlier.Campaign = s })
	u.conflicts(rows)
	set(rows, u.words(len(rows)), func(r *Row, s string) { r.Recommendation = s })
	set(rows, u.words(len(rows)), func(r *Row, s string) { r.Reason = s })
	set(rows, u.words(len(rows)), func(r *Row, s string) { r.Excluded = s })
	u.reviewers(rows)
	if err := u.end(); err != nil {
		return nil, err
	}
	return rows, nil
}

// set puts each value of a column into its row.
func set[T any](rows []Row, column []T, put func(*Row, T)) {
	for i := range rows {
		put(&rows[i], column[i])
	}
}

// accounts are the distances between neighbours.
func (p *packer) accounts(rows []*Row) {
	p.count(rows[0].Account)
	steps := make([]uint64, len(rows)-1)
	for i := range steps {
		steps[i] = uint64(rows[i+1].Account - rows[i].Account - 1)
	}
	p.numbers(steps, 1)
}

func (u *unpacker) accounts(rows []Row) {
	if len(rows) == 0 {
		u.fail()
		return
	}
	at := u.number()
	for i, step := range append(u.numbers(len(rows)-1, 1), 0) {
		if at > peopleAtMost || step > peopleAtMost {
			u.fail()
			return
		}
		rows[i].Account = int(at)
		at += step + 1
	}
}

// How the id of a request stands beside the id of its grant.
const (
	requestNone = iota
	requestSame // as access.Request.GrantID makes one of the other
	requestOther
)

func (p *packer) grants(rows []*Row) {
	p.ids(column(rows, func(r *Row) string { return r.Grant }))
	how, others := make([]uint64, len(rows)), []string(nil)
	for i, r := range rows {
		switch {
		case r.Request == "":
		case r.Grant == access.Request{ID: r.Request}.GrantID() && r.Request == requestOf(r.Grant):
			how[i] = requestSame
		default:
			how[i] = requestOther
			others = append(others, r.Request)
		}
	}
	p.numbers(how, 1)
	p.ids(others)
}

// requestOf is the id of the request whose grant has an id.
func requestOf(grant string) string {
	const request, ofGrant = "AR-", "G-"
	if len(grant) < len(ofGrant) {
		return ""
	}
	return request + grant[len(ofGrant):]
}

func (u *unpacker) grants(rows []Row) {
	set(rows, u.ids(len(rows)), func(r *Row, s string) { r.Grant = s })
	how := u.numbers(len(rows), 1)
	count := 0
	for i, h := range how {
		switch h {
		case requestNone:
		case requestSame:
			rows[i].Request = requestOf(rows[i].Grant)
		case requestOther:
			count++
		default:
			u.fail()
			return
		}
	}
	others := u.ids(count)
	for i, h := range how {
		if h == requestOther {
			rows[i].Request, others = others[0], others[1:]
		}
	}
}

func (p *packer) uses(column []Use) {
	at, reach, source := make([]time.Time, len(column)), make([]time.Time, len(column)), make([]string, len(column))
	for i, is := range column {
		at[i], reach[i], source[i] = is.At, is.Reach, is.Source
	}
	p.times(at)
	p.times(reach)
	p.words(source)
}

func (u *unpacker) uses(n int) []Use {
	at, reach, source := u.times(n), u.times(n), u.words(n)
	out := make([]Use, n)
	for i := range out {
		out[i] = Use{At: at[i], Reach: reach[i], Source: source[i]}
	}
	return out
}

func (u *unpacker) conflicts(rows []Row) {
	counts := u.numbers(len(rows), 1)
	all := u.words(u.total(counts, len(rows)*listAtMost))
	for i, n := range counts {
		if n > 0 && u.err == nil {
			rows[i].Conflicts, all = all[:n:n], all[n:]
		}
	}
}

// reviewers packs which rows have the same reviewers as the row before, and for each
// other row how many it has, and who they are.
func (p *packer) reviewers(rows []*Row) {
	same, counts, all := make([]uint64, len(rows)), []uint64(nil), []uint64(nil)
	var before []int
	for i, r := range rows {
		if slices.Equal(r.Reviewers, before) {
			same[i] = 1
			continue
		}
		before = r.Reviewers
		counts = append(counts, uint64(len(before)))
		for _, n := range before {
			all = append(all, uint64(n))
		}
	}
	p.numbers(same, 1)
	p.numbers(counts, 1)
	p.numbers(all, 1)
}

func (u *unpacker) reviewers(rows []Row) {
	same := u.numbers(len(rows), 1)
	changes := 0
	for _, is := range same {
		if is > 1 {
			u.fail()
			return
		}
		changes += 1 - int(is)
	}
	counts := u.numbers(changes, 1)
	all := u.people(u.total(counts, changes*listAtMost))
	var before []int
	for i, is := range same {
		if is == 0 && u.err == nil {
			n := counts[0]
			before, counts, all = all[:n:n], counts[1:], all[n:]
		}
		if len(before) == 0 {
			before = nil // as it is for a row that never had any
		}
		rows[i].Reviewers = before
	}
}

// people is a column of n numbers of people.
func (u *unpacker) people(n int) []int {
	out := make([]int, n)
	for i, number := range u.numbers(n, 1) {
		if number > peopleAtMost {
			u.fail()
			return out
		}
		out[i] = int(number)
	}
	return out
}
