package snapshot

import (
	"iter"
	"slices"
	"sort"

	"latchkey/store"
	"latchkey/store/snapshot/columns"
)

const (
	indexPageSize = 24 << 10 // bytes, about
	numbersAtMost = 4096     // in one entry; what has more has several
	indexPageMost = 1 << 16  // numbers, about, in one page
)

// indexWriter packs entries, whose keys ascend, into pages.
type indexWriter struct {
	emit   func(first string, public []byte) // a page is full
	page   columns.Packer
	first  string
	before string
	held   int // numbers in the page
}

// put adds the numbers of a key.
func (w *indexWriter) put(key string, numbers []uint64) {
	for some := range slices.Chunk(numbers, numbersAtMost) {
		if len(w.page) >= indexPageSize || w.held >= indexPageMost {
			w.end()
		}
		if len(w.page) == 0 {
			w.first, w.before, w.held = key, "", 0
		}
		w.held += len(some)
		shared := sharedPrefix(w.before, key)
		w.page.Count(shared)
		w.page.Text(key[shared:])
		var steps columns.Ascending
		for _, n := range some {
			steps.Add(n, 0)
		}
		w.page.Text(string(steps.Packed()))
		w.before = key
	}
}

// end gives out what isn't full.
func (w *indexWriter) end() {
	if len(w.page) > 0 {
		w.emit(w.first, w.page)
		w.page = nil
	}
}

func sharedPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// indexEntry is a key with some of its numbers.
type indexEntry struct {
	key     string
	numbers []uint64
}

func unpackIndex(raw []byte) ([]indexEntry, error) {
	u := &columns.Unpacker{Rest: raw}
	var out []indexEntry
	held := 0 // as a run of many takes few bytes
	for before := ""; len(u.Rest) > 0 && u.Err == nil; {
		e := indexEntry{key: before[:u.Count(len(before))] + u.Text()}
		numbers, err := columns.AscendingNumbers(u.Take(u.Things()), numbersAtMost)
		if held += len(numbers); err != nil || len(numbers) == 0 || held > indexPageMost+numbersAtMost {
			u.Fail()
			break
		}
		e.numbers = numbers
		out, before = append(out, e), e.key
	}
	return out, u.End()
}

// find are all numbers of a key.
func (c contents) find(tx store.Records, key string) ([]uint64, error) {
	var out []uint64
	for e, err := range c.entries(tx, key) {
		if err != nil {
			return nil, err
		}
		if e.key != key {
			break
		}
		out = append(out, e.numbers...)
	}
	return out, nil
}

// entries are those of a key and of all that follow. An error is the last thing it yields.
func (c contents) entries(tx store.Records, key string) iter.Seq2[indexEntry, error] {
	at := sort.Search(len(c.index), func(i int) bool { return c.index[i].first >= key })
	return func(yield func(indexEntry, error) bool) {
		for at := max(0, at-1); at < len(c.index); at++ {
			entries, err := c.indexPage(tx, at)
			if err != nil {
				yield(indexEntry{}, err)
				return
			}
			for _, e := range entries {
				if e.key >= key && !yield(e, nil) {
					return
				}
			}
		}
	}
}

func (c contents) indexPage(tx store.Records, at int) ([]indexEntry, error) {
	p, err := loadPage(tx, c.Campaign, c.index[at].ref, indexPage)
	if err != nil {
		return nil, err
	}
	entries, err := unpackIndex(p.public)
	if err != nil {
		return nil, damagedPage(c.Campaign, p.number)
	}
	return entries, nil
}
