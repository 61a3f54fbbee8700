package snapshot

import (
	"math/bits"
	"slices"
	"time"
)

// A column is the same thing of each row of a page. How many there are is said by the
// page, so a column of no rows has no bytes.

// The first byte of a column of numbers: up to 64, the width in bits; with a flag, how
// many different ones there are.
const (
	fewFlag = 0x80
	few     = 16 // different numbers, at most, that are listed once
)

// units are what the distances of times are counted in, in ticks: days, minutes,
// seconds, milliseconds. Whichever is the longest that fits.
func units() [4]uint64 { return [...]uint64{86_400_000, 60_000, 1000, 1} }

// numbers packs a column: all the same, a few different ones, or the distance of each
// from the smallest with as many bits as the largest needs. It overwrites its argument.
func (p *packer) numbers(column []uint64, unit uint64) {
	if len(column) == 0 {
		return
	}
	least, most := slices.Min(column), slices.Max(column)
	width := bits.Len64((most - least) / unit)
	if width > 4 && p.fewNumbers(column, width) {
		return
	}
	*p = append(*p, byte(width))
	p.number(least)
	if width == 0 {
		return
	}
	for i := range column {
		column[i] = (column[i] - least) / unit
	}
	*p = packBits(*p, column, width)
}

// fewNumbers packs a column of few different numbers, and says no where there are more
// or where that would take as many bits.
func (p *packer) fewNumbers(column []uint64, width int) bool {
	var different [few]uint64
	found := 0
	for _, n := range column {
		if slices.Contains(different[:found], n) {
			continue
		}
		if found == few || found == len(column)/4 {
			return false
		}
		different[found] = n
		found++
	}
	*p = append(*p, fewFlag|byte(found-1))
	for _, n := range different[:found] {
		p.number(n)
	}
	for i, n := range column {
		column[i] = uint64(slices.Index(different[:found], n))
	}
	*p = packBits(*p, column, bits.Len(uint(found-1)))
	return true
}

// numbers reads a column of n numbers.
func (u *unpacker) numbers(n int, unit uint64) []uint64 {
	out := make([]uint64, n)
	if n == 0 {
		return out
	}
	mode := u.take(1)
	switch {
	case u.err != nil:
	case mode[0]&fewFlag != 0:
		u.fewNumbers(out, int(mode[0]&^fewFlag)+1)
	case mode[0] > 64:
		u.fail()
	default:
		u.distances(out, int(mode[0]), unit)
	}
	return out
}

func (u *unpacker) fewNumbers(out []uint64, found int) {
	if found < 2 || found > few {
		u.fail()
		return
	}
	different := make([]uint64, found)
	for i := range different {
		different[i] = u.number()
	}
	u.codes(out, bits.Len(uint(found-1)))
	for i, code := range out {
		if code >= uint64(found) {
			u.fail()
			return
		}
		out[i] = different[code]
	}
}

func (u *unpacker) distances(out []uint64, width int, unit uint64) {
	least := u.number()
	u.codes(out, width)
	for i := range out {
		out[i] = out[i]*unit + least
	}
}

// codes reads numbers of a width into all of out.
func (u *unpacker) codes(out []uint64, width int) {
	packed := u.take(packedSize(len(out), width))
	if u.err == nil && width > 0 {
		unpackBits(packed, out, width)
	}
}

// words packs a column of texts of which many are the same.
func (p *packer) words(column []string) {
	if len(column) == 0 {
		return
	}
	var different []string
	last, codes := 0, make([]uint64, len(column))
	known := map[string]int{}
	for i, s := range column {
		if i > 0 && s == column[i-1] {
			codes[i] = uint64(last)
			continue
		}
		at, is := known[s]
		if !is {
			at = len(different)
			known[s] = at
			different = append(different, s)
		}
		last, codes[i] = at, uint64(at)
	}
	p.texts(different)
	p.numbers(codes, 1)
}

func (u *unpacker) words(n int) []string {
	out := make([]string, n)
	if n == 0 {
		return out
	}
	different := u.texts()
	for i, code := range u.numbers(n, 1) {
		if code >= uint64(len(different)) {
			u.fail()
			return out
		}
		out[i] = different[code]
	}
	return out
}

