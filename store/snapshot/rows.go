package snapshot

import (
	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store/snapshot/columns"
)

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
