package columns

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"time"
)

// A column is the same thing of each row of a page. How many there are is said by the
// page, so a column of no rows has no bytes.

// The first byte of a column of numbers: up to 64, the width in bits of their distances
// from the smallest; that each is written with as many bytes as it needs; or, with a
// flag, how many different ones there are.
const (
	varying = 65
	fewFlag = 0x80
	few     = 16 // different numbers, at most, that are listed once
)

// timeUnits are what the distances of times are counted in, in ticks: days, minutes,
// seconds, milliseconds. Whichever is the longest that fits.
func timeUnits() [4]uint64 { return [...]uint64{86_400_000, 60_000, 1000, 1} }

// Numbers packs a column in whichever way takes the fewest bytes. It overwrites its
// argument.
func (p *Packer) Numbers(column []uint64, unit uint64) {
	if len(column) == 0 {
		return
	}
	least, most := column[0], column[0]
	for _, n := range column {
		least, most = min(least, n), max(most, n)
	}
	width := bits.Len64((most - least) / unit)
	if width > 4 && p.fewNumbers(column) {
		return
	}
	if width > 8 && unit == 1 && varyingSize(column) < packedSize(len(column), width) {
		*p = append(*p, varying)
		for _, n := range column {
			p.Number(n)
		}
		return
	}
	*p = append(*p, byte(width))
	p.Number(least)
	if width == 0 {
		return
	}
	for i := range column {
		if column[i] -= least; unit > 1 {
			column[i] /= unit
		}
	}
	*p = packBits(*p, column, width)
}

// Alike packs a column of numbers that are all n, as Numbers does.
func (p *Packer) Alike(n uint64) {
	*p = append(*p, 0)
	p.Number(n)
}

// varyingSize is how many bytes numbers take that are written with as many as they need.
func varyingSize(column []uint64) (size int) {
	for _, n := range column {
		size += (bits.Len64(n|1) + 6) / 7
	}
	return size
}

// fewNumbers packs a column of few different numbers, and says no where there are more.
func (p *Packer) fewNumbers(column []uint64) bool {
	var different [few]uint64
	found := 0
	for i, n := range column {
		if i > 0 && n == column[i-1] || slices.Contains(different[:found], n) {
			continue
		}
		if found == few || found == len(column)/4 {
			return false
		}
		different[found] = n
		found++
	}
	if found < 2 {
		return false
	}
	*p = append(*p, fewFlag|byte(found-1))
	for _, n := range different[:found] {
		p.Number(n)
	}
	for i, n := range column {
		column[i] = uint64(slices.Index(different[:found], n))
	}
	*p = packBits(*p, column, bits.Len(uint(found-1)))
	return true
}

// Numbers reads a column of n numbers.
func (u *Unpacker) Numbers(n int, unit uint64) []uint64 {
	out := u.Column(n)
	if n == 0 {
		return out
	}
	mode := u.Take(1)
	switch {
	case u.Err != nil:
	case mode[0]&fewFlag != 0:
		u.fewNumbers(out, int(mode[0]&^fewFlag)+1)
	case mode[0] == varying:
		for i := range out {
			out[i] = u.Number()
		}
	case mode[0] > 64:
		u.Fail()
	default:
		u.distances(out, int(mode[0]), unit)
	}
	return out
}

// Column is room for n numbers, all of them zero.
func (u *Unpacker) Column(n int) []uint64 {
	if n > len(u.Room) {
		return make([]uint64, n)
	}
	out := u.Room[:n:n]
	u.Room = u.Room[n:]
	clear(out)
	return out
}

func (u *Unpacker) fewNumbers(out []uint64, found int) {
	if found < 2 || found > few {
		u.Fail()
		return
	}
	var different [few]uint64
	for i := range found {
		different[i] = u.Number()
	}
	u.codes(out, bits.Len(uint(found-1)))
	for i, code := range out {
		if code >= uint64(found) {
			u.Fail()
			return
		}
		out[i] = different[code]
	}
}

func (u *Unpacker) distances(out []uint64, width int, unit uint64) {
	least := u.Number()
	u.codes(out, width)
	for i := range out {
		out[i] = out[i]*unit + least
	}
}

// codes reads numbers of a width into all of out.
func (u *Unpacker) codes(out []uint64, width int) {
	packed := u.Take(packedSize(len(out), width))
	if u.Err == nil && width > 0 {
		unpackBits(packed, out, width)
	}
}