// ids packs a column of texts that are all different, as ids are: how long each is, which
// bytes there are, and then each byte with as many bits as tell those apart.
func (p *packer) ids(column []string) {
	var place [256]int
	var alphabet []byte
	lengths := make([]uint64, len(column))
	total := 0
	for i, s := range column {
		lengths[i] = uint64(len(s))
		total += len(s)
		for _, b := range []byte(s) {
			if place[b] == 0 {
				alphabet = append(alphabet, b)
				place[b] = len(alphabet)
			}
		}
	}
	p.numbers(lengths, 1)
	if total == 0 {
		return
	}
	p.count(len(alphabet))
	*p = append(*p, alphabet...)
	codes := make([]uint64, 0, total)
	for _, s := range column {
		for _, b := range []byte(s) {
			codes = append(codes, uint64(place[b]-1))
		}
	}
	*p = packBits(*p, codes, alphabetWidth(len(alphabet)))
}

// alphabetWidth is one bit at least, so that no text is longer than its bytes allow.
func alphabetWidth(letters int) int { return max(1, bits.Len(uint(letters-1))) }

func (u *unpacker) ids(n int) []string {
	out := make([]string, n)
	lengths := u.numbers(n, 1)
	total := u.total(lengths, 8*len(u.rest))
	if total == 0 || u.err != nil {
		return out
	}
	alphabet := u.take(u.count(256))
	if len(alphabet) == 0 {
		u.fail()
		return out
	}
	width := alphabetWidth(len(alphabet))
	packed := u.take(packedSize(total, width))
	if u.err != nil {
		return out
	}
	letters, ok := spell(packed, alphabet, total, width)
	if !ok {
		u.fail()
		return out
	}
	for i, length := range lengths {
		out[i], letters = letters[:length], letters[length:]
	}
	return out
}

// total adds counts up, to most at the most.
func (u *unpacker) total(counts []uint64, most int) int {
	sum := uint64(0)
	for _, n := range counts {
		if n > uint64(most) || sum+n > uint64(most) {
			u.fail()
			return 0
		}
		sum += n
	}
	return int(sum)
}

func spell(packed, alphabet []byte, total, width int) (string, bool) {
	codes, letters := make([]uint64, total), make([]byte, total)
	unpackBits(packed, codes, width)
	for i, code := range codes {
		if code >= uint64(len(alphabet)) {
			return "", false
		}
		letters[i] = alphabet[code]
	}
	return string(letters), true
}

// times packs a column of times: which there are, and those.
func (p *packer) times(column []time.Time) {
	there, all := make([]uint64, len(column)), make([]uint64, 0, len(column))
	for i, t := range column {
		if n := ticks(t); n > 0 {
			there[i] = 1
			all = append(all, n)
		}
	}
	p.numbers(there, 1)
	if len(all) == 0 {
		return
	}
	code, unit := unitOf(all)
	*p = append(*p, byte(code))
	p.numbers(all, unit)
}

// unitOf is the longest unit that all distances from the earliest are multiples of.
func unitOf(all []uint64) (code int, unit uint64) {
	least := slices.Min(all)
	fits := func(unit uint64) bool {
		return !slices.ContainsFunc(all, func(n uint64) bool { return (n-least)%unit != 0 })
	}
	for code, unit := range units() {
		if fits(unit) {
			return code, unit
		}
	}
	return len(units()) - 1, 1
}

func (u *unpacker) times(n int) []time.Time {
	out := make([]time.Time, n)
	there := u.numbers(n, 1)
	count := u.total(there, n)
	if count == 0 || u.err != nil {
		return out
	}
	code := u.take(1)
	if u.err != nil || int(code[0]) >= len(units()) {
		u.fail()
		return out
	}
	all := u.numbers(count, units()[code[0]])
	for i, is := range there {
		if is > 1 {
			u.fail()
			return out
		}
		if is == 1 {
			out[i], all = instant(all[0]), all[1:]
		}
	}
	return out
}
