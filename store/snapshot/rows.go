package snapshot

import (
	"bytes"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store/snapshot/columns"
)

// rowPacker packs rows that are held into pages. It is used again and again.
type rowPacker struct {
	out     columns.Packer
	held    *heldRows
	rows    []uint32             // places of those that are packed
	columns [rowNumbers][]uint64 // of each of the rows
	codes   [wordColumns][]uint64
	texts   [][]byte
	words   columns.WordColumn

	same, counts, all []uint64 // room for reviewers
}

// The columns of numbers.
const (
	rowAccount = iota
	rowSince
	rowUntil
	rowUsedAt
	rowReach
	rowSome
	rowAll
	rowConflicts
	rowNumbers
)

// pack packs rows in the order of their accounts, each of which is there once. The
// result is good until the next call.
func (p *rowPacker) pack(held *heldRows, rows []uint32) []byte {
	p.out, p.held, p.rows = p.out[:0], held, rows
	p.turn()
	p.out.Count(len(rows))
	p.accounts()
	p.wordsOf(wordSource)
	p.grants()
	for _, column := range []int{rowSince, rowUntil, rowUsedAt, rowReach} {
		p.out.Moments(p.columns[column])
	}
	p.wordsOf(wordUseSource)
	p.out.Numbers(p.columns[rowSome], 1)
	p.out.Numbers(p.columns[rowAll], 1)
	p.wordsOf(wordDecision)
	p.wordsOf(wordCampaign)
	p.conflicts()
	p.wordsOf(wordRecommendation)
	p.wordsOf(wordReason)
	p.wordsOf(wordExcluded)
	p.reviewers(func(r *heldRow) span { return r.reviewers })
	p.reviewers(func(r *heldRow) span { return r.second })
	return p.out
}

// turn makes columns of the rows, in one go: they lie apart in memory.
func (p *rowPacker) turn() {
	for i := range p.columns {
		p.columns[i] = slices.Grow(p.columns[i][:0], len(p.rows))[:len(p.rows)]
	}
	for i := range p.codes {
		p.codes[i] = slices.Grow(p.codes[i][:0], len(p.rows))[:len(p.rows)]
	}
	for i, at := range p.rows {
		r := &p.held.rows[at]
		p.columns[rowAccount][i], p.columns[rowSince][i], p.columns[rowUntil][i] = uint64(r.account), r.since, r.until
		p.columns[rowUsedAt][i], p.columns[rowReach][i] = r.usedAt, r.reach
		p.columns[rowSome][i], p.columns[rowAll][i], p.columns[rowConflicts][i] = uint64(r.some), uint64(r.all), uint64(r.conflicts.length)
		for column, word := range r.words {
			p.codes[column][i] = uint64(word)
		}
	}
}

func (p *rowPacker) wordsOf(column int) {
	p.words.Pack(&p.out, p.codes[column], &p.held.vocabulary)
}

// accounts are the distances between neighbours.
func (p *rowPacker) accounts() {
	column := p.columns[rowAccount]
	p.out.Number(column[0])
	for i := len(column) - 1; i > 0; i-- {
		column[i] -= column[i-1] + 1
	}
	p.out.Numbers(column[1:], 1)
}

// How the id of a request stands beside the id of its grant.
const (
	requestNone = iota
	requestSame // as access.Request.GrantID makes one of the other
	requestOther
)

const requestPrefix, grantPrefix = "AR-", "G-"

func (p *rowPacker) grants() {
	p.texts = p.texts[:0]
	for _, at := range p.rows {
		p.texts = append(p.texts, p.held.text(p.held.rows[at].grant))
	}
	p.out.Ids(p.texts)
	var others [][]byte
	p.same = slices.Grow(p.same[:0], len(p.rows))[:len(p.rows)]
	how := p.same
	for i, at := range p.rows {
		switch request := p.held.text(p.held.rows[at].request); {
		case len(request) == 0:
			how[i] = requestNone
		case sameRequest(request, p.texts[i]):
			how[i] = requestSame
		default:
			how[i] = requestOther
			others = append(others, request)
		}
	}
	p.out.Numbers(how, 1)
	p.out.Ids(others)
}

// sameRequest tells whether the ids are alike but for how they begin.
func sameRequest(request, grant []byte) bool {
	code, is := bytes.CutPrefix(request, []byte(requestPrefix))
	other, too := bytes.CutPrefix(grant, []byte(grantPrefix))
	return is && too && len(code) > 0 && bytes.Equal(code, other)
}

func (p *rowPacker) conflicts() {
	p.out.Numbers(p.columns[rowConflicts], 1)
	var all []uint64
	for _, at := range p.rows {
		for _, word := range p.held.list(p.held.rows[at].conflicts) {
			all = append(all, uint64(word))
		}
	}
	p.words.Pack(&p.out, all, &p.held.vocabulary)
}

// reviewers packs which rows have the same reviewers as the row before, and for each
// other row how many it has, and who they are.
func (p *rowPacker) reviewers(of func(*heldRow) span) {
	counts, all := p.counts[:0], p.all[:0]
	var before []uint32
	p.same = slices.Grow(p.same[:0], len(p.rows))[:len(p.rows)]
	same := p.same
	for i, at := range p.rows {
		now := p.held.list(of(&p.held.rows[at]))
		if same[i] = 1; slices.Equal(now, before) {
			continue
		}
		same[i], before = 0, now
		counts = append(counts, uint64(len(now)))
		for _, n := range now {
			all = append(all, uint64(n))
		}
	}
	p.out.Numbers(same, 1)
	p.out.Numbers(counts, 1)
	p.out.Numbers(all, 1)
	p.counts, p.all = counts, all
}

