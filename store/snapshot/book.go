package snapshot

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"slices"

	"latchkey/store/snapshot/columns"
)

// book knows the numbers of all accounts of a snapshot. There are many, so that it keeps
// their texts in one piece and looks them up in a table of its own: the strings and a map
// would take three times the memory.
type book struct {
	keys  stretches   // by number: accountKey, or personKey of who has no account
	ids   stretches   // by number: the person's id
	known columns.Set // who has one
	table []slot      // as many as a power of two; found by the hash of the key, or behind that
	seed  maphash.Seed
}

// slot is one of the table. The hash keeps the keys of others from being looked at, which lie
// anywhere in memory.
type slot struct {
	hash  uint32
	later uint32 // the number and one more; 0: the slot is free
}

func newBook() book { return book{seed: maphash.MakeSeed()} }

func (b *book) count() int { return len(b.keys.ends) }

func (b *book) id(number int) string { return string(b.ids.at(number)) }

// add gives somebody the next number, unless they have one.
func (b *book) add(p Person) (int, bool) {
	kind, within, name := keyOf(p)
	hash := b.hash(kind, within, name)
	if number, known := b.find(hash, kind, within, name); known {
		return number, false
	}
	number := b.count()
	b.keys.add(key(kind, within, name))
	if b.ids.add(string(p.ID)); p.ID != "" {
		b.known.Add(number)
	}
	if 4*b.count() > 3*len(b.table) {
		b.grow()
	}
	b.enter(slot{hash, uint32(number + 1)})
	return number, true
}

// number is the number of a key.
func (b *book) number(kind byte, within, name string) (int, bool) {
	return b.find(b.hash(kind, within, name), kind, within, name)
}

func (b *book) find(hash uint32, kind byte, within, name string) (int, bool) {
	if len(b.table) == 0 {
		return 0, false
	}
	last := uint32(len(b.table) - 1)
	for at := hash & last; b.table[at].later != 0; at = (at + 1) & last {
		if s := b.table[at]; s.hash == hash && isKey(b.keys.at(int(s.later-1)), kind, within, name) {
			return int(s.later - 1), true
		}
	}
	return 0, false
}

func (b *book) hash(kind byte, within, name string) uint32 {
	return b.hashIn(b.place(kind, within), name)
}

// place is what the hashes of one directory's accounts have in common.
func (b *book) place(kind byte, within string) uint64 {
	if kind != accountKind {
		return 0
	}
	return 31 * maphash.String(b.seed, within)
}

func (b *book) hashIn(place uint64, name string) uint32 {
	h := place ^ maphash.String(b.seed, name)
	return uint32(h ^ h>>32)
}

// numbers are the numbers of accounts of a directory; -1 of one that has none. First all are looked for in the table and then
// all keys are compared, as memory answers many questions in the time of one.
func (b *book) numbers(directory string, accounts []string, into []int) []int {
	into = into[:0]
	place := b.place(accountKind, directory)
	for _, account := range accounts {
		into = append(into, int(b.hashIn(place, account)))
	}
	for i, hash := range into {
		into[i] = b.first(uint32(hash))
	}
	for i, n := range into {
		if n < 0 || isKey(b.keys.at(n), accountKind, directory, accounts[i]) {
			continue
		}
		if n, known := b.number(accountKind, directory, accounts[i]); known { // behind another key with its hash
			into[i] = n
		} else {
			into[i] = -1
		}
	}
	return into
}

// first is the number of the first key with a hash; -1 for none.
func (b *book) first(hash uint32) int {
	if len(b.table) == 0 {
		return -1
	}
	last := uint32(len(b.table) - 1)
	for at := hash & last; b.table[at].later != 0; at = (at + 1) & last {
		if b.table[at].hash == hash {
			return int(b.table[at].later - 1)
		}
	}
	return -1
}

// grow makes room for twice as many.
func (b *book) grow() {
	before := b.table
	b.table = make([]slot, max(1024, 2*len(before)))
	for _, s := range before {
		if s.later != 0 {
			b.enter(s)
		}
	}
}

func (b *book) enter(s slot) {
	last := uint32(len(b.table) - 1)
	at := s.hash & last
	for b.table[at].later != 0 {
		at = (at + 1) & last
	}
	b.table[at] = s
}

// identified tells whether the number is somebody's who has an id.
func (b *book) identified(number int) bool {
	return number >= 0 && b.known.Has(number)
}

// accounts are the numbers of everybody who has an account, in the order of their keys.
func (b *book) accounts() []int {
	return b.ordered(&b.keys, func(n int) bool { return b.keys.at(n)[0] == accountKind })
}

// byID are the numbers of everybody who has an id, in the order of the ids.
func (b *book) byID() []int { return b.ordered(&b.ids, b.known.Has) }

// ordered are the numbers that is says yes to, in the order of their texts.
func (b *book) ordered(by *stretches, is func(int) bool) []int {
	var numbers []int
	for n := range b.count() {
		if is(n) {
			numbers = append(numbers, n)
		}
	}
	slices.SortFunc(numbers, func(x, y int) int { return cmp.Or(bytes.Compare(by.at(x), by.at(y)), cmp.Compare(x, y)) })
	return numbers
}

// sameID cuts numbers that byID gave into those of one id each.
func (b *book) sameID(numbers []int) (same, rest []int) {
	n := 1
	for n < len(numbers) && bytes.Equal(b.ids.at(numbers[n]), b.ids.at(numbers[0])) {
		n++
	}
	return numbers[:n], numbers[n:]
}

// stretches are many texts in one piece.
type stretches struct {
	bytes []byte
	ends  []uint32
}

func (s *stretches) add(text string) {
	s.bytes = append(s.bytes, text...)
	s.ends = append(s.ends, uint32(len(s.bytes)))
}

func (s *stretches) at(n int) []byte {
	from := uint32(0)
	if n > 0 {
		from = s.ends[n-1]
	}
	return s.bytes[from:s.ends[n]]
}
