package snapshot

import (
	"slices"
	"unsafe"

	"latchkey/store/snapshot/columns"
)

// heldRow is a row that is in no page yet. It points at nothing, so that many of them
// cost little memory and the collector nothing: texts are numbers in a vocabulary, or
// stretches of bytes.
type heldRow struct {
	since, until      uint64 // ticks
	usedAt, reach     uint64
	some, all         uint32
	account           uint32
	grant, request    span // of heldRows.ids
	conflicts         span // of heldRows.lists
	reviewers, second span
	words             [wordColumns]uint32
}

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

// span is a stretch of something longer.
type span struct{ from, length uint32 }

// heldRows are rows that are in no page yet.
type heldRows struct {
	rows       []heldRow
	accounts   columns.Set
	ranks      []uint32
	order      []uint32
	ids        []byte
	lists      []uint32
	vocabulary columns.Vocabulary
	lately     [wordColumns]columns.Recent
	conflicts  columns.Recent
}

func (h *heldRows) add(r *Row) {
	held := heldRow{
		since: columns.Ticks(r.Since), until: columns.Ticks(r.Until), usedAt: columns.Ticks(r.Use.At), reach: columns.Ticks(r.Use.Reach), some: uint32(r.Peers.Some), all: uint32(r.Peers.All),
		account: uint32(r.Account), grant: h.id(r.Grant), request: h.id(r.Request), conflicts: h.conflictsOf(r), reviewers: h.numbers(r.Reviewers), second: h.numbers(r.Second),
	}
	for i, word := range [wordColumns]string{string(r.Source), r.Use.Source, r.Earlier.Decision, r.Earlier.Campaign, r.Recommendation, r.Reason, r.Excluded} {
		held.words[i] = h.lately[i].Number(word, &h.vocabulary)
	}
	h.rows = append(h.rows, held)
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
	return h.vocabulary.Words[r.words[wordExcluded]] != ""
}

// sorted are the places of the rows in the order of their accounts. As each account is
// there once, its place is how many there are before it.
func (h *heldRows) sorted() []uint32 {
	for i := range h.rows {
		h.accounts.Add(int(h.rows[i].account))
	}
	h.ranks = h.accounts.Ranks(h.ranks)
	h.order = slices.Grow(h.order[:0], len(h.rows))[:len(h.rows)]
	for i := range h.rows {
		h.order[h.accounts.Rank(int(h.rows[i].account), h.ranks)] = uint32(i)
	}
	return h.order
}

// reset forgets the rows and keeps the room they took.
func (h *heldRows) reset() {
	clear(h.accounts)
	*h = heldRows{rows: h.rows[:0], accounts: h.accounts, ranks: h.ranks, order: h.order, ids: h.ids[:0], lists: h.lists[:0]}
}

// Bounds of what is held in memory until it is written.
const (
	rowsHeld   = 24 * rowsPerPage
	heldAtMost = 1 << 26 // bytes of anything
)

// full tells whether it is time to make pages.
func (h *heldRows) full() bool {
	size := len(h.rows) * int(unsafe.Sizeof(heldRow{}))
	return len(h.rows) >= rowsHeld || size+len(h.ids)+4*len(h.lists) >= heldAtMost
}
