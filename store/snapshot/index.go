package snapshot

import (
	"encoding/binary"
	"iter"
	"slices"
	"sort"

	"latchkey/store"
)

// The index leads from a key to numbers: from an account to its number, from a person to
// the numbers of their accounts, and from a reviewer to the items they are to decide.

func accountKey(directory, account string) string { return "a" + directory + "\x00" + account }
func personKey(id string) string                  { return "p" + id }
func reviewerKey(id string) string                { return "r" + id }

const (
	indexPageSize = 24 << 10 // bytes, about
	numbersAtMost = 4096     // in one entry; what has more has several
	indexPageMost = 1 << 16  // numbers, about, in one page
)

// postings are ascending numbers, packed as they come.
type postings struct {
	last  uint64
	count int
	steps []byte
}

func (p *postings) add(n uint64) {
	p.steps = binary.AppendUvarint(p.steps, n-p.last)
	p.last, p.count = n, p.count+1
}

func (p *postings) all() []uint64 {
	out := make([]uint64, 0, p.count)
	for at, rest := uint64(0), p.steps; len(rest) > 0; {
		step, size := binary.Uvarint(rest)
		at, rest = at+step, rest[size:]
		out = append(out, at)
	}
	return out
}

// indexWriter packs entries, whose keys ascend, into pages.
type indexWriter struct {
	emit   func(first string, public []byte) // a page is full
	page   packer
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
		w.page.count(shared)
		w.page.text(key[shared:])
		w.page.count(len(some))
		w.page.number(some[0])
		steps := make([]uint64, len(some)-1)
		for i := range steps {
			steps[i] = some[i+1] - some[i]
		}
		w.page.numbers(steps, 1)
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
	u := &unpacker{rest: raw}
	var out []indexEntry
	held := 0
	for before := ""; len(u.rest) > 0 && u.err == nil; {
		e := indexEntry{key: before[:u.count(len(before))] + u.text()}
		n := u.count(numbersAtMost)
		if held += n; n == 0 || held > indexPageMost+numbersAtMost {
			u.fail()
			break
		}
		at := u.number()
		e.numbers = append(make([]uint64, 0, n), at)
		for _, step := range u.numbers(n-1, 1) {
			at += step
			e.numbers = append(e.numbers, at)
		}
		out, before = append(out, e), e.key
	}
	return out, u.end()
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
