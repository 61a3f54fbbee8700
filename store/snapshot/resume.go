package snapshot

import (
	"context"
	"errors"

	"latchkey/store"
)

// resume reads what is written of the snapshot and drops what belongs to no whole group.
func (w *Writer) resume(ctx context.Context) error {
	r := resuming{w: w}
	err := eachPage(ctx, w.store, w.campaign, func(found store.Record, number uint64) error {
		p, err := readPage(found, w.campaign, number)
		if err != nil {
			return err
		}
		return r.next(p)
	})
	if err != nil {
		return err
	}
	loose, err := r.end()
	if err != nil || len(loose) == 0 {
		return err
	}
	return w.update(ctx, func(tx store.Tx) error { return drop(tx, loose) })
}

// resuming is a writer that learns what is written.
type resuming struct {
	w       *Writer
	pending []page // since the last group that is whole
}

// next takes a page in.
func (r *resuming) next(p page) error {
	if p.kind != groupPage {
		r.pending = append(r.pending, p)
		return nil
	}
	rows := map[uint64]page{}
	for _, before := range r.pending {
		switch before.kind {
		case peoplePage:
			if err := r.people(before); err != nil {
				return err
			}
		case rowsPage:
			rows[before.number] = before
		default:
			return damagedPage(r.w.campaign, before.number)
		}
	}
	r.pending = nil
	return r.group(p, rows)
}

// end takes the people in who were written since the last group, and gives the ids of
// the pages that are left over.
func (r *resuming) end() (loose []string, err error) {
	for len(r.pending) > 0 && r.pending[0].kind == peoplePage {
		if err := r.people(r.pending[0]); err != nil {
			return nil, err
		}
		r.pending = r.pending[1:]
	}
	for _, p := range r.pending {
		loose = append(loose, pageID(r.w.campaign, p.number))
	}
	return loose, nil
}

func (r *resuming) people(p page) error {
	people, _, err := unpackPeople(p.public, p.erasable)
	if err != nil || len(people) == 0 || people[0].Number != r.w.people.count() {
		return damagedPage(r.w.campaign, p.number)
	}
	for _, one := range people {
		if _, added := r.w.people.add(one); !added {
			return damagedPage(r.w.campaign, p.number)
		}
	}
	r.w.pages.contents.people = append(r.w.pages.contents.people, peopleAt{p.ref(), people[0].Number})
	r.w.pages.next = p.number + 1
	return nil
}

// group takes a group in, with the pages of its rows.
func (r *resuming) group(p page, rows map[uint64]page) error {
	g, pages, err := unpackGroup(p.public)
	if err != nil || g.Number != len(r.w.pages.contents.groups) || g.First != r.w.pages.contents.Rows+1 {
		return damagedPage(r.w.campaign, p.number)
	}
	open := &openGroup{Group: g}
	open.Rows = 0
	for _, at := range pages {
		if rows[at.number].sum != at.sum {
			return damagedPage(r.w.campaign, at.number)
		}
		found, err := unpackRows(rows[at.number].public, nil)
		if err != nil {
			return damagedPage(r.w.campaign, at.number)
		}
		if err := r.rowsOf(open, &found); err != nil {
			return damagedPage(r.w.campaign, at.number)
		}
	}
	open.Rows = open.paged
	r.w.pages.ended(open, p)
	r.w.groups, r.w.rows = r.w.groups+1, r.w.rows+uint64(open.Rows)
	r.w.pages.next = p.number + 1
	return nil
}

// rowsOf takes in who is to decide on rows of a group.
func (r *resuming) rowsOf(g *openGroup, rows *readRows) error {
	for i := range rows.count {
		if err := errors.Join(r.w.identified(rows.reviewers[i]), r.w.identified(rows.second[i])); err != nil {
			return err
		}
		g.assign(1, numbersOf(rows.reviewers[i]), numbersOf(rows.second[i]), rows.words[wordExcluded].At(i) != "")
	}
	return nil
}

func numbersOf(people []int) []uint32 {
	return each(people, func(n *int) uint32 { return uint32(*n) })
}