// readRows is a page of rows that was read: its columns.
type readRows struct {
	count                 int
	accounts              []int
	words                 [wordColumns]columns.Words
	grants, otherRequests columns.IDs
	requests              []uint64 // how it stands beside the id of its grant
	others                []uint64 // which of the others it is
	since, until          []uint64
	usedAt, reach         []uint64
	some, all             []uint64
	conflicts             [][]string
	reviewers, second     [][]int
}

// unpackRows reads a page of rows.
func unpackRows(raw []byte, room []uint64) (readRows, error) {
	u := &columns.Unpacker{Rest: raw, Room: room}
	r := readRows{count: u.Count(rowsAtMost)}
	if r.count == 0 {
		return r, columns.ErrDamaged
	}
	r.accounts = accountsFrom(u, r.count)
	r.words[wordSource] = u.Words(r.count)
	grantsFrom(u, &r)
	r.since, r.until, r.usedAt, r.reach = u.Moments(r.count), u.Moments(r.count), u.Moments(r.count), u.Moments(r.count)
	r.words[wordUseSource] = u.Words(r.count)
	r.some, r.all = u.Numbers(r.count, 1), u.Numbers(r.count, 1)
	r.words[wordDecision], r.words[wordCampaign] = u.Words(r.count), u.Words(r.count)
	r.conflicts = conflictsFrom(u, r.count)
	r.words[wordRecommendation], r.words[wordReason], r.words[wordExcluded] = u.Words(r.count), u.Words(r.count), u.Words(r.count)
	r.reviewers, r.second = reviewersFrom(u, r.count), reviewersFrom(u, r.count)
	return r, u.End()
}

// row is one of them, without item and group.
func (r *readRows) row(i int) Row {
	word := func(column int) string { return r.words[column].At(i) }
	return Row{
		Account: r.accounts[i], Source: access.Source(word(wordSource)), Grant: r.grants.At(i), Request: r.request(i), Since: columns.Instant(r.since[i]), Until: columns.Instant(r.until[i]),
		Use:     Use{At: columns.Instant(r.usedAt[i]), Reach: columns.Instant(r.reach[i]), Source: word(wordUseSource)},
		Peers:   catalog.Share{Some: int(r.some[i]), All: int(r.all[i])},
		Earlier: Earlier{Decision: word(wordDecision), Campaign: word(wordCampaign)}, Conflicts: r.conflicts[i],
		Recommendation: word(wordRecommendation), Reason: word(wordReason), Excluded: word(wordExcluded), Reviewers: r.reviewers[i], Second: r.second[i],
	}
}

func accountsFrom(u *columns.Unpacker, n int) []int {
	out := make([]int, n)
	at := u.Number()
	steps := u.Numbers(n-1, 1)
	for i := range out {
		if i > 0 {
			at += steps[i-1] + 1
		}
		if at >= peopleAtMost || i > 0 && steps[i-1] >= peopleAtMost {
			u.Fail()
			return out
		}
		out[i] = int(at)
	}
	return out
}

func grantsFrom(u *columns.Unpacker, r *readRows) {
	r.grants, r.requests, r.others = u.Ids(r.count), u.Numbers(r.count, 1), u.Column(r.count)
	count := 0
	for i, how := range r.requests {
		switch {
		case how == requestNone:
		case how == requestSame && len(r.grants.There) > 0 && r.grants.There[i] > uint64(len(grantPrefix)):
		case how == requestOther:
			r.others[i] = uint64(count)
			count++
		default:
			u.Fail()
			return
		}
	}
	r.otherRequests = u.Ids(count)
}

func (r *readRows) request(i int) string {
	switch r.requests[i] {
	case requestSame:
		return requestPrefix + r.grants.At(i)[len(grantPrefix):]
	case requestOther:
		return r.otherRequests.At(int(r.others[i]))
	}
	return ""
}

func conflictsFrom(u *columns.Unpacker, n int) [][]string {
	out, counts := make([][]string, n), u.Numbers(n, 1)
	total := u.Total(counts, n*listAtMost)
	all := u.Words(total)
	if u.Err != nil {
		return out
	}
	at := 0
	for i, count := range counts {
		for range count {
			out[i] = append(out[i], all.At(at))
			at++
		}
	}
	return out
}

func reviewersFrom(u *columns.Unpacker, n int) [][]int {
	out, same := make([][]int, n), u.Numbers(n, 1)
	changes := n - u.Total(same, n)
	counts := u.Numbers(changes, 1)
	all := peopleFrom(u, u.Total(counts, changes*listAtMost))
	var before []int
	for i, is := range same {
		if is > 1 || u.Err != nil {
			u.Fail()
			return out
		}
		if is == 0 {
			count := counts[0]
			before, counts, all = all[:count:count], counts[1:], all[count:]
		}
		if len(before) > 0 { // nil, as it is for a row that never had any
			out[i] = before
		}
	}
	return out
}

// peopleFrom is a column of n numbers of people.
func peopleFrom(u *columns.Unpacker, n int) []int {
	out := make([]int, n)
	for i, number := range u.Numbers(n, 1) {
		if number >= peopleAtMost {
			u.Fail()
			return out
		}
		out[i] = int(number)
	}
	return out
}
