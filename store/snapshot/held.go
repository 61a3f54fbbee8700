package snapshot

import (
	"slices"
	"unsafe"

	"latchkey/store/snapshot/columns"
)

// heldRow is what a row says beside whose it is, and it is in no page yet. It points at
// nothing, so that many of them cost little memory and the collector nothing: texts are
// numbers in a vocabulary, or stretches of bytes.
type heldRow struct {
	columns           [rowColumns]uint64
	grant, request    span // of heldRows.ids
	conflicts         span // of heldRows.lists
	reviewers, second span
}

// heldMember is a row: whose it is, and which of the held rows says the rest. Many of a
// group say the same.
type heldMember struct{ account, says uint32 }

// The columns of numbers: ticks first.
const (
	rowSince = iota
	rowUntil
	rowUsedAt
	rowReach
	rowSome
	rowAll
	rowConflicts
	rowNumbers
)

// The columns of words.
const (
	wordSource = iota
	wordUseSource
	wordDecision
	wordCampaign
	wordRecommendation
	wordReason
	wordExcluded
	wordColumns
)

// rowColumns are those of numbers, and behind them those of words.
const rowColumns = rowNumbers + wordColumns

// span is a stretch of something longer.
type span struct{ from, length uint32 }

// heldRows are rows that are in no page yet.
type heldRows struct {
	rows       []heldRow
	members    []heldMember
	unordered  bool // the accounts of the members don't ascend
	accounts   columns.Set
	ranks      []uint32
	order      []heldMember
	ids        []byte
	lists      []uint32
	vocabulary columns.Vocabulary
	lately     [wordColumns]columns.Recent
	conflicts  columns.Recent
}

// say holds what the members who follow have in common, but for who is asked.
func (h *heldRows) say(r *Row) {
	held := heldRow{grant: h.id(r.Grant), request: h.id(r.Request), conflicts: h.conflictsOf(r)}
	held.columns = [rowColumns]uint64{
		rowSince: columns.Ticks(r.Since), rowUntil: columns.Ticks(r.Until), rowUsedAt: columns.Ticks(r.Use.At), rowReach: columns.Ticks(r.Use.Reach),
		rowSome: uint64(r.Peers.Some), rowAll: uint64(r.Peers.All), rowConflicts: uint64(len(r.Conflicts)),
	}
	for i, word := range [wordColumns]string{string(r.Source), r.Use.Source, r.Earlier.Decision, r.Earlier.Campaign, r.Recommendation, r.Reason, r.Excluded} {
		held.columns[rowNumbers+i] = uint64(h.lately[i].Number(word, &h.vocabulary))
	}
	h.rows = append(h.rows, held)
}

// sayAgain holds what was held last once more: others may be asked.
func (h *heldRows) sayAgain() { h.rows = append(h.rows, h.rows[len(h.rows)-1]) }

// ask holds who is asked about what was held last.
func (h *heldRows) ask(first, second []int) {
	last := &h.rows[len(h.rows)-1]
	last.reviewers, last.second = h.numbers(first), h.numbers(second)
}

// member adds a row that says what was said last.
func (h *heldRows) member(account int) {
	if last := len(h.members) - 1; last >= 0 && h.members[last].account > uint32(account) {
		h.unordered = true
	}
	h.members = append(h.members, heldMember{uint32(account), uint32(len(h.rows) - 1)})
}

func (h *heldRows) id(s string) span {
	from := uint32(len(h.ids))
	h.ids = append(h.ids, s...)
	return span{from, uint32(len(s))}
}

func (h *heldRows) conflictsOf(r *Row) span {
	from := uint32(len(h.lists))
	for _, word := range r.Conflicts {
		h.lists = append(h.lists, h.conflicts.Number(word, &h.vocabulary))
	}
	return span{from, uint32(len(r.Conflicts))}
}

func (h *heldRows) numbers(of []int) span {
	from := uint32(len(h.lists))
	for _, n := range of {
		h.lists = append(h.lists, uint32(n))
	}
	return span{from, uint32(len(of))}
}

func (h *heldRows) text(s span) []byte   { return h.ids[s.from : s.from+s.length] }
func (h *heldRows) list(s span) []uint32 { return h.lists[s.from : s.from+s.length] }

// excluded tells whether nobody decides on a row.
func (h *heldRows) excluded(r *heldRow) bool {
	return h.vocabulary.Words[r.columns[rowNumbers+wordExcluded]] != ""
}

// sorted are the rows in the order of their accounts. As each account is there once, its
// place is how many there are before it.
func (h *heldRows) sorted() []heldMember {
	if !h.unordered {
		return h.members
	}
	for _, m := range h.members {
		h.accounts.Add(int(m.account))
	}
	h.ranks = h.accounts.Ranks(h.ranks)
	h.order = slices.Grow(h.order[:0], len(h.members))[:len(h.members)]
	for _, m := range h.members {
		h.order[h.accounts.Rank(int(m.account), h.ranks)] = m
	}
	return h.order
}

// reset forgets the rows and keeps the room they took.
func (h *heldRows) reset() {
	clear(h.accounts)
	*h = heldRows{rows: h.rows[:0], members: h.members[:0], accounts: h.accounts, ranks: h.ranks, order: h.order, ids: h.ids[:0], lists: h.lists[:0]}
}

// Bounds of what is held in memory until it is written.
const (
	rowsHeld   = 24 * rowsPerPage
	heldAtMost = 1 << 26 // bytes of anything
)

// full tells whether it is time to make pages.
func (h *heldRows) full() bool {
	size := len(h.rows)*int(unsafe.Sizeof(heldRow{})) + len(h.members)*int(unsafe.Sizeof(heldMember{}))
	return len(h.members) >= rowsHeld || size+len(h.ids)+4*len(h.lists) >= heldAtMost
}
