package snapshot

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"math/bits"
	"slices"
)

// book knows the numbers of all accounts of a snapshot. There are many, so that it keeps
// their texts in one piece and looks them up in a table of its own: the strings and a map
// would take three times the memory.
type book struct {
	keys  stretches // by number: accountKey, or personKey of who has no account
	ids   stretches // by number: the person's id
	known bitset    // who has one
	table []uint32  // number and one more; found by the hash of the key, or behind that
	seed  maphash.Seed
}

func newBook() book { return book{seed: maphash.MakeSeed()} }

func (b *book) count() int { return len(b.keys.ends) }

func (b *book) id(number int) string { return string(b.ids.at(number)) }

// add gives somebody the next number, unless they have one.
func (b *book) add(p Person) (int, bool) {
	key := accountKey(p.Directory, p.Account)
	if p.Account == "" {
		key = personKey(string(p.ID))
	}
	if number, known := b.number(key); known {
		return number, false
	}
	number := b.count()
	b.keys.add(key)
	if b.ids.add(string(p.ID)); p.ID != "" {
		b.known.add(number)
	}
	if 2*b.count() > len(b.table) {
		b.grow()
	} else {
		b.enter(number)
	}
	return number, true
}

func (b *book) number(key string) (int, bool) {
	if len(b.table) == 0 {
		return 0, false
	}
	for at := b.place(key); b.table[at] != 0; at = (at + 1) % len(b.table) {
		if number := int(b.table[at] - 1); string(b.keys.at(number)) == key {
			return number, true
		}
	}
	return 0, false
}

func (b *book) place(key string) int {
	return int(maphash.String(b.seed, key) % uint64(len(b.table)))
}

// grow makes room for twice as many.
func (b *book) grow() {
	b.table = make([]uint32, max(1024, 2*len(b.table)))
	for number := range b.count() {
		b.enter(number)
	}
}

func (b *book) enter(number int) {
	at := b.place(string(b.keys.at(number)))
	for b.table[at] != 0 {
		at = (at + 1) % len(b.table)
	}
	b.table[at] = uint32(number + 1)
}

// identified tells whether the number is somebody's who has an id.
func (b *book) identified(number int) bool {
	return number >= 0 && b.known.has(number)
}

// accounts are the numbers of everybody who has an account, in the order of their keys.
func (b *book) accounts() []int {
	prefix := []byte(accountKey("", "")[:1])
	return b.ordered(&b.keys, func(n int) bool { return bytes.HasPrefix(b.keys.at(n), prefix) })
}

// byID are the numbers of everybody who has an id, in the order of the ids.
func (b *book) byID() []int { return b.ordered(&b.ids, b.known.has) }

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

// bitset is a set of small numbers.
type bitset []uint64

// add adds n, and tells whether it is new.
func (s *bitset) add(n int) bool {
	word, bit := n/64, uint64(1)<<(n%64)
	for len(*s) <= word {
		*s = append(*s, 0)
	}
	if (*s)[word]&bit != 0 {
		return false
	}
	(*s)[word] |= bit
	return true
}

func (s bitset) has(n int) bool { return n/64 < len(s) && s[n/64]&(1<<(n%64)) != 0 }

// ranks are, by word, how many numbers are in the words before.
func (s bitset) ranks(into []uint32) []uint32 {
	into = into[:0]
	before := 0
	for _, word := range s {
		into = append(into, uint32(before))
		before += bits.OnesCount64(word)
	}
	return into
}

// rank is how many numbers of the set are smaller than n.
func (s bitset) rank(n int, ranks []uint32) int {
	return int(ranks[n/64]) + bits.OnesCount64(s[n/64]&(1<<(n%64)-1))
}
