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
	emit   func(first string, public []byte) // a page is full; it is used again
	page   columns.Packer
	first  string
	before string
	held   int    // numbers in the page
	room   []byte // for the numbers of an entry
}

// put adds the numbers of a key.
func (w *indexWriter) put(key string, numbers []uint64) {
	for some := range slices.Chunk(numbers, numbersAtMost) {
		var steps columns.Ascending
		for _, n := range some {
			steps.Add(n, 0)
		}
		w.entry(key, &steps)
	}
}

// putList adds the numbers of a key as they are packed already.
func (w *indexWriter) putList(key string, list *columns.Ascending) error {
	if list.Count > numbersAtMost {
		numbers, err := columns.AscendingNumbers(list.Packed(), list.Count)
		w.put(key, numbers)
		return err
	}
	if list.Count > 0 {
		w.entry(key, list)
	}
	return nil
}

// entry adds an entry, on a new page where the last one is full.
func (w *indexWriter) entry(key string, numbers *columns.Ascending) {
	if len(w.page) >= indexPageSize || w.held >= indexPageMost {
		w.end()
	}
	if len(w.page) == 0 {
		w.first, w.before, w.held = key, "", 0
	}
	w.held += numbers.Count
	shared := sharedPrefix(w.before, key)
	w.page.Count(shared)
	w.page.Text(key[shared:])
	w.room = numbers.AppendPacked(w.room[:0])
	w.page.Count(len(w.room))
	w.page = append(w.page, w.room...)
	w.before = key
}

// end gives out what isn't full.
func (w *indexWriter) end() {
	if len(w.page) > 0 {
		w.emit(w.first, w.page)
		w.page = w.page[:0]
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

// indexEntry is a key with some of its numbers, which are read when they are asked for.
type indexEntry struct {
	key    string
	count  int
	packed []byte
}

func (e *indexEntry) numbers() ([]uint64, error) { return columns.AscendingNumbers(e.packed, e.count) }

func unpackIndex(raw []byte) ([]indexEntry, error) {
	u := &columns.Unpacker{Rest: raw}
	var out []indexEntry
	held := 0 // as a run of many takes few bytes
	for before := ""; len(u.Rest) > 0 && u.Err == nil; {
		e := indexEntry{key: before[:u.Count(len(before))] + u.Text()}
		e.packed = u.Take(u.Things())
		var err error
		e.count, err = columns.AscendingCount(e.packed, numbersAtMost)
		if held += e.count; err != nil || e.count == 0 || held > indexPageMost+numbersAtMost {
			u.Fail()
			break
		}
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
		numbers, err := e.numbers()
		if err != nil {
			return nil, err
		}
		out = append(out, numbers...)
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
