package snapshot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/store"
	"latchkey/store/snapshot/columns"
)

// writtenAtOnce is how many pages of the index are handed on together.
const writtenAtOnce = 16

// Finish writes the index and the header. From then on the snapshot can be read, and
// never be changed. at is when it was finished.
func (w *Writer) Finish(ctx context.Context, at time.Time) (Header, error) {
	if w.open != nil {
		return Header{}, fmt.Errorf("snapshot of %s: %s is not ended", w.campaign, w.open.Ref)
	}
	if err := columns.Keepable(at); err != nil {
		return Header{}, err
	}
	if err := w.handOver(ctx, nil, nil); err != nil {
		return Header{}, err
	}
	if err := w.broken(); err != nil {
		return Header{}, err
	}
	w.held, w.heldBehind, w.pages.packers = heldRows{}, heldRows{}, nil // there are no more rows
	if err := errors.Join(w.writeIndex(ctx), w.Settle()); err != nil {
		return Header{}, err
	}
	c := &w.pages.contents
	c.Finished, c.Groups, c.People = columns.Instant(columns.Ticks(at)), len(c.groups), w.people.count()
	p := newPage(w.campaign, 0, headerPage, packContents(*c), nil)
	c.Hash = p.sum
	top := p.record(w.campaign)
	top.Version = w.version
	err := w.update(ctx, func(tx store.Tx) error {
		_, err := tx.Put(top)
		return err
	})
	if err != nil {
		return Header{}, fmt.Errorf("snapshot of %s: %w", w.campaign, err)
	}
	w.finished = true
	return c.Header, nil
}

// writeIndex packs the index, section by section in the order of their keys.
func (w *Writer) writeIndex(ctx context.Context) error {
	into := &indexWriter{emit: func(first string, public []byte) {
		p := w.pages.page(indexPage, public, nil)
		w.pages.contents.index = append(w.pages.contents.index, indexAt{p.ref(), first})
	}}
	ids := w.people.byID()
	for _, section := range []func(*indexWriter, []int, func() error) error{w.indexAccounts, w.indexPeople, w.indexReviewers} {
		if err := section(into, ids, func() error { return w.writeMany(ctx) }); err != nil {
			return err
		}
	}
	into.end()
	return w.pages.write(ctx)
}

// writeMany hands on what waits, if that is much.
func (w *Writer) writeMany(ctx context.Context) error {
	if len(w.pages.waiting) < writtenAtOnce {
		return nil
	}
	return w.pages.write(ctx)
}

func (w *Writer) indexAccounts(into *indexWriter, _ []int, write func() error) error {
	for _, number := range w.people.accounts() {
		into.put(string(w.people.keys.at(number)), []uint64{uint64(number)})
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) indexPeople(into *indexWriter, ids []int, write func() error) error {
	for same := []int(nil); len(ids) > 0; {
		same, ids = w.people.sameID(ids)
		numbers := make([]uint64, len(same))
		for i, n := range same {
			numbers[i] = uint64(n)
		}
		into.put(personKey(w.people.id(same[0])), numbers)
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) indexReviewers(into *indexWriter, ids []int, write func() error) error {
	if nobodys := w.pages.reviews.given(reviewer{number: -1}); nobodys != nil {
		if err := into.putList(reviewerKey(false, ""), nobodys); err != nil {
			return err
		}
	}
	return errors.Join(w.indexStage(into, ids, false, write), w.indexStage(into, ids, true, write))
}

func (w *Writer) indexStage(into *indexWriter, ids []int, second bool, write func() error) error {
	for same := []int(nil); len(ids) > 0; {
		same, ids = w.people.sameID(ids)
		if err := w.indexReviewer(into, same, second); err != nil {
			return err
		}
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// indexReviewer puts the items that somebody with these numbers is to decide on, where there are any.
func (w *Writer) indexReviewer(into *indexWriter, numbers []int, second bool) error {
	var lists []*columns.Ascending
	for _, n := range numbers {
		if list := w.pages.reviews.given(reviewer{int32(n), second}); list != nil {
			lists = append(lists, list)
		}
	}
	if len(lists) == 0 {
		return nil
	}
	key := reviewerKey(second, w.people.id(numbers[0]))
	if len(lists) == 1 {
		return into.putList(key, lists[0])
	}
	var items []uint64
	for _, list := range lists {
		some, err := columns.AscendingNumbers(list.Packed(), list.Count)
		if err != nil {
			return err
		}
		items = append(items, some...)
	}
	slices.Sort(items)
	into.put(key, slices.Compact(items))
	return nil
}
