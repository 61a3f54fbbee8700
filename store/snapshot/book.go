package snapshot

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
	"strings"

	"latchkey/access"
)

// book knows the numbers of all accounts of a snapshot.
type book struct {
	numbers map[string]int    // by accountKey, or personKey of who has no account
	ids     []access.PersonID // by number
	known   bitset            // who of them has one
}

func newBook() book { return book{numbers: map[string]int{}} }

func (b *book) count() int { return len(b.ids) }

// add gives somebody the next number, unless they have one.
func (b *book) add(p Person) (int, bool) {
	key := accountKey(p.Directory, p.Account)
	if p.Account == "" {
		key = personKey(string(p.ID))
	}
	if number, known := b.numbers[key]; known {
		return number, false
	}
	number := len(b.ids)
	b.numbers[key] = number
	if b.ids = append(b.ids, p.ID); p.ID != "" {
		b.known.add(number)
	}
	return number, true
}

func (b *book) number(key string) (int, bool) {
	n, known := b.numbers[key]
	return n, known
}

// identified tells whether the number is somebody's who has an id.
func (b *book) identified(number int) bool {
	return number >= 0 && b.known.has(number)
}

// accounts are the keys of all accounts, in order.
func (b *book) accounts() []string {
	keys := slices.Collect(maps.Keys(b.numbers))
	keys = slices.DeleteFunc(keys, func(key string) bool { return !strings.HasPrefix(key, accountKey("", "")[:1]) })
	slices.Sort(keys)
	return keys
}

// byID are the numbers of everybody who has an id, in the order of the ids.
func (b *book) byID() []int {
	var numbers []int
	for n, id := range b.ids {
		if id != "" {
			numbers = append(numbers, n)
		}
	}
	slices.SortFunc(numbers, func(x, y int) int { return cmp.Or(cmp.Compare(b.ids[x], b.ids[y]), cmp.Compare(x, y)) })
	return numbers
}

// sameID cuts numbers that byID gave into those of one id each.
func (b *book) sameID(numbers []int) (same, rest []int) {
	n := 1
	for n < len(numbers) && b.ids[numbers[n]] == b.ids[numbers[0]] {
		n++
	}
	return numbers[:n], numbers[n:]
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
