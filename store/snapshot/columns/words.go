package columns

import (
	"encoding/binary"
	"math/bits"
)

// Vocabulary gives texts numbers.
type Vocabulary struct {
	numbers map[string]uint32
	Words   []string
}

func (v *Vocabulary) number(word string) uint32 {
	n, known := v.numbers[word]
	if !known {
		if v.numbers == nil {
			v.numbers = map[string]uint32{}
		}
		n = uint32(len(v.Words))
		v.numbers[word] = n
		v.Words = append(v.Words, word)
	}
	return n
}

// Recent are words that were looked up a moment ago, of one column: most columns have few.
type Recent struct {
	words   [4]string
	numbers [4]uint32
	known   int
	next    int
}

// Number is the number of a word in a vocabulary.
func (l *Recent) Number(word string, in *Vocabulary) uint32 {
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

// WordColumn packs columns of words: which there are in the column, and then of each its
// place among those.
type WordColumn struct {
	places []uint32 // by number in the vocabulary: place in the column, and one more
	used   []uint32
}

// Pack packs a column of numbers of words, and overwrites it.
func (c *WordColumn) Pack(p *Packer, column []uint64, in *Vocabulary) {
	if len(column) == 0 {
		return
	}
	if allAlike(column) {
		p.OneWord(in.Words[column[0]])
		return
	}
	if short := len(in.Words) - len(c.places); short > 0 {
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
	p.Count(len(c.used))
	for _, n := range c.used {
		p.Text(in.Words[n])
		c.places[n] = 0
	}
	p.Numbers(column, 1)
}

// OneWord packs a column of words that are all the same.
func (p *Packer) OneWord(word string) {
	p.Count(1)
	p.Text(word)
	p.Alike(0)
}

func allAlike(column []uint64) bool {
	for _, n := range column {
		if n != column[0] {
			return false
		}
	}
	return true
}

// Words packs a column of texts of which many are the same.
func (p *Packer) Words(column []string) {
	var v Vocabulary
	numbers := make([]uint64, len(column))
	for i, word := range column {
		numbers[i] = uint64(v.number(word))
	}
	new(WordColumn).Pack(p, numbers, &v)
}

// Words is a column of words that was read.
type Words struct {
	words  []string
	places []uint64
}

// At is the word of the thing at a place.
func (r Words) At(i int) string { return r.words[r.places[i]] }

// Words reads a column of n words.
func (u *Unpacker) Words(n int) (out Words) {
	if n == 0 {
		return out
	}
	out.words = u.Texts()
	out.places = u.Numbers(n, 1)
	for _, place := range out.places {
		if place >= uint64(len(out.words)) {
			u.Fail()
			return Words{words: []string{""}, places: make([]uint64, n)}
		}
	}
	return out
}

// Ids packs a column of texts that are all different, as ids are: how long each is, what
// all begin and end with, which bytes there are besides, and then each byte with as many
// bits as tell those apart. Empty ones are left out of it.
func (p *Packer) Ids(column [][]byte) {
	lengths := make([]uint64, len(column))
	for i, s := range column {
		lengths[i] = uint64(len(s))
	}
	p.Numbers(lengths, 1)
	begin, end, some := around(column)
	if !some {
		return
	}
	p.Text(string(begin))
	p.Text(string(end))
	place, alphabet := alphabetOf(column, len(begin), len(end))
	p.Count(len(alphabet))
	*p = append(*p, alphabet...)
	if len(alphabet) > 0 {
		*p = spellOut(*p, column, len(begin), len(end), &place, alphabetWidth(len(alphabet)))
	}
}

// around is what all texts begin and end with that are not empty.
func around(column [][]byte) (begin, end []byte, some bool) {
	shortest := 0
	for _, s := range column {
		switch {
		case len(s) == 0:
			continue
		case !some:
			begin, end, some, shortest = s, s, true, len(s)
			continue
		}
		shortest = min(shortest, len(s))
		begin = begin[:sharedBegin(begin, s)]
		end = end[len(end)-sharedEnd(end, s):]
	}
	if over := len(begin) + len(end) - shortest; over > 0 { // the two don't overlap in any
		end = end[min(over, len(end)):]
	}
	return begin, end, some
}

// sharedBegin is how many bytes two texts begin with alike.
func sharedBegin(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// sharedEnd is how many bytes two texts end with alike.
func sharedEnd(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[len(a)-1-i] != b[len(b)-1-i] {
			return i
		}
	}
	return n
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
			if used += width; used >= 32 {
				to = binary.LittleEndian.AppendUint32(to, uint32(word))
				word >>= 32
				used -= 32
			}
		}
	}
	for ; used > 0; used -= 8 {
		to = append(to, byte(word))
		word >>= 8
	}
	return to
}

// idsAtMost is how long the ids of one column are together, at the most.
const idsAtMost = 1 << 24

// IDs is a column of ids that was read.
type IDs struct {
	begin, end string
	letters    string   // of all, one after the other
	until      []uint64 // where the letters of each end
	There      []uint64 // how long each is: 0 for none
}

// At is the text of the thing at a place.
func (r IDs) At(i int) string {
	if len(r.There) == 0 || r.There[i] == 0 {
		return ""
	}
	from := uint64(0)
	if i > 0 {
		from = r.until[i-1]
	}
	return r.begin + r.letters[from:r.until[i]] + r.end
}

// Ids reads a column of n ids.
func (u *Unpacker) Ids(n int) IDs {
	lengths := u.Numbers(n, 1)
	if u.Total(lengths, idsAtMost) == 0 || u.Err != nil {
		return IDs{}
	}
	out := IDs{begin: u.Text(), end: u.Text(), There: lengths, until: u.Column(n)}
	alphabet := u.Take(u.Count(256))
	around, at := uint64(len(out.begin)+len(out.end)), uint64(0)
	for i, length := range lengths {
		if length > 0 && length < around || length > around && len(alphabet) == 0 {
			u.Fail()
			return IDs{}
		}
		at += length - min(length, around)
		out.until[i] = at
	}
	if out.letters = u.spelt(alphabet, int(at)); u.Err != nil {
		return IDs{}
	}
	return out
}

// spelt are as many letters of an alphabet.
func (u *Unpacker) spelt(alphabet []byte, total int) string {
	if total > 8*len(u.Rest) {
		u.Fail()
	}
	if total == 0 || u.Err != nil {
		return ""
	}
	codes, letters := u.Column(total), make([]byte, total)
	u.codes(codes, alphabetWidth(len(alphabet)))
	for i, code := range codes {
		if code >= uint64(len(alphabet)) {
			u.Fail()
			return ""
		}
		letters[i] = alphabet[code]
	}
	return string(letters)
}
