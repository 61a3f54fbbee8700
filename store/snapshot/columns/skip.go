package columns

import "math/bits"

// What isn't wanted of a page is passed over: each of these reads as much as its counterpart, and keeps nothing.

// SkipNumbers passes over a column of n numbers.
func (u *Unpacker) SkipNumbers(n int) {
	if n == 0 {
		return
	}
	mode := u.Take(1)
	switch {
	case u.Err != nil:
	case mode[0]&fewFlag != 0:
		found := int(mode[0]&^fewFlag) + 1
		for range found {
			u.Number()
		}
		u.Take(packedSize(n, bits.Len(uint(found-1))))
	case mode[0] == varying:
		for range n {
			u.Number()
		}
	case mode[0] > 64:
		u.Fail()
	default:
		u.Number()
		u.Take(packedSize(n, int(mode[0])))
	}
}

// SkipMoments passes over a column of n ticks.
func (u *Unpacker) SkipMoments(n int) {
	if count := u.Total(u.Numbers(n, 1), n); count > 0 {
		u.Take(1)
		u.SkipNumbers(count)
	}
}

// SkipWords passes over a column of n words.
func (u *Unpacker) SkipWords(n int) {
	if n == 0 {
		return
	}
	for range u.Things() {
		u.Take(u.Things())
	}
	u.SkipNumbers(n)
}

// SkipIds passes over a column of n ids.
func (u *Unpacker) SkipIds(n int) {
	lengths := u.Numbers(n, 1)
	if u.Total(lengths, idsAtMost) == 0 {
		return
	}
	around := uint64(len(u.Take(u.Things())) + len(u.Take(u.Things())))
	alphabet, letters := u.Take(u.Count(256)), uint64(0)
	for _, length := range lengths {
		letters += length - min(length, around)
	}
	if letters > 0 {
		u.Take(packedSize(int(letters), alphabetWidth(len(alphabet))))
	}
}
