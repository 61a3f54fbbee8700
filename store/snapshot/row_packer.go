package snapshot

import (
	"bytes"
	"slices"

	"latchkey/store/snapshot/columns"
)

// rowPacker packs rows that are held into pages. It is used again and again.
type rowPacker struct {
	out    columns.Packer
	held   *heldRows
	rows   []heldMember // that are packed
	first  *heldRow     // what the first of them says
	varies [rowColumns]bool
	named  bool // there are grants or requests

	room, same, counts, all []uint64
	texts                   [][]byte
	words                   columns.WordColumn
}

// pack packs rows in the order of their accounts, each of which is there once. The
// result is good until the next call.
func (p *rowPacker) pack(held *heldRows, rows []heldMember) []byte {
	p.out, p.held, p.rows = p.out[:0], held, rows
	p.compare()
	p.out.Count(len(rows))
	p.accounts()
	p.wordsOf(wordSource)
	p.grants()
	for _, column := range [...]int{rowSince, rowUntil, rowUsedAt, rowReach} {
		p.moments(column)
	}
	p.wordsOf(wordUseSource)
	p.numbers(rowSome)
	p.numbers(rowAll)
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

// compare finds the columns in which rows differ: most say the same of everybody on a page, and are packed without being gone
// through.
func (p *rowPacker) compare() {
	p.first, p.varies, p.named = p.says(0), [rowColumns]bool{}, false
	for i, before := 0, (*heldRow)(nil); i < len(p.rows); i++ {
		r := p.says(i)
		if r == before {
			continue
		}
		before = r
		p.named = p.named || r.grant.length+r.request.length > 0
		for column, n := range &r.columns {
			if n != p.first.columns[column] {
				p.varies[column] = true
			}
		}
	}
}

// says is what one of the rows says.
func (p *rowPacker) says(i int) *heldRow { return &p.held.rows[p.rows[i].says] }

// column are the numbers of one, in room that is used again.
func (p *rowPacker) column(of int) []uint64 {
	p.room = slices.Grow(p.room[:0], len(p.rows))[:len(p.rows)]
	for i := range p.rows {
		p.room[i] = p.says(i).columns[of]
	}
	return p.room
}

func (p *rowPacker) numbers(column int) {
	if !p.varies[column] {
		p.out.Alike(p.first.columns[column])
		return
	}
	p.out.Numbers(p.column(column), 1)
}

func (p *rowPacker) moments(column int) {
	if !p.varies[column] && p.first.columns[column] == 0 {
		p.out.Alike(0)
		return
	}
	p.out.Moments(p.column(column))
}

func (p *rowPacker) wordsOf(column int) {
	column += rowNumbers
	if !p.varies[column] {
		p.out.OneWord(p.held.vocabulary.Words[p.first.columns[column]])
		return
	}
	p.words.Pack(&p.out, p.column(column), &p.held.vocabulary)
}

// accounts are the distances between neighbours.
func (p *rowPacker) accounts() {
	p.out.Number(uint64(p.rows[0].account))
	p.room = slices.Grow(p.room[:0], len(p.rows))[:len(p.rows)-1]
	for i := range p.room {
		p.room[i] = uint64(p.rows[i+1].account - p.rows[i].account - 1)
	}
	p.out.Numbers(p.room, 1)
}

// How the id of a request stands beside the id of its grant.
const (
	requestNone = iota
	requestSame // as access.Request.GrantID makes one of the other
	requestOther
)

const requestPrefix, grantPrefix = "AR-", "G-"

func (p *rowPacker) grants() {
	if !p.named {
		p.out.Alike(0) // how long each is
		p.out.Alike(requestNone)
		return
	}
	p.texts = p.texts[:0]
	for i := range p.rows {
		p.texts = append(p.texts, p.held.text(p.says(i).grant))
	}
	p.out.Ids(p.texts)
	var others [][]byte
	p.same = slices.Grow(p.same[:0], len(p.rows))[:len(p.rows)]
	how := p.same
	for i := range p.rows {
		switch request := p.held.text(p.says(i).request); {
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
	p.numbers(rowConflicts)
	if !p.varies[rowConflicts] && p.first.columns[rowConflicts] == 0 {
		return
	}
	var all []uint64
	for i := range p.rows {
		for _, word := range p.held.list(p.says(i).conflicts) {
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
	for i := range p.rows {
		if same[i] = 1; i > 0 && p.rows[i].says == p.rows[i-1].says {
			continue
		}
		now := p.held.list(of(p.says(i)))
		if slices.Equal(now, before) {
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
