package columns

import (
	"iter"
	"math/bits"
)

// Set is a set of small numbers, with a bit for each that there could be.
type Set []uint64

// SetUpTo is an empty set with room for numbers below n, so that it needn't grow.
func SetUpTo(n int) Set { return make(Set, 0, (n+63)/64) }

// Add adds n, and tells whether it is new.
func (s *Set) Add(n int) bool {
	word, bit := n/64, uint64(1)<<(n%64)
	if short := word + 1 - len(*s); short > 0 {
		*s = append(*s, make([]uint64, short)...)
	}
	if (*s)[word]&bit != 0 {
		return false
	}
	(*s)[word] |= bit
	return true
}

// Has tells whether n is in it.
func (s Set) Has(n int) bool { return n/64 < len(s) && s[n/64]&(1<<(n%64)) != 0 }

// Len is how many numbers are in it.
func (s Set) Len() (n int) {
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return n
}

// All are its numbers, ascending.
func (s Set) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, word := range s {
			for ; word != 0; word &= word - 1 {
				if !yield(64*i + bits.TrailingZeros64(word)) {
					return
				}
			}
		}
	}
}

// Ranks are, by word, how many numbers are in the words before.
func (s Set) Ranks(into []uint32) []uint32 {
	into = into[:0]
	before := 0
	for _, word := range s {
		into = append(into, uint32(before))
		before += bits.OnesCount64(word)
	}
	return into
}

// Rank is how many numbers of the set are smaller than n.
func (s Set) Rank(n int, ranks []uint32) int {
	return int(ranks[n/64]) + bits.OnesCount64(s[n/64]&(1<<(n%64)-1))
}