// Moments packs a column of ticks: which are none, and the others. It overwrites its
// argument.
func (p *Packer) Moments(column []uint64) {
	var all []uint64
	for i, n := range column {
		if n > 0 {
			if all == nil {
				all = make([]uint64, 0, len(column)-i)
			}
			column[i] = 1
			all = append(all, n)
		}
	}
	p.Numbers(column, 1)
	if len(all) == 0 {
		return
	}
	code, unit := unitOf(all)
	*p = append(*p, byte(code))
	p.Numbers(all, unit)
}

// unitOf is the longest unit that all distances from the earliest are multiples of.
func unitOf(all []uint64) (code int, unit uint64) {
	least := slices.Min(all)
	units := timeUnits()
	for code, unit := range units {
		if unit == 1 || !slices.ContainsFunc(all, func(n uint64) bool { return (n-least)%unit != 0 }) {
			return code, unit
		}
	}
	return len(units) - 1, 1
}

// Moments reads a column of n ticks.
func (u *Unpacker) Moments(n int) []uint64 {
	out := u.Numbers(n, 1)
	count := u.Total(out, n)
	if count == 0 || u.Err != nil {
		return out
	}
	code, units := u.Take(1), timeUnits()
	if u.Err != nil || int(code[0]) >= len(units) {
		u.Fail()
		return out
	}
	all := u.Numbers(count, units[code[0]])
	for i, there := range out {
		if there > 1 {
			u.Fail()
			return out
		}
		if there == 1 {
			out[i], all = all[0], all[1:]
		}
	}
	return out
}

// Times are moments as times.
func (p *Packer) Times(column []time.Time) {
	ms := make([]uint64, len(column))
	for i, t := range column {
		ms[i] = Ticks(t)
	}
	p.Moments(ms)
}

// Times reads a column of n times.
func (u *Unpacker) Times(n int) []time.Time {
	out := make([]time.Time, n)
	for i, ms := range u.Moments(n) {
		out[i] = Instant(ms)
	}
	return out
}

// Total adds counts up, to most at the most.
func (u *Unpacker) Total(counts []uint64, most int) int {
	sum := uint64(0)
	for _, n := range counts {
		if n > uint64(most) || sum+n > uint64(most) {
			u.Fail()
			return 0
		}
		sum += n
	}
	return int(sum)
}

// Ascending is a column of ascending numbers, packed as they come: how far it is to the
// next one that isn't the successor of the one before, and how many successors follow.
type Ascending struct {
	next  uint64 // the successor of the last
	Count int
	gap   uint64
	run   uint64 // of the last, not packed yet; 0: there is none
	steps []byte
}

// Add adds a number that is greater than all before, and so many that follow it.
func (g *Ascending) Add(n, more uint64) {
	if g.run > 0 && n == g.next {
		g.run += 1 + more
	} else {
		g.steps = g.Packed()
		g.gap, g.run = n-g.next, 1+more
	}
	g.Count += 1 + int(more)
	g.next = n + more + 1
}

// AppendPacked appends the whole.
func (g *Ascending) AppendPacked(to []byte) []byte {
	to = append(to, g.steps...)
	if g.run == 0 {
		return to
	}
	return binary.AppendUvarint(binary.AppendUvarint(to, g.gap), g.run)
}

// Packed is the whole.
func (g *Ascending) Packed() []byte {
	if g.run == 0 {
		return g.steps
	}
	return binary.AppendUvarint(binary.AppendUvarint(g.steps, g.gap), g.run)
}

// AscendingCount is how many numbers were packed, most at the most: it goes through steps and not through numbers.
func AscendingCount(packed []byte, most int) (int, error) {
	u := &Unpacker{Rest: packed}
	count := 0
	for len(u.Rest) > 0 && u.Err == nil {
		u.Number()
		count += u.Count(most - count)
	}
	return count, u.Err
}

// AscendingNumbers reads the numbers back, most at the most.
func AscendingNumbers(packed []byte, most int) ([]uint64, error) {
	u := &Unpacker{Rest: packed}
	var out []uint64
	for next := uint64(0); len(u.Rest) > 0 && u.Err == nil; {
		next += u.Number()
		for range u.Count(most - len(out)) {
			out = append(out, next)
			next++
		}
	}
	return out, u.Err
}
