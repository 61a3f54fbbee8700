package snapshot

import (
	"bytes"
	"math/bits"
)

// vocabulary gives texts numbers.
type vocabulary struct {
	numbers map[string]uint32
	words   []string
}

func (v *vocabulary) number(word string) uint32 {
	n, known := v.numbers[word]
	if !known {
		if v.numbers == nil {
			v.numbers = map[string]uint32{}
		}
		n = uint32(len(v.words))
		v.numbers[word] = n
		v.words = append(v.words, word)
	}
	return n
}

// lately are words that were looked up a moment ago, of one column: most columns have few.
type lately struct {
	words   [4]string
	numbers [4]uint32
	known   int
	next    int
}

// number is the number of a word in a vocabulary.
func (l *lately) number(word string, in *vocabulary) uint32 {
	for i := range l.known {
		if l.words[i] == word {
			return l.numbers[i]
		}
	}
	n := in.number(word)
	l.words[l.next], l.numbers[l.next] = word, n
	l.next = (l.next + 1) % len(l.words)
	l.known = min(l.known+1, len(l.words))
	return n
}

// wordColumn packs columns of words: which there are in the column, and then of each its
// place among those.
type wordColumn struct {
	places []uint32 // by number in the vocabulary: place in the column, and one more
	used   []uint32
}

// pack packs a column of numbers of words, and overwrites it.
func (c *wordColumn) pack(p *packer, column []uint64, in *vocabulary) {
	if len(column) == 0 {
		return
	}
	if short := len(in.words) - len(c.places); short > 0 {
		c.places = append(c.places, make([]uint32, short)...)
	}
	c.used = c.used[:0]
	for i, n := range column {
		if c.places[n] == 0 {
			c.used = append(c.used, uint32(n))
			c.places[n] = uint32(len(c.used))
		}
		column[i] = uint64(c.places[n] - 1)
	}
	p.count(len(c.used))
	for _, n := range c.used {
		p.text(in.words[n])
		c.places[n] = 0
	}
	p.numbers(column, 1)
}

// words packs a column of texts of which many are the same.
func (p *packer) words(column []string) {
	var v vocabulary
	numbers := make([]uint64, len(column))
	for i, word := range column {
		numbers[i] = uint64(v.number(word))
	}
	new(wordColumn).pack(p, numbers, &v)
}

// readWords is a column of words that was read.
type readWords struct {
	words  []string
	places []uint64
}

func (r readWords) at(i int) string { return r.words[r.places[i]] }

func (u *unpacker) words(n int) (out readWords) {
	if n == 0 {
		return out
	}
	out.words = u.texts()
	out.places = u.numbers(n, 1)
	for _, place := range out.places {
		if place >= uint64(len(out.words)) {
			u.fail()
			return readWords{words: []string{""}, places: make([]uint64, n)}
		}
	}
	return out
}

// ids packs a column of texts that are all different, as ids are: how long each is, what
// all begin and end with, which bytes there are besides, and then each byte with as many
// bits as tell those apart. Empty ones are left out of it.
func (p *packer) ids(column [][]byte) {
	lengths := make([]uint64, len(column))
	for i, s := range column {
		lengths[i] = uint64(len(s))
	}
	p.numbers(lengths, 1)
	begin, end, some := around(column)
	if !some {
		return
	}
	p.text(string(begin))
	p.text(string(end))
	place, alphabet := alphabetOf(column, len(begin), len(end))
	p.count(len(alphabet))
	*p = append(*p, alphabet...)
	if len(alphabet) > 0 {
		*p = spellOut(*p, column, len(begin), len(end), &place, alphabetWidth(len(alphabet)))
	}
}

// around is what all texts begin and end with that are not empty.
func around(column [][]byte) (begin, end []byte, some bool) {
	for _, s := range column {
		switch {
		case len(s) == 0:
		case !some:
			begin, end, some = s, s, true
		default:
			for !bytes.HasPrefix(s, begin) {
				begin = begin[:len(begin)-1]
			}
			for !bytes.HasSuffix(s, end) {
				end = end[1:]
			}
		}
	}
	for _, s := range column { // the two don't overlap in any
		if over := len(begin) + len(end) - len(s); over > 0 && len(s) > 0 {
			end = end[min(over, len(end)):]
		}
	}
	return begin, end, some
}

func alphabetOf(column [][]byte, begin, end int) (place [256]uint8, alphabet []byte) {
	var there [256]bool
	for _, s := range column {
		if len(s) > 0 {
			for _, b := range s[begin : len(s)-end] {
				there[b] = true
			}
		}
	}
	for b, is := range there {
		if is {
			place[b] = uint8(len(alphabet))
			alphabet = append(alphabet, byte(b))
		}
	}
	return place, alphabet
}

// alphabetWidth is one bit at least, so that no text is longer than its bytes allow.
func alphabetWidth(letters int) int { return max(1, bits.Len(uint(letters-1))) }

// spellOut appends the place of every byte, but for what all begin and end with.
func spellOut(to []byte, column [][]byte, begin, end int, place *[256]uint8, width int) []byte {
	var word uint64
	used := 0
	for _, s := range column {
		if len(s) == 0 {
			continue
		}
		for _, b := range s[begin : len(s)-end] {
			word |= uint64(place[b]) << used
			for used += width; used >= 8; used -= 8 {
				to = append(to, byte(word))
				word >>= 8
			}
		}
	}
	if used > 0 {
		to = append(to, byte(word))
	}
	return to
}

// idsAtMost is how long the ids of one column are together, at the most.
const idsAtMost = 1 << 24

// readIDs is a column of ids that was read.
type readIDs struct {
	begin, end string
	letters    string   // of all, one after the other
	until      []uint64 // where the letters of each end
	there      []uint64 // how long each is: 0 for none
}

func (r readIDs) at(i int) string {
	if len(r.there) == 0 || r.there[i] == 0 {
		return ""
	}
	from := uint64(0)
	if i > 0 {
		from = r.until[i-1]
	}
	return r.begin + r.letters[from:r.until[i]] + r.end
}

// ids reads a column of n ids.
func (u *unpacker) ids(n int) readIDs {
	lengths := u.numbers(n, 1)
	if u.total(lengths, idsAtMost) == 0 || u.err != nil {
		return readIDs{}
	}
	out := readIDs{begin: u.text(), end: u.text(), there: lengths, until: u.column(n)}
	alphabet := u.take(u.count(256))
	around, at := uint64(len(out.begin)+len(out.end)), uint64(0)
	for i, length := range lengths {
		if length > 0 && length < around || length > around && len(alphabet) == 0 {
			u.fail()
			return readIDs{}
		}
		at += length - min(length, around)
		out.until[i] = at
	}
	if out.letters = u.spelt(alphabet, int(at)); u.err != nil {
		return readIDs{}
	}
	return out
}

// spelt are as many letters of an alphabet.
func (u *unpacker) spelt(alphabet []byte, total int) string {
	if total > 8*len(u.rest) {
		u.fail()
	}
	if total == 0 || u.err != nil {
		return ""
	}
	codes, letters := u.column(total), make([]byte, total)
	u.codes(codes, alphabetWidth(len(alphabet)))
	for i, code := range codes {
		if code >= uint64(len(alphabet)) {
			u.fail()
			return ""
		}
		letters[i] = alphabet[code]
	}
	return string(letters)
}
