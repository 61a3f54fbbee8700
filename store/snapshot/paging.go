package snapshot

import (
	"context"
	"io"
	"runtime"
	"slices"
	"sync"

	"latchkey/store"
)

// paging makes pages of people, rows and groups, and knows where they are.
type paging struct {
	campaign string
	random   io.Reader
	contents contents
	groups   []Group        // without their proofs
	next     uint64         // number of the next page
	waiting  []store.Record // pages that are made and not yet handed on
	durable  queue
	reviews  worklists
	packers  []*rowPacker
	assigned []assignment // room for those of the next group
}

// assignment is that somebody is to decide on an item, and on so many that follow.
type assignment struct {
	place, more uint32 // the place of the item in its group
	reviewer
}

// reviewer is somebody at one of the stages.
type reviewer struct {
	number int32 // nobody: -1
	second bool
}

func newPaging(campaign string, random io.Reader) *paging {
	p := &paging{campaign: campaign, random: random, next: 1}
	p.contents.Campaign = campaign
	return p
}

// addPeople packs people, and forgets what they say.
func (w *paging) addPeople(all []Person) {
	for people := range slices.Chunk(all, peoplePerPage) {
		secrets := make([]private, len(people))
		random := make([]byte, saltSize*len(people))
		_, _ = io.ReadFull(w.random, random) // crypto/rand ends the program instead of failing
		for i := range people {
			secrets[i].said = privateOf(&people[i])
			copy(secrets[i].salt[:], random[saltSize*i:])
		}
		public, erasable := packPeople(people, secrets)
		p := w.page(peoplePage, public, erasable)
		w.contents.people = append(w.contents.people, peopleAt{p.ref(), people[0].Number})
	}
	clear(all) // what they say isn't kept in memory any longer
}

// addRows packs rows of a group, in the order of their accounts, and forgets them.
func (w *paging) addRows(g *openGroup, held *heldRows) {
	if g.paged == 0 {
		g.reviews = w.assigned[:0]
	}
	rows := held.sorted()
	for _, p := range w.packRows(held, slices.Collect(slices.Chunk(rows, rowsPerPage))) {
		w.waiting = append(w.waiting, p.record)
		g.pages = append(g.pages, p.groupRows)
	}
	for same := 0; len(rows) > 0; rows = rows[same:] {
		for same = 1; same < len(rows) && rows[same].says == rows[0].says; same++ {
		}
		r := &held.rows[rows[0].says]
		g.assign(same, held.list(r.reviewers), held.list(r.second), held.excluded(r))
	}
	held.reset()
}

// packedRows is a page of rows that was made.
type packedRows struct {
	groupRows
	record store.Record
}

// packRows makes a page of each of the parts, on every processor but one: that is left to
// whoever adds rows meanwhile.
func (w *paging) packRows(held *heldRows, parts [][]heldMember) []packedRows {
	out := make([]packedRows, len(parts))
	for len(w.packers) < min(len(parts), max(1, runtime.GOMAXPROCS(0)-1)) {
		w.packers = append(w.packers, &rowPacker{})
	}
	var all sync.WaitGroup
	for first, packer := range w.packers {
		all.Go(func() {
			for i := first; i < len(parts); i += len(w.packers) {
				runtime.Gosched() // whoever has to answer in a moment doesn't wait for more than a page
				out[i] = packPage(w.campaign, packer, held, parts[i], w.next+uint64(i))
			}
		})
	}
	all.Wait()
	w.next += uint64(len(parts))
	return out
}

func packPage(campaign string, packer *rowPacker, held *heldRows, part []heldMember, number uint64) packedRows {
	p := newPage(campaign, number, rowsPage, packer.pack(held, part), nil)
	first, last := part[0].account, part[len(part)-1].account
	return packedRows{groupRows{p.ref(), len(part), int(first), int(last)}, p.record(campaign)}
}

// assign notes who is to decide on the next so many rows.
func (g *openGroup) assign(rows int, first, second []uint32, excluded bool) {
	from := uint32(g.paged)
	g.paged += rows
	one := span{from, uint32(rows)}
	if len(first)+len(second) > 1 { // then items follow one another, each with everybody who is to decide on it
		one.length = 1
	}
	for ; one.from < uint32(g.paged); one.from += one.length {
		for _, n := range first {
			g.assignTo(one, reviewer{number: int32(n)}, len(first)+len(second) == 1)
		}
		if len(first) == 0 && !excluded {
			g.assignTo(one, reviewer{number: -1}, len(second) == 0)
		}
		for _, n := range second {
			g.assignTo(one, reviewer{int32(n), true}, false)
		}
	}
}

// assignTo notes that somebody is to decide on some items. Nobody else is to, if they are
// alone: then these belong to the items before, if those are theirs.
func (g *openGroup) assignTo(items span, who reviewer, alone bool) {
	if last := len(g.reviews) - 1; alone && last >= 0 {
		if before := &g.reviews[last]; before.reviewer == who && before.place+before.more+1 == items.from {
			before.more += items.length
			return
		}
	}
	g.reviews = append(g.reviews, assignment{place: items.from, more: items.length - 1, reviewer: who})
}

// endGroup packs what is known of a group, whose rows are packed.
func (w *paging) endGroup(g *openGroup) {
	g.Rows = g.paged
	w.ended(g, w.page(groupPage, packGroup(g.Group, g.pages), nil))
}

// ended counts a group in, and gives its items to whoever is to decide on them.
func (w *paging) ended(g *openGroup, p page) {
	w.contents.groups = append(w.contents.groups, groupAt{p.ref(), g.First, g.Rows})
	w.contents.Rows += uint64(g.Rows)
	g.Proof = nil
	w.groups = append(w.groups, g.Group)
	for _, a := range g.reviews {
		w.reviews.of(a.reviewer).Add(g.First+uint64(a.place), uint64(a.more))
	}
	w.assigned, g.reviews = g.reviews, nil
}

// page makes the next page.
func (w *paging) page(is pageKind, public, erasable []byte) page {
	p := newPage(w.campaign, w.next, is, public, erasable)
	w.waiting = append(w.waiting, p.record(w.campaign))
	w.next++
	return p
}

// write hands on what waits.
func (w *paging) write(ctx context.Context) error {
	err := w.durable.add(ctx, w.waiting)
	clear(w.waiting)
	w.waiting = w.waiting[:0]
	return err
}
